"""The commands that bring runs out of opskit: print, export, calendar; for every kind of run."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.checklists.exporting_cli import add_calendar, add_export
from opskit.checklists.outlet import Campaigns, Outlet, ReadRun
from opskit.checklists.printing.languages import LANGUAGES
from opskit.core.cliapp import context
from opskit.core.completion import Complete, choices
from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import OutOption
from opskit.core.output import say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run
    from opskit.checklists.printing.content import Addressee, Paper

__all__ = ["AddresseeOf", "Campaigns", "ReadRun", "add_printing_commands"]

AddresseeOf = Callable[[AppContext, "Session", "Run"], "Addressee"]


def add_printing_commands(
    app: typer.Typer,
    *,
    group: str,
    sample: str,
    find: ReadRun,
    complete: Complete,
    addressee: AddresseeOf | None = None,
    campaigns: Campaigns | None = None,
) -> None:
    """Give a feature's group the commands `print`, `export` and `calendar`.

    `sample` is a run for the helps, `find` lets anybody read one, `addressee` says whom its paper
    is for: by default whoever prints it. With `campaigns` a calendar may be that of a campaign.
    """
    outlet = Outlet(app=app, group=group, sample=sample, find=find, complete=complete)
    _add_print(outlet, addressee or _whoever_prints)
    add_export(outlet)
    add_calendar(outlet, campaigns)


def _add_print(outlet: Outlet, addressee: AddresseeOf) -> None:
    run_argument = outlet.argument
    file = outlet.file

    @outlet.app.command(
        "print",
        help=_("A paper of a list for the client, in the client's language; or for the team."),
        epilog=outlet.shown(
            f"print {outlet.sample} --out {file}.pdf",
            f"print {outlet.sample} --format html --lang de --out {file}-de.html",
            f"print {outlet.sample} --internal --out {file}-team.md",
        ),
    )
    def print_run(
        ctx: typer.Context,
        run: Annotated[str, run_argument],
        out: OutOption,
        form: Annotated[
            str | None,
            typer.Option(
                "--format",
                autocompletion=choices(("md", "html", "pdf")),
                help=_("md, html or pdf; by default what FILE ends in."),
            ),
        ] = None,
        lang: Annotated[
            str | None,
            typer.Option(
                "--lang",
                autocompletion=choices(LANGUAGES),
                help=_("fr, de, it or en; by default the client's language."),
            ),
        ] = None,
        internal: Annotated[
            bool,
            typer.Option(
                "--internal", help=_("For the team: with answers, proofs, tickets and comments.")
            ),
        ] = False,
    ) -> None:
        from opskit.checklists.printing.forms import form_of, written
        from opskit.core.private_files import require_place, write_asked_for

        here = context(ctx)
        wanted = form_of(form, out)
        _refuse_language(lang, internal=internal)
        here.identity()
        require_place(out)
        with here.snapshot() as session:
            found = outlet.find(session, run, here.identity)
            read_by = addressee(here, session, found)
            paper = _paper(here, session, found, read_by, lang=lang, internal=internal)
        write_asked_for(out, written(paper, wanted))
        say(_("{file} written").format(file=out))


def _whoever_prints(here: AppContext, session: "Session", run: "Run") -> "Addressee":
    """For a list that is nobody else's: nothing is expected of who reads it."""
    from opskit.checklists.printing.content import Addressee
    from opskit.core.i18n import language

    del here, session
    return Addressee(name=run.subject, language=language(), own_roles=frozenset())


def _refuse_language(lang: str | None, *, internal: bool) -> None:
    """The team's paper says what people and checks wrote, in the language of whoever prints it."""
    from opskit.core.errors import InvalidError

    if lang is not None and lang not in LANGUAGES:
        raise InvalidError(
            _("--lang: {text} is none of our languages").format(text=repr(lang)),
            hint=" ".join(LANGUAGES),
        )
    if lang is not None and internal:
        raise UsageProblemError(
            _("--lang is for the client's paper; the team's is in your language"),
            hint=_("leave out --lang, or --internal"),
        )


def _paper(
    here: AppContext,
    session: "Session",
    run: "Run",
    read_by: "Addressee",
    *,
    lang: str | None,
    internal: bool,
) -> "Paper":
    from opskit.checklists import services
    from opskit.checklists.ports import People
    from opskit.checklists.printing.content import client_paper, team_paper

    names = here.plug(People).names(session)
    if not internal:
        return client_paper(run, read_by, on=here.today(), names=names, lang=lang)
    return team_paper(
        run,
        read_by,
        on=here.today(),
        names=names,
        comments=services.comments_of(session, run),
        decision=services.last_decision(session, run),
        sizes=services.file_sizes(session, run),
    )
