"""opskit vault intake: a page for the client to fill in, and what comes back from it."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.agreeing import agree
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.errors import InvalidError, NotFoundError, UsageProblemError
from opskit.core.i18n import _, colon
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json
from opskit.core.refs import TicketKey
from opskit.core.system_errors import reason_of
from opskit.core.words import in_words
from vault.cli.options import RefArgument
from vault.entries import ENVIRONMENTS, EntryRef
from vault.getting import reason_for
from vault.intake.words import LANGUAGES
from vault.kinds import FIELDS, KINDS

if TYPE_CHECKING:
    from vault.intake.receiving import Proposal
    from vault.intake.services import Stored

DAYS = 14

app = group(_("New connection data from a client."))


@app.command(
    "intake",
    help=_(
        "Make a page on which the client encrypts new connection data (--out), and store what "
        "comes back (--accept)."
    ),
    epilog=examples(
        "opskit vault intake DELEZE/prod/erp-db --out form.html --ticket CS-1001",
        "opskit vault intake DELEZE/common/vpn2 --kind vpn --out form.html --lang de --until +5bd",
        "opskit vault intake DELEZE/prod/erp-db --accept block.txt --reply --ticket CS-1001",
        "opskit vault intake DELEZE/prod/erp-db --accept - --yes --json",
    ),
)
def intake(
    ctx: typer.Context,
    ref: RefArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Where to write the page."))
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            "--accept", metavar="FILE", help=_("Store the block in FILE, or - for stdin.")
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            autocompletion=choices(KINDS),
            help=_("Of a new entry; one of: ") + " ".join(KINDS),
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            autocompletion=choices(LANGUAGES),
            help=_("Of the page and the answer; by default the client's."),
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", help=_("The page's last day; by default 14 days from today.")),
    ] = None,
    ticket: TicketOption = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Store without asking."))] = False,
    reply: Annotated[
        bool, typer.Option("--reply", help=_("Print the answer for the ticket afterwards."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    _require_one(out, accept)
    run = context(ctx)
    entry = EntryRef.parse(ref, environments=ENVIRONMENTS)
    _require_language(lang)
    if out is not None:
        key = TicketKey.parse(ticket) if ticket else None
        _make(run, entry, out, kind=kind, lang=lang, until=until, ticket=key, as_json=as_json)
        return
    stored = _take(run, entry, accept or "-", ticket=reason_for(run, ticket), yes=yes)
    answer = {"reply": _reply(run, entry, stored, lang)} if reply else {}
    if as_json:
        facts = {"ref": entry.path, "version": stored.version, "changed": list(stored.changed)}
        show_json({**facts, **answer})
    elif reply:
        data(answer["reply"])


def _make(
    run: AppContext,
    ref: EntryRef,
    out: Path,
    *,
    kind: str | None,
    lang: str | None,
    until: str | None,
    ticket: TicketKey | None,
    as_json: bool,
) -> None:
    from secrets import token_bytes

    from opskit.core.dates import parse_date
    from opskit.core.private_files import require_free, write_asked_for
    from vault.intake.asking import make_page
    from vault.intake.envelope import FORM_SIZE

    today = run.today()
    last_day = parse_date(until, today=today) if until else today + timedelta(days=DAYS)
    if last_day < today:
        raise InvalidError(
            _("the last day has passed already"), hint=_("give a later --until, such as +10bd")
        )
    require_free(out)
    page = make_page(
        run,
        ref=ref,
        kind=kind,
        until=last_day,
        language=lang,
        ticket=ticket,
        random=token_bytes(FORM_SIZE),
    )
    write_asked_for(out, page.html)
    form = page.form
    if as_json:
        facts = {"ref": ref.path, "form": form.form, "kind": form.kind, "until": form.until}
        more = {"key_version": form.key_version, "fingerprint": form.key, "file": str(out)}
        show_json({**facts, **more, "language": page.language})
        return
    say(_("{file} written; send it to the client").format(file=out))
    say(_("it can be filled in until {until}").format(until=form.until))
    say(_("fingerprint of the key, should the client ask: {key}").format(key=form.key))


def _take(
    run: AppContext, ref: EntryRef, source: str, *, ticket: TicketKey | None, yes: bool
) -> "Stored":
    from vault.intake.receiving import look, store
    from vault.intake.services import Stored

    found = look(run, ref=ref, text=_text(source), ticket=ticket)
    if isinstance(found, Stored):
        say(
            _("this block was stored already, as version {version} of {entry}").format(
                version=found.version, entry=ref
            )
        )
        return found
    _show(found)
    if found.write.changed:
        agree(_("Store it?"), yes=yes)
    stored = store(run, found)
    say(_("{entry} is in the safe, version {version}").format(entry=ref, version=stored.version))
    return stored


def _show(proposal: "Proposal") -> None:
    """What would change, on stderr; what is secret by its name alone."""
    from vault.changing.changes import differences

    write = proposal.write
    if not write.changed:
        say(_("what the client sent is in the safe already"))
    elif not write.previous.version:
        say(_("a new entry of the kind {kind}").format(kind=write.facts.kind))
    for each in differences(write.previous, write.value):
        if each.is_secret:
            say(f"{colon(each.field)} {in_words(each.what)}")
        elif each.field in FIELDS:
            before, after = each.before.reveal() or "-", each.after.reveal() or "-"
            say(f"{colon(each.field)} {before} -> {after}")


def _text(source: str) -> str:
    """The text with the block; no more of it than a block may have."""
    from codecs import BOM_UTF16_BE, BOM_UTF16_LE

    from vault.intake.envelope import LARGEST_TEXT, too_long

    try:
        if source == "-":
            raw = sys.stdin.buffer.read(LARGEST_TEXT + 1)
        else:
            with Path(source).open("rb") as file:
                raw = file.read(LARGEST_TEXT + 1)
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=source, reason=reason_of(err)),
            hint=_("give a readable file, or - for stdin"),
        ) from err
    if len(raw) > LARGEST_TEXT:
        raise too_long()
    # The block is plain ASCII: whatever stands around it, in whatever encoding, is no hindrance.
    wide = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    return raw.decode("utf-16" if wide else "utf-8", errors="replace")


def _reply(run: AppContext, ref: EntryRef, stored: "Stored", lang: str | None) -> str:
    from vault.intake.reply import reply
    from vault.intake.services import addressee

    with run.snapshot() as session:
        language = addressee(session, ref=ref).language
    return reply(stored, ref=ref, language=lang or language)


def _require_one(out: Path | None, accept: str | None) -> None:
    if (out is None) == (accept is None):
        raise UsageProblemError(
            _("say what to do: make a page, or accept what came back"),
            hint=_("--out form.html makes one, --accept FILE stores what the client sent"),
        )


def _require_language(lang: str | None) -> None:
    if lang not in (None, *LANGUAGES):
        raise InvalidError(
            _("{language} is no language of a page").format(language=repr(lang)),
            hint=_("one of: {names}").format(names=" ".join(LANGUAGES)),
        )
