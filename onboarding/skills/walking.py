"""Through the whole tree on a terminal: Enter keeps, ? explains, Ctrl-C loses nothing.

Each answer is stored on its own, before the next question is asked.
"""

from dataclasses import dataclass
from datetime import date

import typer

from onboarding.skills import rating, trees
from onboarding.skills.models import RatingKind
from onboarding.skills.page import level_lines
from onboarding.skills.people import find_learner, kind_of
from onboarding.skills.standing import Pair, standings
from onboarding.skills.tree import Skill, SkillTree
from opskit.checklists.page import in_language
from opskit.core.cliapp import ask
from opskit.core.context import AppContext
from opskit.core.dates import parse_date
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.output import explain, say

EXPLAIN = "?"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is asked: the tree, and what counts so far."""

    name: str
    login: str
    tree: SkillTree
    pairs: dict[str, Pair]
    kind: RatingKind
    on: date

    def level_of(self, skill: Skill) -> int | None:
        pair = self.pairs.get(skill.key, Pair())
        return pair.own if self.kind is RatingKind.SELF else pair.mentor


def walk_through(run: AppContext, name: str, *, on: str | None) -> None:
    """Ask for every skill of the person's tree.

    Raises:
        NotYoursToRateError: it is neither oneself nor somebody whom one leads.
    """
    today = run.today()
    sheet = _sheet(run, name, on=today if on is None else parse_date(on, today=today))
    say(_("{name}: {tree}").format(name=sheet.name, tree=in_language(sheet.tree.title)))
    for line in level_lines(sheet.tree):
        say(line)
    say(_("Enter keeps the level that stands there, ? explains the levels, Ctrl-C stops"))
    stored = 0
    try:
        for group in sheet.tree.groups:
            say("\n" + in_language(group.title))
            for skill in group.skills:
                stored += _ask_for(run, sheet, skill)
    except (typer.Abort, KeyboardInterrupt):
        say("\n" + _("ratings stored: {count}").format(count=stored))
        raise
    say(_("ratings stored: {count}").format(count=stored))


def _sheet(run: AppContext, name: str, *, on: date) -> _Sheet:
    actor = run.identity()
    with run.snapshot() as session:
        learner = find_learner(session, name)
        kind = kind_of(learner, actor)
        ratings = rating.counting(rating.history(session, learner.person))
        return _Sheet(
            name=learner.person.name,
            login=learner.person.login,
            tree=trees.tree_for(session, learner.poles),
            pairs=standings(ratings, on=on),
            kind=kind,
            on=on,
        )


def _ask_for(run: AppContext, sheet: _Sheet, skill: Skill) -> int:
    """One skill until the answer can be taken; how many ratings that made."""
    level = _answer(sheet, skill)
    if level is None:
        return 0
    with run.transaction() as session:
        rating.rate(
            session,
            learner=find_learner(session, sheet.login),
            said=rating.Judgement(skill.key, level, sheet.on),
            today=run.today(),
            at=run.now(),
            actor=run.identity(),
        )
    return 1


def _answer(sheet: _Sheet, skill: Skill) -> int | None:
    """The level; None where the person keeps what there is."""
    known = sheet.level_of(skill)
    label = in_language(skill.text) + ("" if known is None else f" [{known}]")
    while True:
        typed = ask(f"  {label}", default="").strip()
        if not typed:
            return None
        if typed == EXPLAIN:
            for line in level_lines(sheet.tree):
                say(line)
            continue
        try:
            return rating.parse_level(typed)
        except OpsError as err:
            explain(err)
