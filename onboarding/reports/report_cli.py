"""report: one consultant on paper; export and calendar: all of them, for other tools."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.options import IntoFileOption, NameArgument
from onboarding.reports.languages import LANGUAGES
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.output import data, say

if TYPE_CHECKING:
    from opskit.checklists.printing.forms import Form

app = group(_("Reports."))


@app.command(
    "report",
    help=_("One consultant on paper: the path, skills, reviews; as much as you may see."),
    epilog=examples(
        'opskit onboarding report "Camille Perret"',
        'opskit onboarding report "Camille Perret" --out camille.pdf',
        'opskit onboarding report "Camille Perret" --lang de --format html --out camille-de.html',
    ),
)
def report(
    ctx: typer.Context,
    name: NameArgument,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            autocompletion=choices(LANGUAGES),
            help=_("fr, en or de; by default your language."),
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            autocompletion=choices(("md", "html", "pdf")),
            help=_("md, html or pdf; by default what FILE ends in."),
        ),
    ] = None,
    out: IntoFileOption = None,
) -> None:
    from onboarding.reports.gathering import gather
    from onboarding.reports.report import report as paper_of
    from opskit.checklists.ports import People
    from opskit.checklists.printing.forms import written
    from opskit.core.private_files import require_place, write_asked_for

    run = context(ctx)
    wanted, tongue = _form(form, out), _language(lang)
    if out is not None:
        require_place(out)
    asker = run.identity()
    with run.snapshot() as session:
        names = run.plug(People).names(session)
        material, view = gather(session, name, asker=asker, names=names, on=run.today())
        paper = paper_of(material, view, lang=tongue, on=run.today())
    content = written(paper, wanted)
    if out is None:
        data(content.decode().rstrip("\n"))
        return
    write_asked_for(out, content)
    say(_("{file} written").format(file=out))


def _form(form: str | None, out: Path | None) -> "Form":
    """Without a file the report goes to the terminal, as Markdown or HTML.

    Raises:
        InvalidError: there is no such form, or a PDF has no file to go to.
    """
    from opskit.checklists.printing.forms import Form, form_of

    if out is not None:
        return form_of(form, out)
    wanted = form_of(form or Form.MARKDOWN, Path())
    if wanted is Form.PDF:
        raise InvalidError(_("a PDF needs a file to go to"), hint="--out report.pdf")
    return wanted


def _language(lang: str | None) -> str:
    """What was asked for, else the person's own; English where we have no other."""
    from opskit.core.i18n import language

    if lang is None:
        return language() if language() in LANGUAGES else "en"
    if lang not in LANGUAGES:
        raise InvalidError(
            _("--lang: {text} is none of our languages").format(text=repr(lang)),
            hint=" ".join(LANGUAGES),
        )
    return lang
