"""opskit vault: the digital safe. `get` must start fast, so imports here stay few."""

from typing import Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import CheckFailedError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, PasswordFileOption, TicketOption
from opskit.core.output import say, show_facts, show_json, show_rows
from opskit.core.refs import ClientCode
from opskit.core.secret import read_secret
from vault.completion import complete_entry
from vault.entries import ENVIRONMENTS, KINDS, Entry, EntryFacts, EntryRef
from vault.errors import EntryNotFoundError
from vault.getting import PASSWORD, Wish, find_secret, print_secret, with_nearest
from vault.ports import DatabaseEngine, EntryReader, EntryStore, Provisioner

ONE_BY_ONE = ("version", "updated_at")  # not worth a column in a list

app = group(_("The digital safe: client credentials."))

RefArgument = Annotated[
    str,
    typer.Argument(
        metavar="CLIENT/ENV/NAME",
        autocompletion=complete_entry,
        help=_("The entry, such as DELEZE/prod/erp-db."),
    ),
]


@app.command(
    "get",
    help=_(
        "Print one secret and a newline, nothing else. The server's audit log keeps the ticket."
    ),
    epilog=examples(
        "opskit vault get DELEZE/prod/erp-db --ticket CS-1001",
        "opskit vault get DELEZE/common/vpn --field shared-key",
    ),
)
def get(
    ctx: typer.Context,
    ref: RefArgument,
    field: Annotated[str, typer.Option("--field", help=_("Which secret."))] = PASSWORD,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    wish = Wish(ref, field, ticket)
    if as_json:
        value = find_secret(context(ctx), wish).reveal()
        path = EntryRef.parse(ref, environments=None).path
        show_json({"ref": path, "field": field, "value": value})
        return
    print_secret(context(ctx), wish)


@app.command(
    "show",
    help=_("Show an entry: all but the secrets."),
    epilog=examples(
        "opskit vault show DELEZE/prod/erp-db", "opskit vault show DELEZE/prod/erp-db --json"
    ),
)
def show(ctx: typer.Context, ref: RefArgument, as_json: JsonOption = False) -> None:
    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    reader = run.plug(EntryReader)
    try:
        row = reader.describe(entry).to_row()
    except EntryNotFoundError as err:
        raise with_nearest(reader, entry, err) from err
    if as_json:
        show_json(row)
    else:
        show_facts(row, _labels())


@app.command(
    "list",
    help=_("List the entries of the safe, or of one client."),
    epilog=examples("opskit vault list", "opskit vault list DELEZE --json"),
)
def list_all(
    ctx: typer.Context,
    client: Annotated[
        str | None,
        typer.Argument(metavar="[CLIENT]", autocompletion=complete_client, help=_("A client.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    code = None if client is None else ClientCode.parse(client)
    run = context(ctx)
    entries = run.plug(EntryStore).list_entries(code)
    if code is not None and not entries:
        from opskit.clients.services import find

        with run.snapshot() as session:
            find(session, code.value)  # an unknown client is no empty one
    _show_entries(entries, as_json=as_json)


@app.command(
    "find",
    help=_("Find entries in which every word occurs, accents and case aside; the best first."),
    epilog=examples("opskit vault find deleze database", "opskit vault find vpn fortinet --json"),
)
def find(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help=_("What to look for."))],
    as_json: JsonOption = False,
) -> None:
    from vault.search import search

    entries = context(ctx).plug(EntryStore).list_entries()
    _show_entries(search(entries, words), as_json=as_json)


@app.command(
    "add",
    help=_("Put a new credential into the safe; an existing one is never overwritten."),
    epilog=examples(
        "opskit vault add DELEZE/prod/erp-db --kind database --host db.deleze.example "
        "--port 1521 --username SYSTEM",
        "opskit vault add DELEZE/common/vpn --kind vpn --field shared-key --password-file -",
    ),
)
def add(
    ctx: typer.Context,
    ref: RefArgument,
    kind: Annotated[
        str,
        typer.Option("--kind", autocompletion=choices(KINDS), help=_("One of: ") + " ".join(KINDS)),
    ],
    host: Annotated[str, typer.Option("--host", help=_("Where to connect."))] = "",
    port: Annotated[int | None, typer.Option("--port", help=_("The port."))] = None,
    username: Annotated[str, typer.Option("--username", help=_("The user name."))] = "",
    url: Annotated[str, typer.Option("--url", help=_("The address of the page."))] = "",
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help=_("A word to find it by; may be repeated."))
    ] = None,
    field: Annotated[
        str, typer.Option("--field", help=_("Which secret the password is."))
    ] = PASSWORD,
    password_file: PasswordFileOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.adding import add_entry

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=ENVIRONMENTS)
    facts = EntryFacts(kind, host, port, username, url, tuple(tag or ()))
    secret = read_secret(password_file, prompt=_("Password"), twice=True)
    version = add_entry(
        run.transaction,
        run.plug(EntryStore),
        ref=entry,
        facts=facts,
        secrets={field: secret},
        now=run.now,
        actor=run.identity(),
    )
    if as_json:
        show_json({"ref": entry.path, **facts.to_metadata(), "version": version})
        return
    say(_("{entry} is in the safe, version {version}").format(entry=entry, version=version))


@app.command(
    "provision",
    help=_("Bring the safe's engines, policies, groups and keys into the desired state."),
    epilog=examples("opskit vault provision", "opskit vault provision --check"),
)
def provision(
    ctx: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help=_("Change nothing; exit 8 where something differs."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from vault.changing import PROVISION, recorded

    run = context(ctx)
    provisioner = run.plug(Provisioner)
    drifts = provisioner.plan()
    rows = [{"what": drift.what, "problem": drift.problem} for drift in drifts]
    columns = {"what": _("What"), "problem": _("Problem")}
    show_rows(rows, columns, as_json=as_json, empty=_("the safe is as it should be"))
    if not drifts:
        return
    if check:
        raise CheckFailedError(
            _("{count} things in the safe differ").format(count=len(drifts)),
            hint="opskit vault provision",
        )
    with recorded(run, PROVISION, {drift.what: drift.problem for drift in drifts}):
        provisioner.apply(drifts)
    say(_("{count} things in the safe were mended").format(count=len(drifts)))


@app.command(
    "database",
    help=_("Let the safe make everybody's logins to the team's PostgreSQL; an admin, once."),
    epilog=examples(
        "opskit vault database --url postgresql://db.example/opskit --username opskit_vault",
        "opskit vault database --url postgresql://db.example/opskit --username opskit_vault "
        "--password-file - --rotate",
    ),
)
def database(
    ctx: typer.Context,
    url: Annotated[
        str, typer.Option("--url", help=_("The database as the safe reaches it, without a user."))
    ],
    username: Annotated[
        str, typer.Option("--username", help=_("In whose name the safe makes the logins."))
    ],
    password_file: PasswordFileOption = None,
    rotate: Annotated[
        bool,
        typer.Option("--rotate", help=_("Then give that user a password only the safe knows.")),
    ] = False,
) -> None:
    from vault.changing import ROTATE, recorded
    from vault.services import record_database

    run = context(ctx)
    actor = run.identity()
    engine = run.plug(DatabaseEngine)
    password = read_secret(password_file, prompt=_("Password of {name}").format(name=username))
    engine.configure(url=url, username=username, password=password)
    with run.transaction() as session:
        record_database(session, url=url, username=username, at=run.now(), actor=actor)
    if rotate:
        with recorded(run, ROTATE, {"url": url, "username": username}):
            engine.rotate()
    say(_("the safe makes logins to the database"))


def _labels() -> dict[str, str]:
    return {
        "ref": _("Entry"),
        "kind": _("Kind"),
        "host": _("Host"),
        "port": _("Port"),
        "username": _("User name"),
        "url": _("URL"),
        "tags": _("Tags"),
        "version": _("Version"),
        "updated_at": _("Changed"),
    }


def _show_entries(entries: list[Entry], *, as_json: bool) -> None:
    in_a_list = {key: label for key, label in _labels().items() if key not in ONE_BY_ONE}
    show_rows([entry.to_row() for entry in entries], in_a_list, as_json=as_json)
