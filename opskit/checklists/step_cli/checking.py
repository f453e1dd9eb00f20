"""check: what the registers and the given files say now."""

from typing import Annotated

import typer

from opskit.checklists.step_cli.run_group import RunGroup
from opskit.core.cliapp import context
from opskit.core.errors import CheckFailedError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import show_rows


def add_to(runs: RunGroup) -> None:
    @runs.app.command(
        "check",
        help=_(
            "Ask the registers, and look at the files given as evidence; "
            "exit 8 when something is not green."
        ),
        epilog=runs.shown("check", "", "--json"),
    )
    def check(
        ctx: typer.Context, run: Annotated[str, runs.argument], as_json: JsonOption = False
    ) -> None:
        from opskit.checklists.asking_cli import ask_and_enter
        from opskit.checklists.checks import Verdict
        from opskit.checklists.presenting import check_columns, check_rows

        found, results = ask_and_enter(context(ctx), runs.find, run)
        nothing = _("{run} has no step that checks itself now").format(run=found.name)
        show_rows(check_rows(results), check_columns(), as_json=as_json, empty=nothing)
        not_green = [result.key for result in results if result.verdict is not Verdict.OK]
        if not_green:
            raise CheckFailedError(
                _("{run}: {count} of {total} checks are not green: {steps}").format(
                    run=found.name,
                    count=len(not_green),
                    total=len(results),
                    steps=", ".join(not_green),
                ),
                hint=_("mend what the proofs name, then: {command}").format(
                    command=f"opskit {runs.name} check {found.name}"
                ),
            )
