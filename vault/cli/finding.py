"""opskit vault find, list, tree, sheet: many entries, and never a secret."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.errors import InvalidError, UnavailableError, UsageProblemError
from opskit.core.i18n import LANGUAGES, _, language
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_facts, show_json
from opskit.core.refs import ClientCode
from opskit.core.screen import screen_of
from opskit.core.text import fold
from vault.facts import EntryFacts
from vault.finding.index import last_known, open_index
from vault.finding.index_file import Index, Row, row_in
from vault.finding.search import Finder
from vault.presenting import labels, show_entries

SETTLED = 60.0  # seconds; where nothing is found, an index that is younger is not asked for again

app = group(_("Finding entries."))

FreshOption = Annotated[bool, typer.Option("--fresh", help=_("Ask the safe for everything first."))]
ClientArgument = Annotated[
    str | None,
    typer.Argument(metavar="[CLIENT]", autocompletion=complete_client, help=_("A client.")),
]


@app.command(
    "find",
    help=_("Find entries by words; misspelt ones will do. On a terminal one picks while typing."),
    epilog=examples(
        "opskit vault find deleze database",
        "opskit vault find vpn fortinet --json",
        "opskit vault find sonceboz --fresh",
    ),
)
def find(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD]...", help=_("What to look for."))
    ] = None,
    fresh: FreshOption = False,
    as_json: JsonOption = False,
) -> None:
    run, text = context(ctx), " ".join(words or ())
    if not as_json and _can_pick():
        _pick(run, text, fresh=fresh)
        return
    if not text.strip():
        raise UsageProblemError(
            _("a word to look for is missing"), hint="opskit vault find deleze database"
        )
    finder = _finder(run, text, fresh=fresh)
    show_entries([row_in(line) for line in finder.find(text)], as_json=as_json)


@app.command(
    "list",
    help=_("List the entries of the safe, or of one client."),
    epilog=examples(
        "opskit vault list",
        "opskit vault list DELEZE --env prod --json",
        "opskit vault list --kind vpn --tag fortinet",
    ),
)
def list_all(
    ctx: typer.Context,
    client: ClientArgument = None,
    kind: Annotated[str | None, typer.Option("--kind", help=_("Of this kind."))] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", help=_("With this tag; may be repeated."))
    ] = None,
    environment: Annotated[
        str | None, typer.Option("--env", help=_("Of this environment, such as prod."))
    ] = None,
    fresh: FreshOption = False,
    as_json: JsonOption = False,
) -> None:
    if kind is not None:
        EntryFacts(kind)  # refuses what is no kind
    wanted = {fold(tag) for tag in tags or ()}
    found, _at = _rows(context(ctx), client, fresh=fresh)
    rows = [
        row
        for row in found
        if kind in (None, row["kind"])
        and (environment is None or environment.lower() == row["environment"])
        and wanted <= {fold(tag) for tag in row["tags"]}
    ]
    show_entries(rows, as_json=as_json)


@app.command(
    "tree",
    help=_("Show clients, their environments and entries as a tree."),
    epilog=examples("opskit vault tree DELEZE", "opskit vault tree --json"),
)
def tree(
    ctx: typer.Context,
    client: ClientArgument = None,
    fresh: FreshOption = False,
    as_json: JsonOption = False,
) -> None:
    from vault.finding.tree import tree_lines, tree_rows

    rows, _at = _rows(context(ctx), client, fresh=fresh)
    if as_json:
        show_json(tree_rows(rows))
        return
    if not rows:
        say(_("nothing found"))
    for line in tree_lines(rows, screen=screen_of(sys.stdout)):
        data(line)


@app.command(
    "sheet",
    help=_("One page on how to connect to a client, in the order of the way, without a secret."),
    epilog=examples(
        "opskit vault sheet DELEZE",
        "opskit vault sheet DELEZE --lang en --out deleze.md",
    ),
)
def sheet(
    ctx: typer.Context,
    client: Annotated[
        str, typer.Argument(metavar="CLIENT", autocompletion=complete_client, help=_("A client."))
    ],
    lang: Annotated[
        str | None, typer.Option("--lang", help=_("fr or en; without it your own language."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Write it into this new file."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.private_files import write_asked_for
    from vault.finding.sheet import page_lines, page_row
    from vault.finding.sheet_words import WORDS

    run, code = context(ctx), ClientCode.parse(client).value
    chosen = lang or language()
    if chosen not in LANGUAGES:
        raise InvalidError(
            _("the page is not written in {language}").format(language=repr(chosen)),
            hint=_("one of: {names}").format(names=" ".join(LANGUAGES)),
        )
    rows, at = _rows(run, code, fresh=False)
    name = rows[0]["client_name"] if rows else ""
    if as_json:
        show_json(page_row(rows, client=code, name=name))
        return
    page = "\n".join(page_lines(rows, client=code, name=name, at=at, words=WORDS[chosen]))
    if out is None:
        data(page)
        return
    written = write_asked_for(out, page + "\n")
    say((_("{file} written") if written else _("{file} holds it already")).format(file=out))


def _rows(run: AppContext, client: str | None, *, fresh: bool) -> tuple[list[Row], datetime]:
    """Those of one client, as the safe has them now, or all; and when it was asked.

    Raises:
        NotFoundError: there is no such client, which is not the same as one without entries.
        UnavailableError: the safe is silent, and nothing is known of this client.
    """
    code = None if client is None else ClientCode.parse(client)
    index = _index(run, code, fresh=fresh)
    rows = list(index.rows(None if code is None else code.value))
    if code is not None and not rows:
        from opskit.clients.services import find as find_client

        with run.snapshot() as session:
            find_client(session, code.value)
    return rows, _moment(index, code)


def _index(run: AppContext, client: ClientCode | None, *, fresh: bool) -> Index:
    """Of a safe that is silent, what was last known of the client, which is said."""
    try:
        return open_index(run, fresh=fresh, client=client)
    except UnavailableError:
        index = None if fresh or client is None else last_known(run, client)
        if index is None:
            raise
    moment, today = _moment(index, client).astimezone(), run.now().astimezone().date()
    time = moment.strftime("%H:%M" if moment.date() == today else "%Y-%m-%d %H:%M")
    say(_("as of {time}; the safe does not answer").format(time=time))
    return index


def _moment(index: Index, client: ClientCode | None) -> datetime:
    return datetime.fromtimestamp(index.known_since(None if client is None else client.value), UTC)


def _finder(run: AppContext, text: str, *, fresh: bool) -> Finder:
    """Where nothing is found, somebody else may just have added it: the safe is asked anew."""
    index = open_index(run, fresh=fresh)
    finder = Finder(index.lines)
    age = run.now().timestamp() - index.read_at
    if age > SETTLED and not finder.find(text):
        return Finder(open_index(run, fresh=True).lines)
    return finder


def _can_pick() -> bool:
    is_able = os.environ.get("TERM") != "dumb"
    return is_able and sys.stdin.isatty() and sys.stdout.isatty()


def _pick(run: AppContext, text: str, *, fresh: bool) -> None:
    """One that is found alone needs no choice."""
    finder = _finder(run, text, fresh=fresh)
    found = finder.find(text)
    row: Row | None
    if text.strip() and len(found) == 1:
        row = row_in(found[0])
    else:
        from vault.finding.picker import Picker

        row = Picker(finder.find, text).pick()
    if row is not None:
        show_facts({**row, "guarded": row["guarded"] or ""}, _labels())


def _labels() -> dict[str, str]:
    ref, *others = labels().items()
    return dict([ref, ("client_name", _("Client")), *others, ("guarded", _("Guarded"))])
