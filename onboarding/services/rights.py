"""Who sees a path, who works on it, who signs: by how a person is related to the newcomer."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy.orm import Session

from onboarding.names import NEWCOMER
from onboarding.services.walks import WALKERS, Walk, find
from opskit.checklists.models import Run
from opskit.core.errors import DeniedError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.staff import services as staff

LEADERS = frozenset({"manager", "admin"})
READERS = frozenset({"auditor"})


class Relation(StrEnum):
    """What somebody is to a newcomer."""

    OWN = "own"
    MENTOR = "mentor"
    LEADER = "leader"
    HELPER = "helper"  # a step, or the whole path, was given to them
    READER = "reader"
    STRANGER = "stranger"


SEES = frozenset(Relation) - {Relation.STRANGER}
WORKS = SEES - {Relation.READER}
SIGNS = frozenset({Relation.MENTOR, Relation.LEADER})


def relation_of(session: Session, walk: Walk, actor: Identity) -> Relation:
    """The first that fits: somebody may be manager and mentor at once."""
    if walk.person.entity_id == actor.entity_id:
        return Relation.OWN
    if not actor.roles.isdisjoint(LEADERS):
        return Relation.LEADER
    if walk.mentor.entity_id is not None and walk.mentor.entity_id == actor.entity_id:
        return Relation.MENTOR
    if not actor.roles.isdisjoint(READERS):
        return Relation.READER
    person = staff.by_entity(session, actor.entity_id)
    helpers = {walk.run.assignee, *(step.assignee for step in walk.run.steps)}
    if person is not None and person.login in helpers:
        return Relation.HELPER
    return Relation.STRANGER


def visible(session: Session, walks: Collection[Walk], actor: Identity) -> list[Walk]:
    """Those of the walks that somebody may see."""
    return [walk for walk in walks if relation_of(session, walk, actor) in SEES]


def find_to_see(session: Session, text: str, actor: Identity) -> Walk:
    """The walk, for somebody who only looks. Raises as `find`.

    Raises:
        DeniedError: it is none of theirs.
    """
    walk = find(session, text)
    _require(session, walk, actor, SEES)
    return walk


def find_to_change(session: Session, text: str, actor: Identity) -> Run:
    """The run, for somebody who may tick, waive and reopen its steps. Raises as `find`.

    Raises:
        DeniedError: an auditor changes nothing, a newcomer nothing on another's path, and nobody
            else anything but their newcomers'.
        WalkEndedError: the path is over.
    """
    if actor.roles.isdisjoint(WALKERS):
        raise DeniedError(
            _("{name} reads paths and changes nothing on them").format(name=actor.name),
            hint=_("ask the mentor or a manager"),
        )
    walk = find(session, text)
    _require(session, walk, actor, WORKS)
    walk.require_under_way()
    return walk.run


def find_to_sign(session: Session, text: str, actor: Identity) -> Walk:
    """The walk, for the mentor, a manager or an admin. Raises as `find`.

    Raises:
        DeniedError: for anybody else.
    """
    walk = find(session, text)
    if relation_of(session, walk, actor) not in SIGNS:
        raise _no_signer(walk, actor)
    return walk


def require_signer(session: Session, run: Run, actor: Identity) -> None:
    """Let pass the newcomer, whose tick submits and whom the engine tells from others, and signers.

    Somebody to whom one step was given does that step, and signs or waives nothing.

    Raises:
        DeniedError: for anybody else.
    """
    walk = find(session, run.name)
    if relation_of(session, walk, actor) not in SIGNS | {Relation.OWN}:
        raise _no_signer(walk, actor)


def find_to_lead(session: Session, text: str, actor: Identity) -> Walk:
    """The walk, for a manager or an admin, not of their own. Raises as `find`.

    Raises:
        DeniedError: for anybody else.
        WalkEndedError: the path is over.
    """
    require_role(actor, "manager", "admin")
    walk = find(session, text)
    if walk.person.entity_id is not None and walk.person.entity_id == actor.entity_id:
        raise DeniedError(
            _("{name} decides nothing about their own path").format(name=actor.name),
            hint=_("ask another manager"),
        )
    walk.require_under_way()
    return walk


def _no_signer(walk: Walk, actor: Identity) -> DeniedError:
    return DeniedError(
        _("{name} does not sign for {newcomer}: the mentor or a manager does").format(
            name=actor.name, newcomer=walk.person.name
        ),
        hint=_("the mentor is {name}").format(name=walk.mentor.name),
    )


def _require(session: Session, walk: Walk, actor: Identity, allowed: Collection[Relation]) -> None:
    if relation_of(session, walk, actor) in allowed:
        return
    if actor.roles <= {NEWCOMER}:
        message = _("{run} is not {name}'s own path")
    else:
        message = _("{run} is the path of none of {name}'s newcomers")
    raise DeniedError(
        message.format(run=walk.run.name, name=actor.name),
        hint=_("ask {mentor}, or a manager").format(mentor=walk.mentor.name),
    )
