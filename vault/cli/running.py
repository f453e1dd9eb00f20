"""opskit vault run: a program that finds its credentials in its environment."""

import os
import sys
from typing import Annotated, Any

import typer

from opskit.core.cliapp import OpsCommand, context, examples, group
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import TicketOption
from opskit.core.output import flush
from vault.finding.completion import complete_entry

COMMAND = "opskit.command"

app = group(_("Programs with credentials."))


class _WithCommand(OpsCommand):
    """Keeps what stands after the first `--` for itself: those words are another program's."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 (Typer's own click)
        before, after = args, list[str]()
        if "--" in args:
            split = args.index("--")
            before, after = args[:split], args[split + 1 :]
        ctx.meta[COMMAND] = after
        return super().parse_args(ctx, before)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ANN401
        return [*super().collect_usage_pieces(ctx), "-- COMMAND..."]


@app.command(
    "run",
    cls=_WithCommand,
    help=_(
        "Run a program with credentials in its environment alone; in what it prints, each secret "
        "is masked. Its exit code is handed on."
    ),
    epilog=examples(
        "opskit vault run DELEZE/prod/reports-db --ticket CS-1001 -- psql -c 'select 1'",
        "opskit vault run DELEZE/prod/erp-db DELEZE/common/mail -- env",
        "opskit vault run --env TOKEN=DELEZE/prod/api#api-key -- ./report.sh",
    ),
)
def run(
    ctx: typer.Context,
    refs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLIENT/ENV/NAME]...",
            autocompletion=complete_entry,
            help=_("Entries: HOST, PORT, USERNAME, PASSWORD, ...; of several, ERP_DB_HOST, ..."),
        ),
    ] = None,
    prefix: Annotated[
        str | None, typer.Option("--prefix", help=_("Before each name, such as ERP_."))
    ] = None,
    env: Annotated[
        list[str] | None,
        typer.Option(
            "--env", metavar="NAME=REF#FIELD", help=_("One variable by name; may be repeated.")
        ),
    ] = None,
    no_mask: Annotated[
        bool, typer.Option("--no-mask", help=_("Leave what it prints as it is."))
    ] = False,
    ticket: TicketOption = None,
) -> None:
    from vault.entries import EntryRef
    from vault.getting import reason_for
    from vault.using.environment import Wanted, collect
    from vault.using.opening import become, program_of
    from vault.using.running import run_masked

    words: list[str] = ctx.meta[COMMAND]
    if not words or not (refs or env):
        raise UsageProblemError(
            _("which program, and with which entries?"),
            hint="opskit vault run DELEZE/prod/erp-db -- COMMAND",
        )
    program_of(words)  # before a secret is read
    reason_for(context(ctx), ticket)
    given = collect(
        context(ctx),
        [EntryRef.parse(ref, environments=None) for ref in refs or ()],
        [Wanted.parse(each) for each in env or ()],
        prefix=prefix,
        ticket=ticket,
    )
    environment = {**os.environ, **given.variables}
    if no_mask:
        become(words, environment)
    flush()
    sys.exit(run_masked(words, environment, given.secrets))
