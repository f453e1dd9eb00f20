"""assign, comment: who looks after a run or a step, and what is noted on it."""

from typing import Annotated

import typer

from opskit.checklists.step_cli.run_group import RunGroup, tell_run, tell_steps
from opskit.core.cliapp import context
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_json


def add_to(runs: RunGroup) -> None:
    _add_assign(runs)
    _add_comment(runs)


def _add_assign(runs: RunGroup) -> None:
    step, person = runs.samples.step, runs.samples.person

    @runs.app.command(
        "assign",
        help=_("Give a list, or one step of it, to a person; or to nobody."),
        epilog=runs.shown("assign", person, f"{step} {person}", f"{step} --nobody"),
    )
    def assign(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        words: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="[STEP] PERSON", help=_("The step, if one; the person's login or name.")
            ),
        ] = None,
        nobody: Annotated[
            bool, typer.Option("--nobody", help=_("Take it back from whoever has it."))
        ] = False,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.checklists.ports import People

        here = context(ctx)
        people = here.plug(People)
        given = [*(words or []), *([""] if nobody else [])]
        key, person = _step_and(given, _("say who: a login or a name, or --nobody"))
        with runs.writing(here, run, ticket) as (session, found, signed):
            login = None if nobody else people.worker_login(session, person)
            if runs.admission is not None and login is not None and key is None:
                runs.admission.given(here, session, found, login=login)
            services.assign(session, run=found, key=key, login=login, **signed)
            changed = [services.find_step(found, key)] if key is not None else []
        if changed and as_json:
            tell_steps(found, changed, on=here.today(), as_json=True)
            return
        what = f"{found.name} {changed[0].position}" if changed else found.name
        said = (
            _("{what} is given to nobody").format(what=what)
            if login is None
            else _("{what} is given to {login}").format(what=what, login=login)
        )
        tell_run(found, on=here.today(), as_json=as_json, said=said)


def _add_comment(runs: RunGroup) -> None:
    @runs.app.command(
        "comment",
        help=_("Note something on a list, or on one step of it."),
        epilog=runs.shown(
            "comment",
            '"the deputy is on leave until Monday"',
            f'{runs.samples.step} "the client sends the list tomorrow" --ticket CS-1003',
        ),
    )
    def comment(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        words: Annotated[
            list[str],
            typer.Argument(metavar="[STEP] TEXT", help=_("The step, if one; then the text.")),
        ],
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services

        here = context(ctx)
        key, text = _step_and(words, _('put the text in quotes: "the deputy is on leave"'))
        with runs.writing(here, run, ticket) as (session, found, signed):
            made = services.comment(session, run=found, key=key, text=text, **signed)
        if as_json:
            row = {"number": found.name, "step": made.key, "text": made.text}
            show_json({**row, "ticket": made.ticket, "written_at": made.written_at})
            return
        what = found.name if made.key is None else f"{found.name} {made.key}"
        say(_("{what}: noted").format(what=what))


def _step_and(words: list[str], hint: str) -> tuple[str | None, str]:
    """The step where two words are given, and the last word."""
    match words:
        case [last]:
            return None, last
        case [step, last]:
            return step, last
        case _:
            raise UsageProblemError(
                _("these are too many or too few words after the list"), hint=hint
            )
