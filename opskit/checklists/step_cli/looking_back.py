"""history, evidence: what happened to a list, and the files that were given."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.checklists.step_cli.run_group import RunGroup, StepArgument
from opskit.core.cliapp import context
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from opskit.core.events import Event


def add_to(runs: RunGroup) -> None:
    _add_history(runs)
    _add_evidence(runs)


def _add_history(runs: RunGroup) -> None:
    @runs.app.command(
        "history",
        help=_("Everything that happened to a list and its steps, the oldest first."),
        epilog=runs.shown("history", "", "--json"),
    )
    def history(
        ctx: typer.Context, run: Annotated[str, runs.argument], as_json: JsonOption = False
    ) -> None:
        from opskit.checklists import services

        with runs.reading(context(ctx), run) as (session, found):
            rows = [_row(event) for event in services.history(session, found)]
        columns = {
            "day": _("Day"),
            "time": _("Time"),
            "who": _("Who"),
            "event": _("Event"),
            "step": _("Step"),
            "said": _("What"),
            "ticket": _("Ticket"),
        }
        show_rows(rows, columns, as_json=as_json)


def _row(event: "Event") -> dict[str, Any]:
    """JSON keys of an event; `said` is the free text of it, where a person's name may stand."""
    at = event.at.astimezone()
    return {
        "at": event.at,
        "day": at.date(),
        "time": at.strftime("%H:%M"),
        "who": event.actor,
        "event": event.action.partition(".")[2],
        "step": event.subject.partition("/")[2] or None,
        "said": _said(event),
        "ticket": event.ticket,
        "before": event.before,
        "after": event.after,
    }


def _said(event: "Event") -> str:
    """What somebody said; else what an event without words changed."""
    personal, facts = event.personal or {}, event.after or {}
    told = [
        *(personal.get(name) for name in ("answer", "reason", "proof", "text", "login", "subject")),
        *(facts.get(name) for name in ("anchor_on", "due_on", "template")),
    ]
    return next((str(each) for each in told if each), "")


def _add_evidence(runs: RunGroup) -> None:
    @runs.app.command(
        "evidence",
        help=_("Get the file of a step out again, once its SHA-256 is proved to be the same."),
        epilog=runs.shown("evidence", f"{runs.samples.step} --out backup.log"),
    )
    def evidence(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        step: StepArgument,
        out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write it."))],
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.core.private_files import write_asked_for

        with runs.reading(context(ctx), run) as (session, found):
            kept = services.get_out(session, run=found, key=step)
        write_asked_for(out, kept.content)
        if as_json:
            row = {"number": found.name, "step": kept.step.key, "name": kept.name, "file": out}
            show_json({**row, "size": len(kept.content), "sha256": kept.digest})
            return
        say(
            _("{name} of {step} is in {file}, SHA-256 {digest}").format(
                name=kept.name, step=kept.step.key, file=out, digest=kept.digest
            )
        )
