"""upgrade: a run follows its template to a later version, once one has seen what that does."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.checklists.step_cli.run_group import RunGroup, YesOption
from opskit.core.cliapp import context
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption, TicketOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.core.screen import Tone, screen_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run
    from opskit.checklists.services import Change
    from opskit.checklists.templates import Template

# What stays as it is, what is new, and what loses an answer
TONES = {
    "kept": Tone.GOOD,
    "changed": Tone.DOUBT,
    "added": Tone.DOUBT,
    "reopened": Tone.BAD,
    "removed": Tone.BAD,
}


def add_to(runs: RunGroup) -> None:
    version = runs.samples.version

    @runs.app.command(
        "upgrade",
        help=_(
            "Let a list follow its template to a later version: unchanged steps keep their "
            "answers, changed ones open again. Shows what changes and asks before it does."
        ),
        epilog=runs.shown("upgrade", "--dry-run", f"--to {version} --yes"),
    )
    def upgrade(
        ctx: typer.Context,
        run: Annotated[str, runs.argument],
        version: Annotated[
            int | None,
            typer.Option("--to", metavar="VERSION", help=_("Without it, the newest version.")),
        ] = None,
        dry_run: DryRunOption = False,
        yes: YesOption = False,
        ticket: TicketOption = None,
        as_json: JsonOption = False,
    ) -> None:
        from opskit.checklists import services
        from opskit.core.agreeing import agree
        from opskit.core.business_days import CalendarSource

        here = context(ctx)
        with runs.reading(here, run) as (session, found):
            template = _wanted(runs, here, session, found, version)
            changes = _planned(found, template, is_chosen=version is not None)
        if dry_run or not changes:
            _show(found, template, changes, as_json=as_json)
            return
        if not as_json:
            _show(found, template, changes, as_json=False)
        question = _("Let {run} follow {template}?")
        agree(question.format(run=found.name, template=template.name), yes=yes)
        calendars = here.plug(CalendarSource)
        with runs.writing(here, run, ticket) as (session, found, signed):
            calendar = calendars.load(session)
            changes = services.upgrade(
                session, run=found, template=template, calendar=calendar, **signed
            )
        if as_json:
            _show(found, template, changes, as_json=True)
        else:
            say(_("{run} follows {template} now").format(run=found.name, template=template.name))


def _wanted(
    runs: RunGroup, here: AppContext, session: "Session", run: "Run", version: int | None
) -> "Template":
    """That version; without a number the one that a new run begins with."""
    from opskit.checklists.services.upgrading import refuse_retired
    from opskit.checklists.template_tools.finding import named
    from opskit.checklists.template_tools.ports import ShippedTemplates

    if version is None and runs.habits.newest is not None:
        return runs.habits.newest(session, run)
    shipped = here.plug(ShippedTemplates).templates()
    template = named(session, run.template.id, version, shipped=shipped)
    if template.version != run.template.version:
        refuse_retired(session, template)
    return template


def _planned(run: "Run", template: "Template", *, is_chosen: bool) -> "list[Change]":
    """Nothing, where the run follows that version; or a later one, and nobody chose this."""
    from opskit.checklists import services

    follows = run.template.version
    if template.version == follows or (template.version < follows and not is_chosen):
        return []
    return services.plan_upgrade(run, template)


def _show(run: "Run", template: "Template", changes: "Sequence[Change]", *, as_json: bool) -> None:
    from opskit.checklists.page import in_language
    from opskit.core.words import in_words

    rows: list[dict[str, Any]] = [
        {
            "change": each.kind.value,
            "position": each.position,
            "step": each.key,
            "text": in_language(each.text),
        }
        for each in changes
    ]
    if as_json:
        show_json({"number": run.name, "template": template.name, "changes": rows})
        return
    if not rows:
        follows = run.template.content.name
        say(_("{run} follows {template} already").format(run=run.name, template=follows))
        return
    screen = screen_of(sys.stdout)
    if screen.width is None:
        show_rows(rows, {name: name for name in rows[0]})
        return
    words = {each: in_words(each) for each in TONES} | {"kept": _("stays")}
    width = max(len(words[row["change"]]) for row in rows)
    for row in rows:
        word = screen.paint(f"{words[row['change']]:<{width}}", TONES[row["change"]])
        data(f"{word}  {row['position']:>2}  {row['text']}")
