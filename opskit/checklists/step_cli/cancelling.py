"""cancel: a run is given up."""

from typing import Annotated

import typer

from opskit.checklists.step_cli.run_group import ReasonOption, RunGroup, YesOption, tell_run
from opskit.core.cliapp import context
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption


def add_to(runs: RunGroup) -> None:
    @runs.app.command(
        "cancel",
        help=_("Give a list up; its steps stay as they are, and it can be taken up again."),
        epilog=runs.shown("cancel", f"{runs.samples.cancel} --yes"),
    )
    def cancel(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        reason: ReasonOption,
        yes: YesOption = False,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.checklists.page import summary
        from opskit.core.agreeing import agree

        here = context(ctx)
        if not yes:
            with runs.reading(here, run) as (session, found):
                question = _("Cancel {run}?").format(run=summary(found, on=here.today()))
            agree(question, yes=False)
        with runs.writing(here, run, ticket) as (session, found, signed):
            runs.require_steering(session, found, signed["actor"])
            services.cancel(session, run=found, reason=reason, **signed)
        said = _("{run} is cancelled; to take it up again: {command}").format(
            run=found.name, command=f"opskit {runs.name} reopen {found.name} --reason TEXT"
        )
        tell_run(found, on=here.today(), as_json=as_json, said=said)
