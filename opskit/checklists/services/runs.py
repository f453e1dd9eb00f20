"""Templates that are published, runs that begin, and how both are found again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from opskit.checklists.errors import TemplateChangedError
from opskit.checklists.models import PublishedTemplate, Run, Step
from opskit.checklists.states import State, derive
from opskit.checklists.templates import StepTemplate, Template
from opskit.core import events
from opskit.core.business_days import add_business_days, parse_offset
from opskit.core.db import ensure_row
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.numbers import next_number
from opskit.core.refs import format_number
from opskit.core.text import did_you_mean


def publish(session: Session, template: Template, *, at: datetime) -> PublishedTemplate:
    """Store a version of a template; the same version again changes nothing.

    Raises:
        TemplateChangedError: that version is stored already, with another content.
    """
    known = session.scalar(
        select(PublishedTemplate).where(
            PublishedTemplate.id == template.id, PublishedTemplate.version == template.version
        )
    )
    if known is None:
        known = PublishedTemplate(
            digest=template.digest,
            id=template.id,
            version=template.version,
            body=template.body,
            published_at=at,
        )
        ensure_row(session, known)
        known = session.get_one(PublishedTemplate, template.digest)
    elif known.digest != template.digest:
        raise TemplateChangedError(
            _("{template} version {version} is published with another content").format(
                template=template.id, version=template.version
            ),
            hint=_("give the changed file version {next}").format(next=template.version + 1),
        )
    return known


def start(
    session: Session,
    *,
    kind: str,
    letter: str,
    template: Template,
    subject: str,
    facts: Mapping[str, Any],
    anchor_on: date,
    canton: str | None,
    at: datetime,
    actor: Identity,
    client: str | None = None,
    prepared_by: str | None = None,
    ticket: str | None = None,
) -> Run:
    """Begin a run: publish its template, take a number, copy the steps, compute their dates.

    `letter` heads the number people say (P7). `prepared_by` is the entity of the person whose
    run it is, by default who starts it: the second person is anybody else. `client` is for the
    event log.

    Raises:
        TemplateChangedError: the template was edited under a version that is published.
        InvalidError: there is no such canton.
    """
    published = publish(session, template, at=at)
    run = Run(
        kind=kind,
        letter=letter,
        number=next_number(session, letter),
        subject=subject,
        client=client,
        title=msgspec.to_builtins(template.title),
        phases=msgspec.to_builtins(template.phases),
        facts=dict(facts),
        template_digest=published.digest,
        anchor_on=anchor_on,
        canton=canton,
        prepared_by=prepared_by or actor.entity_id,
        created_at=at,
    )
    needs = {step.key: step.needs for step in template.steps}
    states = derive(dict.fromkeys(needs, State.BLOCKED), needs)
    run.steps = [
        _snapshot(step, position, run, states[step.key])
        for position, step in enumerate(template.steps, start=1)
    ]
    session.add(run)
    events.record(
        session,
        actor=actor,
        at=at,
        action=f"{kind}.started",
        subject=run.name,
        client=client,
        ticket=ticket,
        after={
            "template": f"{template.id}/{template.version}",
            "digest": published.digest,
            "anchor_on": anchor_on.isoformat(),
        },
        personal={"subject": subject},
    )
    return run


def find_run(session: Session, *, kind: str, number: int) -> Run:
    """The run of that number, with its steps.

    Raises:
        NotFoundError: there is none; the hint names the last one.
    """
    found = session.scalar(
        select(Run).where(Run.kind == kind, Run.number == number).options(selectinload(Run.steps))
    )
    if found is not None:
        return found
    last = session.scalar(select(Run).where(Run.kind == kind).order_by(Run.number.desc()).limit(1))
    raise NotFoundError(
        _("there is no run {number}").format(
            number=format_number(last.letter, number) if last else number
        ),
        hint=_("the last one is {name}").format(name=last.name)
        if last
        else _("none has been started yet"),
    )


def list_runs(
    session: Session, *, kind: str, state: str | None = None, client: str | None = None
) -> list[Run]:
    """The runs of a kind by number, with their steps."""
    query = select(Run).where(Run.kind == kind).order_by(Run.number)
    if state is not None:
        query = query.where(Run.state == state)
    if client is not None:
        query = query.where(Run.client == client)
    return list(session.scalars(query.options(selectinload(Run.steps))))


def find_step(run: Run, key: str) -> Step:
    """The step with that key, or at that position (`17`).

    Raises:
        NotFoundError: the run has none; the hint lists the nearest keys.
    """
    typed = key.strip().lower()
    for step in run.steps:
        if typed in (step.key, str(step.position)):
            return step
    raise NotFoundError(
        _("{run} has no step {key}").format(run=run.name, key=repr(key)),
        hint=did_you_mean(
            typed,
            [step.key for step in run.steps],
            otherwise=_("its steps are numbered 1 to {last}").format(last=len(run.steps)),
        ),
    )


def _snapshot(step: StepTemplate, position: int, run: Run, state: State) -> Step:
    return Step(
        position=position,
        key=step.key,
        phase=step.phase,
        text=msgspec.to_builtins(step.text),
        owner=step.owner,
        due=step.due,
        due_on=add_business_days(run.anchor_on, parse_offset(step.due), run.canton),
        needs=list(step.needs),
        checks=list(step.checks),
        same_day=step.same_day,
        evidence=step.evidence.value,
        approval=step.approval.value,
        mandatory=step.mandatory,
        state=state.value,
    )
