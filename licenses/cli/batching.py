"""What approve, issue, reject, withdraw and show do with the number of a batch."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from opskit.core.cliapp import says_yes
from opskit.core.i18n import _
from opskit.core.output import data, say, show_json, show_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from licenses.batching.standing import Standing
    from opskit.core.context import AppContext


_LIKE_A_BATCH = re.compile(r"\s*[Bb][0-9]")  # BOVETD is a client


def batch_in(text: str) -> int | None:
    """`B3` and `b3` are 3; None where the text names no batch.

    Raises:
        InvalidError: it begins as a batch and is none.
    """
    from opskit.core.refs import parse_number

    return parse_number("B", text) if _LIKE_A_BATCH.match(text) else None


def approve(run: "AppContext", number: int, *, yes: bool, as_json: bool) -> None:
    """Draft all that waits, show what it comes to, and sign for each."""
    from licenses.batching import approving, drafting, summary
    from licenses.batching.standing import require_waiting, standing
    from licenses.folding import say_page
    from opskit.core.progress import progress
    from opskit.core.refs import format_number

    with run.snapshot() as session:
        waiting = require_waiting(standing(session, number))
    with progress(_("Drafts"), waiting) as step:
        drafted = drafting.draft(run, number, step=step)
    with run.snapshot() as session:
        lines = [
            *summary.batch_lines(session, number),
            *summary.change_lines(session, number, today=run.today()),
            *summary.payload_lines(drafted),
        ]
    say_page(lines)
    if sys.stdin.isatty() and not yes and not says_yes(_("approve them all?"), default=False):
        raise typer.Abort
    with progress(_("Approvals"), len(drafted)) as step:
        approving.approve(run, number, drafted, step=step)
    if as_json:
        show_json(_facts(run, number))
        return
    name = format_number("B", number)
    say(_("approved by {name}; next:").format(name=run.identity().name))
    say(f"  opskit license issue {name} --out FOLDER")


def issue(run: "AppContext", number: int, folder: Path, *, as_json: bool) -> None:
    """Sign, register and write all that was approved; what is missing of it, the next time."""
    from licenses.batching import issuing
    from opskit.core.progress import progress

    with run.snapshot() as session:
        size = issuing.size(session, number)
    with progress(_("Licences"), size) as step:
        outcome = issuing.issue(run, number, folder, step=step)
    if as_json:
        counts = {
            "issued": outcome.issued,
            "issued_before": outcome.before,
            "files_written": outcome.written,
        }
        show_json({**_facts(run, number), **counts, "folder": str(folder)})
        return
    data(str(folder))
    say(
        _("issued: {issued}, issued before: {before}, files written: {written}").format(
            issued=outcome.issued, before=outcome.before, written=outcome.written
        )
    )


def close(
    run: "AppContext",
    number: int,
    closing: "Callable[..., Standing]",
    reason: str | None,
    *,
    as_json: bool,
) -> None:
    """End what is open of a batch by one of the two services."""
    from licenses.batching.output import in_words

    actor = run.identity()
    with run.transaction() as session:
        closed = closing(session, number=number, reason=reason, at=run.now(), actor=actor)
    if as_json:
        show_json(_facts(run, number))
        return
    say(f"{closed.name}: {in_words(closed)}")


def show(run: "AppContext", number: int, *, as_json: bool) -> None:
    from licenses.batching import summary
    from licenses.batching.standing import standing
    from licenses.folding import show_page
    from licenses.states import OPEN

    if as_json:
        show_json(_facts(run, number))
        return
    with run.snapshot() as session:
        lines = summary.batch_lines(session, number)
        if standing(session, number).count(OPEN):
            lines += summary.change_lines(session, number, today=run.today())
    show_page(lines)


def list_batches(run: "AppContext", *, limit: int, as_json: bool) -> None:
    """The newest first, each with how far it is."""
    from licenses.batching.output import batch_facts, in_words
    from licenses.batching.standing import kinds_of, newest
    from licenses.directory import Directory

    with run.snapshot() as session:
        known = Directory(session)
        rows = [
            {
                **batch_facts(each, kinds_of(session, each.batch.number), known),
                "day": each.batch.requested_at.astimezone().date(),
                "how_far": in_words(each),
            }
            for each in newest(session, limit=limit)
        ]
    columns = {
        "number": _("Batch"),
        "day": _("Day"),
        "requested_by_name": _("By"),
        "file": _("File"),
        "how_far": _("States"),
    }
    show_rows(rows, columns, as_json=as_json)


def _facts(run: "AppContext", number: int) -> dict[str, Any]:
    from licenses.batching.output import batch_facts
    from licenses.batching.standing import kinds_of, standing
    from licenses.directory import Directory

    with run.snapshot() as session:
        return batch_facts(standing(session, number), kinds_of(session, number), Directory(session))
