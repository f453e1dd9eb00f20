"""opskit audit: read the event log, and prove that nobody altered it."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.errors import CheckFailedError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.core.system_errors import reason_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.core.events import Event

MOST = 1_000_000  # events in one list
WITNESSES = ("auditor", "admin")  # whom the safe lets use the checkpoint key

app = group(_("The event log: who did what, when, for which ticket, and the proof of it."))


@app.command(
    "list",
    help=_("Show events, newest first."),
    epilog=examples(
        "opskit audit list --client DELEZE",
        "opskit audit list --since 2026-11-01 --action license --json",
    ),
)
def list_events(
    ctx: typer.Context,
    client: Annotated[
        str | None, typer.Option("--client", metavar="CODE", help=_("Only this client."))
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=_("Only from this day on."))
    ] = None,
    action: Annotated[
        str | None, typer.Option("--action", help=_("Only actions that begin so."))
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=MOST, help=_("At most so many."))
    ] = 100,
    as_json: JsonOption = False,
) -> None:
    from opskit.audit.confidential import narrowed
    from opskit.audit.ports import ConfidentialLists
    from opskit.core.dates import parse_date
    from opskit.core.events import listing
    from opskit.core.refs import ClientCode

    run = context(ctx)
    code = None if client is None else ClientCode.parse(client).value
    start = None
    if since is not None:
        day = parse_date(since, today=run.today())
        start = datetime.combine(day, time.min).astimezone(UTC)
    with run.snapshot() as session:
        reader = run.identity()
        lists = run.plug(ConfidentialLists).kept_from(session, reader)
        told = listing(client=code, since=start, action=action)
        query = narrowed(told, reader, lists=lists)
        events = session.scalars(query.limit(limit + 1)).all()
        rows = [_row(event) for event in events[:limit]]
    columns = {
        "id": _("No"),
        "when": _("When"),
        "who": _("Who"),
        "action": _("Action"),
        "subject": _("Subject"),
        "person": _("Person"),
        "client": _("Client"),
        "ticket": _("Ticket"),
    }
    if not as_json:
        rows = [{**row, "when": _local(row["at"])} for row in rows]
    show_rows(rows, columns, as_json=as_json)
    if len(events) > limit:
        say(_("there are older ones: --limit {more}").format(more=10 * limit))


@app.command(
    "verify",
    help=_("Recompute the whole chain; exit 8 when something was altered."),
    epilog=examples("opskit audit verify", "opskit audit verify --checkpoint checkpoint.json"),
)
def verify(
    ctx: typer.Context,
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="FILE", help=_("Also hold it against this file.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.events import verify_chain

    run = context(ctx)
    if checkpoint is not None:
        require_role(run.identity(), *WITNESSES)
    with run.snapshot() as session:
        report = verify_chain(session)
        faults = [f"{_('event')} {fault.event_id}: {fault.reason}" for fault in report.faults]
        if checkpoint is not None:
            faults += _against_checkpoint(run, session, checkpoint)
    if as_json:
        show_json({"events": report.events, "head": report.head, "faults": faults})
    else:
        for fault in faults:
            data(fault)
        data(_("{count} events, head {head}").format(count=report.events, head=report.head[:16]))
    if faults:
        raise CheckFailedError(
            _("the event log was altered ({count} faults)").format(count=len(faults)),
            hint=_("keep a copy of the database and call the auditor"),
        )
    say(_("the chain holds"))


@app.command(
    "checkpoint",
    help=_("Have the safe sign the head of the log, and keep the proof elsewhere."),
    epilog=examples("opskit audit checkpoint --out checkpoint.json"),
)
def checkpoint(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write it."))],
    as_json: JsonOption = False,
) -> None:
    from opskit.audit.checkpoint import sign
    from opskit.core.events import verify_chain
    from opskit.core.private_files import write_asked_for
    from opskit.core.signing import Signer

    run = context(ctx)
    require_role(run.identity(), *WITNESSES)
    with run.snapshot() as session:
        report = verify_chain(session)
    if report.faults:
        raise CheckFailedError(
            _("an altered log is not signed"), hint=_("opskit audit verify names the events")
        )
    made = sign(run.plug(Signer), event_id=report.events, head=report.head, at=run.now())
    write_asked_for(out, made.to_json())
    if as_json:
        show_json({"file": out, "event_id": made.event_id, "hash": made.hash, "at": made.at})
        return
    say(_("signed the head after {count} events: {file}").format(count=report.events, file=out))


def _against_checkpoint(run: AppContext, session: "Session", file: Path) -> list[str]:
    from opskit.audit.checkpoint import Checkpoint, check_signature
    from opskit.core.events import hash_at
    from opskit.core.signing import Signer

    try:
        found = Checkpoint.from_json(file.read_bytes())
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=file, reason=reason_of(err)),
            hint=_("opskit audit checkpoint --out checkpoint.json writes one"),
        ) from err
    check_signature(found, run.plug(Signer))
    if hash_at(session, found.event_id) == found.hash:
        return []
    return [
        _("event {id} is not the one that was signed on {day}").format(
            id=found.event_id, day=found.at.date().isoformat()
        )
    ]


def _local(moment: str) -> str:
    """As the clock on the person's wall showed it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def _row(event: "Event") -> dict[str, Any]:
    return {
        "id": event.id,
        "at": event.at.isoformat(timespec="seconds"),
        "who": event.actor,
        "action": event.action,
        "subject": event.subject,
        "person": (event.personal or {}).get("login"),
        "client": event.client,
        "ticket": event.ticket,
        "before": event.before,
        "after": event.after,
        "hash": event.hash,
    }
