"""opskit vault remove, undelete, purge, move."""

from contextlib import suppress
from typing import Annotated

import typer

from opskit.core.agreeing import agree, require_somebody
from opskit.core.cliapp import ask, context, examples, group
from opskit.core.errors import InvalidError, OpsError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_json
from opskit.core.refs import TicketKey
from vault.cli.options import RefArgument
from vault.entries import ENVIRONMENTS, EntryRef
from vault.getting import reason_for
from vault.ports import EntryStore

app = group(_("Taking entries away."))

YesOption = Annotated[bool, typer.Option("--yes", help=_("Without asking."))]


@app.command(
    "remove",
    help=_("Take an entry out of the safe; undelete brings it back."),
    epilog=examples("opskit vault remove DELEZE/test/old-db --yes --ticket CS-1001"),
)
def remove(
    ctx: typer.Context,
    ref: RefArgument,
    yes: YesOption = False,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.changing.moving import led_through
    from vault.changing.removing import current_version, remove_entry

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    store = run.plug(EntryStore)
    current_version(store, entry)
    _say_led_through(led_through(store, entry))
    agree(_("Remove {entry}?").format(entry=entry), yes=yes)
    version = remove_entry(run, store, entry, ticket=_reason(ticket))
    if as_json:
        show_json({"ref": entry.path, "version": version, "removed": True})
    else:
        said = _("{entry} was removed; opskit vault undelete {entry} brings it back")
        say(said.format(entry=entry))


@app.command(
    "undelete",
    help=_("Bring an entry back that was removed."),
    epilog=examples("opskit vault undelete DELEZE/test/old-db"),
)
def undelete(
    ctx: typer.Context, ref: RefArgument, ticket: TicketOption = None, as_json: JsonOption = False
) -> None:
    from vault.changing.removing import undelete_entry

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    version = undelete_entry(run, run.plug(EntryStore), entry, ticket=_reason(ticket))
    if as_json:
        show_json({"ref": entry.path, "version": version, "removed": False})
    else:
        say(_("{entry} is back, version {version}").format(entry=entry, version=version))


@app.command(
    "purge",
    help=_("Destroy an entry with all its versions, for ever, a guarded one too; a safe-keeper."),
    epilog=examples("opskit vault purge DELEZE/test/old-db --yes --ticket CS-1001"),
)
def purge(
    ctx: typer.Context,
    ref: RefArgument,
    yes: YesOption = False,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.changing.removing import find_to_purge, purge_entry
    from vault.services import PURGERS

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    require_role(run.identity(), *PURGERS)
    store, guarded = find_to_purge(run, entry)
    if not yes:
        _ask_for_name(entry)
    purge_entry(run, store, entry, ticket=_reason(ticket), guarded=guarded)
    if as_json:
        show_json({"ref": entry.path, "purged": True})
    else:
        say(_("{entry} was purged").format(entry=entry))


@app.command(
    "move",
    help=_("Give an entry another name; the old name keeps the history, removed, until purged."),
    epilog=examples("opskit vault move DELEZE/test/erp-db DELEZE/prod/erp-db --ticket CS-1001"),
)
def move(
    ctx: typer.Context,
    ref: RefArgument,
    to: Annotated[
        str, typer.Argument(metavar="CLIENT/ENV/NAME", help=_("The new name, which is still free."))
    ],
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.changing.moving import led_through, move_entry

    run = context(ctx)
    old = EntryRef.parse(ref, environments=None)
    new = EntryRef.parse(to, environments=ENVIRONMENTS)
    store = run.plug(EntryStore)
    version = move_entry(run, store, old, new, ticket=reason_for(run, ticket))
    if as_json:
        show_json({"ref": new.path, "from": old.path, "version": version})
    else:
        say(_("{entry} is now {name}").format(entry=old, name=new))
    with suppress(OpsError):  # it is done
        _say_led_through(led_through(store, old))


def _ask_for_name(entry: EntryRef) -> None:
    require_somebody()
    say(_("every version of {entry} will be gone for ever").format(entry=entry))
    if ask(_("Type its name")) != entry.path:
        raise InvalidError(_("that is another name; nothing was done"), hint=_("try again"))


def _say_led_through(others: list[EntryRef]) -> None:
    if others:
        names = " ".join(str(each) for each in others)
        say(_("the way to these leads through it, see --via: {names}").format(names=names))


def _reason(ticket: str | None) -> TicketKey | None:
    return TicketKey.parse(ticket) if ticket else None
