"""switch-pole, hand-over: another path, another mentor; what changes is shown first."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onboarding.completion import complete_consultant
from onboarding.names import MODULES, POLES, SITES
from onboarding.options import NameArgument
from onboarding.walking_cli import NAME
from opskit.checklists.step_cli.run_group import YesOption
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption
from opskit.core.output import say, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from onboarding.paths import Wish
    from onboarding.services import Walk
    from opskit.staff.models import Person

app = group(_("Another way."))


@app.command(
    "switch-pole",
    help=_(
        "Go on with the path of another pole: steps that both have keep their answers. "
        "Shows what changes and asks before it does."
    ),
    epilog=examples(
        f"opskit onboarding switch-pole {NAME} --pole logistics --dry-run",
        f"opskit onboarding switch-pole {NAME} --pole logistics "
        '--reason "the other team is short of people" --yes',
    ),
)
def switch_pole(
    ctx: typer.Context,
    name: NameArgument,
    pole: Annotated[
        str,
        typer.Option("--pole", autocompletion=choices(POLES), help=_("back-office or logistics.")),
    ],
    site: Annotated[
        str | None,
        typer.Option(
            "--site", autocompletion=choices(SITES), help=_("Another site; else the same.")
        ),
    ] = None,
    modules: Annotated[
        list[str] | None,
        typer.Option(
            "--module",
            metavar="MODULE",
            autocompletion=choices(MODULES),
            help=_("Which modules; else those of now that go with the pole."),
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))] = "",
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from onboarding.paths import choose_path
    from onboarding.presenting import change_rows, walk_facts
    from opskit.core.agreeing import agree
    from opskit.core.business_days import CalendarSource

    run = context(ctx)
    actor = run.identity()
    with run.snapshot() as session:
        walk = services.find_to_lead(session, name, actor)
        wish = _wish(walk, pole, site, modules)
        path = choose_path(session, wish)
        rows = change_rows(services.plan_switch(walk, path))
    if dry_run or not as_json:
        _show(rows, as_json=as_json)
    if dry_run:
        return
    question = _("Let {run} go on with {path}?")
    agree(question.format(run=walk.run.name, path=path.template.id), yes=yes)
    with run.transaction() as session:
        walk = services.find_to_lead(session, name, actor)
        path = choose_path(session, wish)
        words: dict[str, Any] = {
            "canton": run.settings.canton,
            "calendar": run.plug(CalendarSource).load(session),
            "at": run.now(),
            "actor": actor,
        }
        done = services.switch_path(session, walk=walk, path=path, reason=reason, **words)
    if done.is_placed_anew:
        _place(run, walk)
    if as_json:
        show_json({**walk_facts(walk), "changes": rows})
    else:
        say(_("{run} follows {path} now").format(run=walk.run.name, path=path.template.name))


@app.command(
    "hand-over",
    help=_("Let another mentor go along: with all newcomers of one, or with those named."),
    epilog=examples(
        "opskit onboarding hand-over jmettler15 echatriant0 --yes",
        f"opskit onboarding hand-over jmettler15 echatriant0 {NAME} --yes",
    ),
)
def hand_over(
    ctx: typer.Context,
    mentor: Annotated[
        str,
        typer.Argument(
            metavar="MENTOR", autocompletion=complete_login, help=_("Who was the mentor.")
        ),
    ],
    successor: Annotated[
        str,
        typer.Argument(
            metavar="NEWMENTOR", autocompletion=complete_login, help=_("Who goes along now.")
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME...]",
            autocompletion=complete_consultant,
            help=_("Only with these; else with all."),
        ),
    ] = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding import services
    from onboarding.services.mentoring import newcomers_of
    from opskit.core.agreeing import agree

    run = context(ctx)
    actor = run.identity()
    with run.snapshot() as session:
        _old, new, walks = _meant(session, mentor, successor, names)
        count = sum(walk.mentor.id != new.id for walk in walks)
    if count:
        question = _("Hand the newcomers of {mentor} ({count}) over to {successor}?")
        agree(question.format(count=count, mentor=mentor, successor=successor), yes=yes)
    with run.transaction() as session:
        old, new, walks = _meant(session, mentor, successor, names)
        given = services.hand_over(
            session, mentor=old, successor=new, newcomers=walks, at=run.now(), actor=actor
        )
        load = len(newcomers_of(session, new))
    rows = [
        {
            "number": each.walk.run.name,
            "name": each.walk.person.name,
            "mentor": new.name,
            "steps": each.steps,
        }
        for each in given
    ]
    columns = {"number": _("Number"), "name": _("Name"), "mentor": _("Mentor")}
    nobody = _("{name} is their mentor already; nothing changes").format(name=new.name)
    show_rows(rows, columns, as_json=as_json, empty=nobody)
    if rows and not as_json:
        say(
            _("newcomers whom {name} goes along with now: {count}").format(
                name=new.name, count=load
            )
        )


def _meant(
    session: "Session", mentor: str, successor: str, names: list[str] | None
) -> "tuple[Person, Person, list[Walk]]":
    """The two mentors, and the newcomers named, else all of the first."""
    from onboarding import services
    from onboarding.services.mentoring import newcomers_of
    from opskit.staff import services as staff

    old, new = staff.find(session, mentor), staff.find(session, successor)
    if not names:
        return old, new, newcomers_of(session, old)
    return old, new, [services.find(session, each) for each in names]


def _wish(walk: "Walk", pole: str, site: str | None, modules: list[str] | None) -> "Wish":
    """The site stays, and with it the modules that go with the other pole."""
    from onboarding.layers import Kind
    from onboarding.paths import Wish, load_layer

    now = walk.consultant
    kept = [
        name
        for name in now.modules or ()
        if not (poles := load_layer(Kind.MODULE, name).poles) or pole in poles
    ]
    return Wish(pole=pole, site=site or now.site, modules=tuple(modules or kept))


def _show(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    from opskit.core.words import in_words

    if as_json:
        show_json(rows)
        return
    told = [{**row, "change": in_words(row["change"])} for row in rows if row["change"] != "kept"]
    kept = len(rows) - len(told)
    columns = {"change": _("Change"), "position": _("No."), "text": _("Step")}
    show_rows(told, columns, empty=_("no step changes"))
    say(_("steps that stay as they are: {count}").format(count=kept))


def _place(run: AppContext, walk: "Walk") -> None:
    """The clients follow the pole; the path is switched, whatever the safe says."""
    from opskit.core.errors import OpsError
    from opskit.staff.ports import Accounts

    try:
        run.plug(Accounts).place(str(walk.person.entity_id), walk.person.pole)
    except OpsError as err:
        why = err.message
        say(_("the agents' rights in the safe do not follow yet: {why}").format(why=why))
        say(_("next, an admin types: opskit vault provision"))
