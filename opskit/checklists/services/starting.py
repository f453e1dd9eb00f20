"""Runs that begin: one, or the hundreds of a campaign in the same few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from opskit.checklists.applying import facts_of, left_out, reason
from opskit.checklists.models import OPEN, Definition, Run, Step
from opskit.checklists.scheduling import due_dates
from opskit.checklists.services.publishing import publish
from opskit.checklists.states import State, derive
from opskit.checklists.templates import Template
from opskit.core import events
from opskit.core.business_days import Calendar
from opskit.core.db import ensure_row
from opskit.core.identity import Identity
from opskit.core.numbers import next_numbers
from opskit.core.refs import format_number


@dataclass(frozen=True, slots=True)
class Beginning:
    """What one run begins with.

    `facts` is what it is about, `about` what its conditions may ask besides (`{"client": {...}}`).
    `prepared_by` is the entity of the person whose run it is, by default who starts it: the second
    person is anybody else. `client` is for the event log.
    """

    subject: str
    anchor_on: date
    canton: str | None = None
    client: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    prepared_by: str | None = None
    assignee: str | None = None
    is_confidential: bool = False


def start(
    session: Session,
    beginning: Beginning,
    *,
    kind: str,
    letter: str,
    template: Template,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Run:
    """Begin one run. `letter` heads the number people say (P7). Raises as `start_many`."""
    (run_id,) = start_many(
        session,
        [beginning],
        kind=kind,
        letter=letter,
        template=template,
        calendar=calendar,
        at=at,
        actor=actor,
        ticket=ticket,
    )
    return session.get_one(Run, run_id, options=[selectinload(Run.steps)])


def start_many(
    session: Session,
    beginnings: Sequence[Beginning],
    *,
    kind: str,
    letter: str,
    template: Template,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> list[int]:
    """Begin runs of one template; their ids, in the order given.

    Publishes the template, takes numbers, computes the dates, and records an event for each run.

    Raises:
        TemplateChangedError: the template was edited under a version that is published.
        InvalidError: there is no such canton.
    """
    if not beginnings:
        return []
    snapshot = _Snapshot(template, calendar, at)
    steps = [snapshot.rows(each) for each in beginnings]  # first, since a date may be refused
    # Before an event, as everywhere: who holds the head of the log waits for no counter.
    numbers = next_numbers(session, letter, len(beginnings))
    digest = publish(session, template, at=at, actor=actor).digest
    keep_definitions(session, template)
    rows = [
        _run_row(each, number, digest, kind=kind, letter=letter, at=at, actor=actor)
        for each, number in zip(beginnings, numbers, strict=True)
    ]
    inserting = insert(Run).returning(Run.id, sort_by_parameter_order=True)
    ids = list(session.scalars(inserting, rows))
    placed = [
        {"run_id": run_id, **row}
        for run_id, of_run in zip(ids, steps, strict=True)
        for row in of_run
    ]
    session.connection().execute(insert(Step), placed)
    action = f"{kind}.started"
    names = [format_number(letter, number) for number in numbers]
    happenings = _happenings(beginnings, names, template)
    events.record_all(session, happenings, actor=actor, at=at, action=action, ticket=ticket)
    return ids


class _Snapshot:
    """The steps of the template as rows; runs that begin alike share dates and states."""

    def __init__(self, template: Template, calendar: Calendar, at: datetime) -> None:
        self._template = template
        self._calendar = calendar
        self._at = at
        self._digests = {step.key: step.digest for step in template.steps}
        self._has_conditions = any(step.when for step in template.steps)
        self._dates = cache(self._dates_of)
        self._states = cache(self._states_of)

    def rows(self, beginning: Beginning) -> list[dict[str, Any]]:
        dates = self._dates(beginning.anchor_on, beginning.canton)
        out = self._left_out(beginning)
        states = self._states(out)
        return [
            {
                "key": step.key,
                "position": position,
                "digest": self._digests[step.key],
                "state": states[step.key].value,
                "due_on": dates[step.key],
                "is_pinned": False,
                "settled_at": self._at if step.key in out else None,
                "proof": reason(step) if step.key in out else None,
                "failures": 0,
            }
            for position, step in enumerate(self._template.steps, start=1)
        ]

    def _left_out(self, beginning: Beginning) -> frozenset[str]:
        if not self._has_conditions:
            return frozenset()
        facts = facts_of(
            about=beginning.about, facts=beginning.facts, anchor_on=beginning.anchor_on, answers={}
        )
        return left_out(self._template.steps, self._template.needs, facts)

    def _dates_of(self, anchor_on: date, canton: str | None) -> dict[str, date]:
        return due_dates(
            self._template.steps, anchor_on=anchor_on, canton=canton, calendar=self._calendar
        )

    def _states_of(self, out: frozenset[str]) -> dict[str, State]:
        states = {
            key: State.NOT_APPLICABLE if key in out else State.BLOCKED for key in self._digests
        }
        return derive(states, self._template.needs)


def keep_definitions(session: Session, template: Template) -> None:
    """What the steps ask, once for every run that asks it."""
    bodies = {step.digest: step.body for step in template.steps}
    known = set(session.scalars(select(Definition.digest).where(Definition.digest.in_(bodies))))
    for digest in sorted(bodies.keys() - known):  # in one order, or two could wait for each other
        ensure_row(session, Definition(digest=digest, body=bodies[digest]))


def _run_row(
    beginning: Beginning,
    number: int,
    digest: str,
    *,
    kind: str,
    letter: str,
    at: datetime,
    actor: Identity,
) -> dict[str, Any]:
    return {
        "kind": kind,
        "letter": letter,
        "number": number,
        "subject": beginning.subject,
        "client": beginning.client,
        "facts": dict(beginning.facts),
        "about": {name: dict(facts) for name, facts in beginning.about.items()},
        "template_digest": digest,
        "anchor_on": beginning.anchor_on,
        "canton": beginning.canton,
        "state": OPEN,
        "prepared_by": beginning.prepared_by or actor.entity_id,
        "assignee": beginning.assignee,
        "is_confidential": beginning.is_confidential,
        "created_at": at,
    }


def _happenings(
    beginnings: Sequence[Beginning], names: Sequence[str], template: Template
) -> list[events.Happening]:
    return [
        events.Happening(
            subject=name,
            client=each.client,
            after={
                "template": template.name,
                "digest": template.digest,
                "anchor_on": each.anchor_on.isoformat(),
            },
            personal={"subject": each.subject},
        )
        for each, name in zip(beginnings, names, strict=True)
    ]
