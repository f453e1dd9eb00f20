"""opskit onboarding rate, withdraw-rating."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.skills.completion import complete_skill
from onboarding.skills.options import EvidenceOption, NameArgument
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from onboarding.skills.models import Rating

app = group(_("Judge skills: one's own, or as mentor those of a newcomer."))


@app.command(
    "rate",
    help=_(
        "Judge a skill from 0 to 4: your own, or as mentor, manager or admin that of somebody "
        "else. Without a skill, on a terminal, the whole tree is asked; Enter keeps what there is."
    ),
    epilog=examples(
        "opskit onboarding rate cperret vat 2",
        'opskit onboarding rate "Camille Perret" payroll-run 3 --evidence CS-1001 '
        '--evidence P7 --note "ran it twice alone"',
        "opskit onboarding rate cperret",
    ),
)
def rate(
    ctx: typer.Context,
    name: NameArgument,
    skill: Annotated[
        str | None,
        typer.Argument(
            metavar="[SKILL]", autocompletion=complete_skill, help=_("A skill of the tree.")
        ),
    ] = None,
    level: Annotated[
        str | None, typer.Argument(metavar="[LEVEL]", help=_("From 0 (none) to 4 (teaches)."))
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help=_("What it rests on."))
    ] = None,
    evidence: EvidenceOption = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=_("The day; by default today."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.skills import rating
    from onboarding.skills.people import find_learner
    from onboarding.skills.presenting import kind_in_words
    from opskit.core.dates import parse_date

    run = context(ctx)
    today = run.today()
    day = today if on is None else parse_date(on, today=today)
    if skill is None or level is None:
        _walk_or_refuse(ctx, name, skill, is_told=bool(note or evidence or as_json), on=on)
        return
    said = rating.Judgement(
        skill, rating.parse_level(level), day, note=note, evidence=tuple(evidence or ())
    )
    actor = run.identity()
    with run.transaction() as session:
        learner = find_learner(session, name)
        row = rating.rate(
            session, learner=learner, said=said, today=today, at=run.now(), actor=actor
        )
    if as_json:
        show_json(_facts(row, learner.person.login))
    else:
        say(
            _("rating {number}: {name}, {skill}: {level} ({kind})").format(
                number=row.id,
                name=learner.person.name,
                skill=row.skill,
                level=row.level,
                kind=kind_in_words(row.kind),
            )
        )


@app.command(
    "withdraw-rating",
    help=_(
        "Let a rating count no more, by its number; the one before it counts again. Who gave it "
        "may, the mentor, and managers; the history keeps both."
    ),
    epilog=examples('opskit onboarding withdraw-rating 12 --reason "meant the other skill"'),
)
def withdraw_rating(
    ctx: typer.Context,
    number: Annotated[
        int,
        typer.Argument(metavar="NUMBER", min=1, max=999_999_999, help=_("As `ratings` shows it.")),
    ],
    reason: Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))],
    as_json: JsonOption = False,
) -> None:
    from onboarding.skills import rating

    run = context(ctx)
    actor = run.identity()
    with run.transaction() as session:
        row = rating.withdraw(
            session, number=number, reason=reason, today=run.today(), at=run.now(), actor=actor
        )
    if as_json:
        show_json({"withdrawn": number, "number": row.id, "skill": row.skill, "kind": row.kind})
    else:
        say(_("rating {number} counts no more").format(number=number))


def _walk_or_refuse(
    ctx: typer.Context, name: str, skill: str | None, *, is_told: bool, on: str | None
) -> None:
    """Ask for the whole tree; in a pipe, or where a skill was named, say what is missing."""
    from opskit.core.errors import UsageProblemError

    if skill is not None or is_told or not sys.stdin.isatty():
        is_level = skill is None or skill.strip().isdecimal()
        raise UsageProblemError(
            _("the skill is missing") if is_level else _("the level is missing"),
            hint=f'opskit onboarding rate "{name}" {"vat" if is_level else skill} 2',
        )
    from onboarding.skills.walking import walk_through

    walk_through(context(ctx), name, on=on)


def _facts(row: "Rating", login: str) -> dict[str, object]:
    """Keys: `number`, `login`, `skill`, `kind` (self or mentor), `level`, `rated_on`, `note`,
    `evidence`.
    """
    return {
        "number": row.id,
        "login": login,
        "skill": row.skill,
        "kind": row.kind,
        "level": row.level,
        "rated_on": row.rated_on,
        "note": row.note,
        "evidence": list(row.evidence),
    }
