"""access: how far a newcomer's access has grown, what is proposed, and giving or taking it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from onboarding.access.level import GROWING
from opskit.core.cliapp import OpsGroup, context, examples, group, group_of
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from onboarding.access.level import Level
    from onboarding.access.presenting import Standing
    from opskit.core.context import AppContext
    from opskit.staff.models import Person

SHOW = "show"


class _Shown(OpsGroup):
    """A name where a command would stand means to show that person."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 (as Typer has it)
        word = args[0]
        is_name = word not in self.list_commands(ctx) and not word.startswith("-")
        return super().resolve_command(ctx, [SHOW, *args] if is_name else args)


app = group(_("Access that grows."))
access = group_of(_Shown, _("How far access has grown with the path: sandbox, read-only, pole."))
app.add_typer(access, name="access")

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME", autocompletion=complete_login, help=_("Name, login or number (O3).")
    ),
]
LevelArgument = Annotated[
    str,
    typer.Argument(
        metavar="LEVEL",
        autocompletion=choices(GROWING),
        help=_("sandbox, read-only or pole."),
    ),
]
YesOption = Annotated[bool, typer.Option("--yes", help=_("Do not ask."))]


@access.command(
    SHOW,
    help=_("One person's access: the level, what is proposed, what waits for the safe."),
    epilog=examples(
        "opskit onboarding access show cperret", "opskit onboarding access show cperret --json"
    ),
)
def show(ctx: typer.Context, name: NameArgument, as_json: JsonOption = False) -> None:
    from onboarding.access.levels import load_levels
    from onboarding.access.presenting import access_facts, card
    from onboarding.access.seeing import find_to_see

    run = context(ctx)
    levels, actor = load_levels(run.home), run.identity()
    with run.snapshot() as session:
        person = find_to_see(session, name, actor)
    standing = _standing(run, person)
    with run.snapshot() as session:
        facts = access_facts(session, standing)
    if as_json:
        show_json(facts)
        return
    for line in card(facts, levels):
        data(line)


@access.command(
    "list",
    help=_("Whose access may grow: what sign-offs have earned and nobody has given yet."),
    epilog=examples("opskit onboarding access list", "opskit onboarding access list --json"),
)
def list_proposed(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from onboarding.access.levels import load_levels
    from onboarding.access.milestones import proposals
    from onboarding.access.seeing import visible

    run = context(ctx)
    actor = run.identity()
    with run.snapshot() as session:
        rows = [
            {
                "number": each.run,
                "login": each.person.login,
                "name": each.person.name,
                "level": each.held.value,
                "proposed": each.level.value,
                "signed_at": each.signed_at.isoformat(timespec="seconds"),
            }
            for each in visible(proposals(session, load_levels(run.home)), actor)
        ]
    columns = {
        "number": _("Number"),
        "name": _("Name"),
        "level": _("Level"),
        "proposed": _("Proposed"),
    }
    show_rows(rows, columns, as_json=as_json, empty=_("no sign-off waits for access"))


@access.command(
    "grant",
    help=_("Give somebody this level of access, with what lies below it; for admins."),
    epilog=examples(
        "opskit onboarding access grant cperret sandbox",
        "opskit onboarding access grant cperret read-only --yes",
    ),
)
def grant(
    ctx: typer.Context,
    name: NameArgument,
    level: LevelArgument,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding.access import acts
    from onboarding.access.levels import parse_level
    from opskit.core.agreeing import agree
    from opskit.core.identity import require_role

    run = context(ctx)
    wanted, desk = parse_level(level), acts.asking_desk(run)
    require_role(desk.actor, "admin")
    person = _person(run, name)
    if not _is_earned(run, person, wanted):
        agree(
            _("no sign-off stands behind {level} for {name}; give it all the same?").format(
                level=wanted.value, name=person.name
            ),
            yes=yes,
        )
    changed = acts.grant(desk, login=person.login, level=wanted)
    done = _("{login} has the access level {level} now")
    said = done if changed else _("{login} has the access level {level} already")
    say(said.format(login=person.login, level=wanted.value))
    _show_done(run, person, as_json=as_json)


@access.command(
    "revoke",
    help=_("Take a level away, and every higher one, for a reason; for admins."),
    epilog=examples(
        'opskit onboarding access revoke cperret pole --reason "back to the basics first"'
    ),
)
def revoke(
    ctx: typer.Context,
    name: NameArgument,
    level: LevelArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))],
    as_json: JsonOption = False,
) -> None:
    from onboarding.access import acts
    from onboarding.access.levels import parse_level

    run = context(ctx)
    wanted = parse_level(level)
    person = _person(run, name)
    left = acts.revoke(acts.asking_desk(run), login=person.login, level=wanted, reason=reason)
    say(
        _("{login} no longer has {taken}; what remains: {level}").format(
            login=person.login, taken=wanted.value, level=left.value
        )
    )
    _show_done(run, person, as_json=as_json)


def _person(run: "AppContext", name: str) -> "Person":
    """By name, login or number of the path."""
    from onboarding.access.naming import find_person

    with run.snapshot() as session:
        return find_person(session, name)


def _is_earned(run: "AppContext", person: "Person", level: "Level") -> bool:
    proposal = _standing(run, person, ask_safe=False).proposal
    return proposal is not None and proposal.level.rank >= level.rank


def _standing(run: "AppContext", person: "Person", *, ask_safe: bool = True) -> "Standing":
    """What opskit knows; for an admin, what the safe says besides."""
    from onboarding.access.level import Level
    from onboarding.access.levels import load_levels
    from onboarding.access.presenting import standing_of
    from onboarding.ports import AccessGroups

    in_safe = None
    if ask_safe and person.entity_id is not None and "admin" in run.identity().roles:
        in_safe = Level(run.plug(AccessGroups).level_of(person.entity_id))
    with run.snapshot() as session:
        return standing_of(session, person, load_levels(run.home), in_safe=in_safe)


def _show_done(run: "AppContext", person: "Person", *, as_json: bool) -> None:
    from onboarding.access.presenting import access_facts

    if as_json:
        standing = _standing(run, person)
        with run.snapshot() as session:
            show_json(access_facts(session, standing))
