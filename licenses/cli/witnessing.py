"""opskit license register witness: the register held against the server's audit log."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from licenses.directory import Directory
    from licenses.witnessing.findings import Comparison, Finding
    from opskit.core.context import AppContext
    from opskit.core.signings import KeyUses

COMMAND = "opskit license register witness"
READERS = ("auditor", "admin")
DEVICE = "file"


def witness(
    ctx: typer.Context,
    logs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LOG]...",
            help=_("The server's audit log, its rotated and gzip files, or - for stdin."),
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=_("Only from this day on."))
    ] = None,
    device: Annotated[
        str, typer.Option("--device", metavar="NAME", help=_("The audit device of these logs."))
    ] = DEVICE,
    as_json: JsonOption = False,
) -> None:
    from licenses.directory import Directory
    from licenses.witnessing.comparing import compare
    from opskit.core.identity import require_role
    from opskit.core.progress import progress
    from opskit.core.signings import SigningLog

    run = context(ctx)
    require_role(run.identity(), *READERS)
    log = run.plug(SigningLog)
    found = log.read(logs, command=COMMAND, bar=not as_json)
    if since is not None:
        found = _from(run, found, since)
    uses, begun = found.uses, found.begun
    signatures = sum(len(use.inputs) for use in uses)
    with progress(_("comparing"), signatures) as step:
        compared = compare(run, uses, log, begun=begun, device=device, step=step)
    with run.snapshot() as session:
        people = Directory(session)
        rows = [_row(each, people) for each in compared.findings]
    if as_json:
        show_json(
            {
                "signatures": compared.signatures,
                "explained": compared.explained,
                "licenses": compared.licenses,
                "findings": rows,
                "remarks": list(found.remarks),
            }
        )
    else:
        _show(rows)
    for remark in found.remarks:
        say(remark)
    _conclude(compared, device)


def _from(run: "AppContext", found: "KeyUses", since: str) -> "KeyUses":
    """The uses from the beginning of that day on, and those whose time is unknown.

    A log that begins later lacks what was signed in between, so the day counts as its beginning.
    """
    from opskit.core.dates import parse_date

    begun = datetime.combine(parse_date(since, today=run.today()), time.min).astimezone(UTC)
    uses = [use for use in found.uses if use.at is None or use.at >= begun]
    return replace(found, uses=uses, begun=begun)


def _row(finding: "Finding", people: "Directory") -> dict[str, Any]:
    """The keys that `--json` promises."""
    use = finding.use
    at = None if use is None else use.at
    return {
        "finding": finding.doubt.value,
        "subject": finding.subject or None,
        "at": None if at is None else at.isoformat(timespec="seconds"),
        "who": None if use is None else people.name_of(use.entity_id) or use.display_name,
        "entity_id": None if use is None else use.entity_id,
        "key": None if use is None else use.key,
        "address": None if use is None else use.address,
        "count": finding.count,
        "words": finding.doubt.in_words(),
    }


def _show(rows: list[dict[str, Any]]) -> None:
    columns = {
        "subject": _("Number"),
        "at": _("When"),
        "who": _("Who"),
        "key": _("Key"),
        "count": _("Signatures"),
        "address": _("From where"),
        "words": _("What"),
    }
    if rows:
        show_rows(rows, columns)


def _conclude(compared: "Comparison", device: str) -> None:
    from licenses.errors import SignedOutsideError

    said = _("signatures in the log: {signatures}, explained by the register: {explained}").format(
        signatures=f"{compared.signatures:,}", explained=f"{compared.explained:,}"
    )
    if not compared.findings:
        say(said)
        return
    hint = _("ask the people named, and keep a copy of the log and of the database")
    if compared.licenses and not compared.explained:
        hint = _("is that the log of the audit device {device}? --device names another").format(
            device=device
        )
    raise SignedOutsideError(
        _("{said}; things that do not fit: {count}").format(
            said=said, count=len(compared.findings)
        ),
        hint=hint,
    )
