"""`opskit license request --template FILE`: the form for many requests."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.core.cliapp import context
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.output import say

ENDING = ".xlsx"


def _write(ctx: typer.Context, file: Path | None) -> None:
    """Write the form and end the command, as --help does: nothing else is asked for."""
    if file is None or ctx.resilient_parsing:
        return
    from licenses.batching.form import form
    from opskit.clients import services as clients
    from opskit.core.catalog import load_catalog
    from opskit.core.private_files import require_free, write_asked_for

    run = context(ctx)
    if file.suffix.lower() != ENDING:
        raise InvalidError(
            _("the form is an Excel workbook, and {file} does not say so").format(file=file),
            hint=_("give --template a name that ends in {ending}").format(ending=ENDING),
        )
    require_free(file, option="--template")
    with run.snapshot() as session:
        names = {each.code: each.name for each in clients.list_clients(session)}
    content = form(load_catalog(run.home), names, today=run.today())
    write_asked_for(file, content, option="--template")
    say(_("{file} written; fill it in, then:").format(file=file))
    say(f"  opskit license batch {file} --dry-run")
    raise typer.Exit


TemplateOption = Annotated[
    Path | None,
    typer.Option(
        "--template",
        metavar="FILE",
        is_eager=True,
        callback=_write,
        help=_("Write an Excel form for many requests, which opskit license batch reads."),
    ),
]
