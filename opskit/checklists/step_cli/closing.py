"""close: the end of a run, after the event."""

from typing import Annotated

import typer

from opskit.checklists.step_cli.run_group import RunGroup, tell_run
from opskit.core.cliapp import context
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption


def add_to(runs: RunGroup) -> None:
    @runs.app.command(
        "close",
        help=_("End a list after the event: its closing step is done, optional ones are left out."),
        epilog=runs.shown("close", runs.samples.close),
    )
    def close(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        answer: Annotated[
            str | None, typer.Option("--answer", help=_("What the closing step asks for."))
        ] = None,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services

        here = context(ctx)
        with runs.writing(here, run, ticket) as (session, found, signed):
            services.close(session, run=found, answer=answer, on=here.today(), **signed)
            if runs.closed is not None:
                runs.closed(session, found, at=signed["at"], actor=signed["actor"])
        said = _("{run} is closed").format(run=found.name)
        tell_run(found, on=here.today(), as_json=as_json, said=said)
