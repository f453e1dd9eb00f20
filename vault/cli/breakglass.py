"""opskit vault break-glass: guarded entries, read only with a second person."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.agreeing import agree
from opskit.core.cliapp import ask, context, examples, group
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json, show_rows
from vault.breakglass.completion import complete_access
from vault.cli.options import RefArgument
from vault.kinds import PASSWORD

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from opskit.core.context import AppContext
    from vault.breakglass.models import AccessRequest

app = group(_("Guarded entries."))
room = group(_("Guarded entries: reading one takes a second person."))
app.add_typer(room, name="break-glass")

NumberArgument = Annotated[
    str,
    typer.Argument(
        metavar="NUMBER", help=_("The request, such as B3."), autocompletion=complete_access
    ),
]


@room.command(
    "request",
    help=_("Ask to read a guarded entry; a safe-keeper has an hour to agree."),
    epilog=examples("opskit vault break-glass request DELEZE/prod/erp-db --ticket CS-1001"),
)
def request(
    ctx: typer.Context, ref: RefArgument, ticket: TicketOption = None, as_json: JsonOption = False
) -> None:
    from vault.breakglass import access
    from vault.breakglass.services import number_of
    from vault.entries import EntryRef
    from vault.getting import parse_ticket

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    if not ticket and sys.stdin.isatty():
        ticket = ask("--ticket")
    if not ticket:
        raise UsageProblemError(
            _("the reason is missing"),
            hint=f"opskit vault break-glass request {entry} --ticket CS-1234",
        )
    made = access.ask(run, entry, ticket=parse_ticket(ticket))
    if as_json:
        show_json(_shown(run, made))
        return
    data(number_of(made))
    say(
        _("{entry} is asked for until {time}; a safe-keeper types:").format(
            entry=entry, time=_clock(made.ends_at)
        )
    )
    say(f"  opskit vault break-glass approve {number_of(made)}")


@room.command(
    "list",
    help=_("List the requests that wait for an agreement or can be read; --all for every one."),
    epilog=examples("opskit vault break-glass list", "opskit vault break-glass list --all --json"),
)
def list_all(
    ctx: typer.Context,
    ended: Annotated[
        bool, typer.Option("--all", help=_("Also those that were read, or whose hour is over."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from vault.breakglass import services

    run = context(ctx)
    with run.snapshot() as session:
        found = services.list_requests(session, at=run.now(), ended=ended)
        rows = [_row(session, each, at=run.now()) for each in found]
    columns = {
        "number": _("Request"),
        "state": _("State"),
        "ref": _("Entry"),
        "ticket": _("Ticket"),
        "requested_by": _("Requested by"),
        "approved_by": _("Approved by"),
        "ends_at": _("Until"),
    }
    show_rows(rows, columns, as_json=as_json, empty=_("nothing waits"))


@room.command(
    "approve",
    help=_("Let somebody else read the guarded entry they asked for; for safe-keepers."),
    epilog=examples("opskit vault break-glass approve B3"),
)
def approve(ctx: typer.Context, number: NumberArgument, as_json: JsonOption = False) -> None:
    from vault.breakglass import access

    run = context(ctx)
    approved = access.approve(run, number)
    row = _shown(run, approved)
    if as_json:
        show_json(row)
        return
    say(
        _("{name} may read {entry} for {ticket} until {time}").format(
            name=row["requested_by"],
            entry=approved.ref,
            ticket=approved.ticket,
            time=_clock(approved.ends_at),
        )
    )


@room.command(
    "read",
    help=_(
        "Print one secret of the entry once somebody agreed, and end the request; "
        "with --json all of them."
    ),
    epilog=examples(
        "opskit vault break-glass read B3",
        "opskit vault break-glass read B3 --field shared-key",
        "opskit vault break-glass read B3 --json",
    ),
)
def read(
    ctx: typer.Context,
    number: NumberArgument,
    field: Annotated[str, typer.Option("--field", help=_("Which secret."))] = PASSWORD,
    as_json: JsonOption = False,
) -> None:
    from vault.breakglass import access

    with access.reading(context(ctx), number, needed=None if as_json else field) as found:
        if as_json:
            secrets = {name: secret.reveal() for name, secret in found.value.secrets.items()}
            show_json({"ref": found.ref, "secrets": secrets})
        else:
            data(found.value.secrets[field].reveal())


@room.command(
    "guard",
    help=_(
        "Put an entry under guard, and destroy its history where it was; for safe-keepers. "
        "From then on reading it takes a second person."
    ),
    epilog=examples("opskit vault break-glass guard DELEZE/prod/erp-db --yes"),
)
def guard(
    ctx: typer.Context,
    ref: RefArgument,
    ticket: TicketOption = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Without asking."))] = False,
    as_json: JsonOption = False,
) -> None:
    from vault.breakglass.guarding import guard as put_under_guard
    from vault.entries import EntryRef
    from vault.getting import reason_for

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    reason = reason_for(run, ticket)
    agree(_("Put {entry} under guard, and destroy its history?").format(entry=entry), yes=yes)
    version = put_under_guard(run, entry, ticket=reason)
    if as_json:
        show_json({"ref": entry.path, "version": version, "guarded": True})
        return
    say(_("{entry} is guarded").format(entry=entry))


def _shown(run: "AppContext", request: "AccessRequest") -> dict[str, str | None]:
    with run.snapshot() as session:
        return _row(session, request, at=run.now())


def _row(session: "Session", request: "AccessRequest", *, at: "datetime") -> dict[str, str | None]:
    """The keys that `--json` promises."""
    from opskit.staff.services import by_entity
    from vault.breakglass.services import number_of, state_of

    def name(entity_id: str | None) -> str | None:
        person = None if entity_id is None else by_entity(session, entity_id)
        return entity_id if person is None else person.name

    def moment(when: "datetime | None") -> str | None:
        return None if when is None else when.isoformat(timespec="seconds")

    return {
        "number": number_of(request),
        "state": state_of(request, at=at).value,
        "ref": request.ref,
        "ticket": request.ticket,
        "requested_by": name(request.requested_by),
        "requested_at": moment(request.requested_at),
        "approved_by": name(request.approved_by),
        "approved_at": moment(request.approved_at),
        "read_at": moment(request.read_at),
        "ends_at": moment(request.ends_at),
    }


def _clock(when: "datetime") -> str:
    return when.astimezone().strftime("%H:%M")
