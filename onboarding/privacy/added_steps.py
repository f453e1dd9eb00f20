"""Steps that somebody put on a list beside its template: what they ask is a text about a person.

It is kept once for all lists, under its digest. A step gets another text with its own digest; the
row of the old one is emptied when no list asks it any more. Templates are published and stay.
"""

from collections.abc import Iterator

from msgspec import convert, to_builtins
from msgspec.structs import replace
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from onboarding.privacy.pseudonyms import GONE, Traits, replaced_in
from onboarding.privacy.traces import Traces
from opskit.checklists.models import Definition, PublishedTemplate, Step
from opskit.checklists.template_parts import StepTemplate, Words, step_of


def forget_added_steps(session: Session, traces: Traces) -> int:
    """On the person's own lists the texts go, on others' the name is replaced; how many."""
    own = Step.run_id.in_(traces.run_ids)
    theirs = set(session.scalars(select(Step.digest).where(own)))
    changed = 0
    for digest, asked in list(_added(session)):
        gone = replace(asked, text=Words(fr=GONE, en=GONE))
        renamed = replace(asked, text=_renamed(asked.text, traces.traits))
        found = _ask_instead(session, digest, gone, own) if digest in theirs else 0
        if renamed != asked:
            found += _ask_instead(session, digest, renamed, ~own)
        if found:
            _empty_unless_asked(session, digest, gone)
        changed += found
    return changed


def _added(session: Session) -> Iterator[tuple[str, StepTemplate]]:
    """What is asked by no published template."""
    templates = session.scalars(select(PublishedTemplate))
    published = {step.digest for each in templates for step in each.content.steps}
    for digest, body in session.execute(select(Definition.digest, Definition.body)):
        if digest not in published:
            yield digest, step_of(body)


def _renamed(text: Words, traits: Traits) -> Words:
    return convert(replaced_in(traits, to_builtins(text)), Words)


def _ask_instead(
    session: Session, digest: str, asked: StepTemplate, where: ColumnElement[bool]
) -> int:
    """How many steps ask something else now."""
    meant = (Step.digest == digest) & where
    if asked.digest == digest or session.scalar(select(Step.key).where(meant).limit(1)) is None:
        return 0
    if session.get(Definition, asked.digest) is None:
        session.add(Definition(digest=asked.digest, body=asked.body))
        session.flush()
    moved = session.execute(update(Step).where(meant).values(digest=asked.digest))
    return int(getattr(moved, "rowcount", 0))


def _empty_unless_asked(session: Session, digest: str, gone: StepTemplate) -> None:
    if session.scalar(select(Step.key).where(Step.digest == digest).limit(1)) is None:
        old = update(Definition).where(Definition.digest == digest)
        session.execute(old.values(body=gone.body))
