"""Runs and their steps, found again."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from opskit.checklists.models import Run, Step
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import format_number, parse_number
from opskit.core.text import did_you_mean

LONG = 10  # digits: no database counts as far


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


def read_number(session: Session, text: str, *, letter: str) -> int:
    """The number of a run as people say it, `K3` or `3`.

    Raises:
        InvalidError: it is none of this kind; where another kind has it, the hint says where.
    """
    try:
        return parse_number(letter, text)
    except InvalidError as err:
        other = _called(session, text.strip().upper())
        hint = err.hint if other is None else f"opskit {other.kind} show {other.name}"
        raise InvalidError(err.message, hint=hint) from err


def _called(session: Session, name: str) -> Run | None:
    """The run of any kind that is called so."""
    letter, number = name[:1], name[1:]
    if not (number.isdecimal() and len(number) < LONG):
        return None
    return session.scalar(select(Run).where(Run.letter == letter, Run.number == int(number)))


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


def latest_names(session: Session, *, kind: str, most: int) -> list[str]:
    """What the newest runs of a kind are called, without their steps."""
    query = select(Run.letter, Run.number).where(Run.kind == kind)
    rows = session.execute(query.order_by(Run.number.desc()).limit(most))
    return [format_number(row.letter, row.number) for row in rows]


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
