"""How far somebody's access has grown, as rows for the terminal and for scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from onboarding.access.level import GROWING, Level
from onboarding.access.levels import Levels
from onboarding.access.milestones import Proposal, changes_of, held_by, proposals
from onboarding.access.models import AccessChange
from onboarding.access.wishes import waiting
from opskit.core.i18n import _
from opskit.core.intents import Intent
from opskit.staff import services as staff
from opskit.staff.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """What opskit knows of one person's access; `in_safe` is what the safe itself says."""

    person: Person
    held: Level
    proposal: Proposal | None
    pending: Intent | None
    changes: Sequence[AccessChange]
    in_safe: Level | None = None


def standing_of(
    session: Session, person: Person, levels: Levels, *, in_safe: Level | None = None
) -> Standing:
    return Standing(
        person=person,
        held=held_by(session, person),
        proposal=next(iter(proposals(session, levels, person_id=person.id)), None),
        pending=next((each for each in waiting(session) if each.subject == person.login), None),
        changes=changes_of(session, person),
        in_safe=in_safe,
    )


def access_facts(session: Session, standing: Standing) -> dict[str, Any]:
    """Keys: `login`, `name`, `pole`, `level`, `in_safe` (null for who may not ask the safe),
    `proposed`, `signed_by`, `signed_at`, `pending`, `history` (`level`, `before`, `by`, `at`).
    """
    proposal, pending = standing.proposal, standing.pending
    entities = [each.changed_by for each in standing.changes]
    names = staff.names_of(session, [*entities, *([proposal.signed_by] if proposal else [])])
    return {
        "login": standing.person.login,
        "name": standing.person.name,
        "pole": standing.person.pole or None,
        "level": standing.held.value,
        "in_safe": standing.in_safe and standing.in_safe.value,
        "proposed": proposal and proposal.level.value,
        "signed_by": proposal and names.get(proposal.signed_by, proposal.signed_by),
        "signed_at": proposal and proposal.signed_at.isoformat(timespec="seconds"),
        "pending": pending and pending.data["level"],
        "history": [
            {
                "level": each.level,
                "before": each.before,
                "by": names.get(each.changed_by, each.changed_by),
                "at": each.changed_at.isoformat(timespec="seconds"),
            }
            for each in standing.changes
        ],
    }


def card(facts: dict[str, Any], levels: Levels) -> list[str]:
    """The page of one person: what they have, what is proposed, what waits."""
    lines = [
        f"{facts['name']} ({facts['login']})",
        _("access level: {level}").format(level=level_words(facts["level"])),
    ]
    if facts["in_safe"] not in (None, facts["level"]):
        lines.append(
            _("the safe says something else: {level}").format(level=level_words(facts["in_safe"]))
        )
    if facts["pending"]:
        lines.append(
            _("waits for the safe: {level}; opskit doctor --repair").format(
                level=level_words(facts["pending"])
            )
        )
    if facts["proposed"]:
        lines += [
            _("proposed: {level}, signed by {name} on {day}").format(
                level=level_words(facts["proposed"]),
                name=facts["signed_by"],
                day=facts["signed_at"][:10],
            ),
            _("next: {command}").format(
                command=f"opskit onboarding access grant {facts['login']} {facts['proposed']}"
            ),
        ]
    return lines + _ahead(facts, levels)


def _ahead(facts: dict[str, Any], levels: Levels) -> list[str]:
    """What opens the next level, where none is proposed."""
    reached = Level(facts["proposed"] or facts["level"]).rank
    following = next((level for level in GROWING if level.rank > reached), None)
    if following is None or facts["proposed"]:
        return []
    return [
        _("the next level, {level}, opens with the steps: {steps}").format(
            level=following.value, steps=", ".join(levels.steps[following])
        )
    ]


def level_words(level: str) -> str:
    """A level with what it means; scripts read its name alone."""
    return {
        Level.NONE.value: _("none: no client's entry"),
        Level.SANDBOX.value: _("sandbox: the client SANDBOX alone"),
        Level.READ_ONLY.value: _("read-only: reads the entries of the own pole's clients"),
        Level.POLE.value: _("pole: what an agent of the pole may"),
    }[level]
