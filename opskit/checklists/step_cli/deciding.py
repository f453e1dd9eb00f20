"""go, no-go: the decision, and everything that is known when it is taken."""

from typing import TYPE_CHECKING, Annotated

import typer

from opskit.checklists.step_cli.run_group import ReasonOption, RunGroup, Signed
from opskit.core.cliapp import context
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from opskit.checklists.models import Decision, Run


def add_to(runs: RunGroup) -> None:
    _add_go(runs)
    _add_no_go(runs)


def _add_go(runs: RunGroup) -> None:
    @runs.app.command(
        "go",
        help=_(
            "Decide that it happens, as the second person: everything is asked again first, "
            "and every proof is kept. Exit 8 when a step is open."
        ),
        epilog=runs.shown("go", runs.samples.go),
    )
    def go(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        reason: ReasonOption,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.checklists.asking_cli import ask_and_enter

        here = context(ctx)
        ask_and_enter(here, runs.find, run, to_decide=True)
        with runs.writing(here, run, ticket) as (session, found, signed):
            if runs.admission is not None:
                runs.admission.deciding(here, session, found, actor=here.identity())
            made = services.go(session, run=found, reason=reason, on=here.today(), **signed)
        _tell(found, made, _("{run}: go, with {count} proofs"), as_json=as_json)


def _add_no_go(runs: RunGroup) -> None:
    @runs.app.command(
        "no-go",
        help=_("Stop it, at any time until the closing; anybody of the team may, and says why."),
        epilog=runs.shown("no-go", runs.samples.no_go),
    )
    def no_go(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        reason: ReasonOption,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services

        with runs.writing(context(ctx), run, ticket) as (session, found, signed):
            made = services.no_go(session, run=found, reason=reason, **signed)
        _tell(found, made, _("{run}: no-go"), as_json=as_json)


def _tell(run: "Run", made: "Decision", said: str, *, as_json: bool) -> None:
    if not as_json:
        say(said.format(run=run.name, count=len(made.proofs)))
        return
    row: Signed = {
        "number": run.name,
        "decision": made.decision,
        "reason": made.reason,
        "decided_at": made.decided_at,
        "ticket": made.ticket,
        "proofs": made.proofs,
    }
    show_json(row)
