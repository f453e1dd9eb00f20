"""What speaks against the day of a patch, or against another preparation: said, not refused."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import OPEN, Run
from opskit.clients.freezes import frozen
from opskit.clients.models import Client
from opskit.core.business_days import Calendar
from opskit.core.i18n import _
from opskit.patches.models import Preparation


def doubts(
    session: Session, client: Client, *, version: str, on: date, calendar: Calendar
) -> Iterator[str]:
    """A day off or half of one, a freeze period, another open preparation to that version."""
    if reason := day_off(client, on, calendar=calendar):
        yield reason
    if freeze := frozen(session, client=client.code, on=on):
        yield _("{on} is frozen: {reason}").format(on=on, reason=freeze)
    other = session.scalar(
        select(Run)
        .join(Preparation, Preparation.run_id == Run.id)
        .where(
            Run.state == OPEN,
            Run.anchor_on != on,
            Preparation.client == client.code,
            Preparation.version == version,
        )
        .limit(1)
    )
    if other is not None:
        yield _("{run} prepares {version} for {client} too, for {on}").format(
            run=other.name, version=version, client=client.code, on=other.anchor_on
        )


def day_off(client: Client, on: date, *, calendar: Calendar) -> str | None:
    """Why people do not work at the client's place on that day, or only half of it."""
    if closed := calendar.why_closed(on, client.canton):
        return _("{on} is no working day: {reason}").format(on=on, reason=closed)
    if calendar.is_half_day(on, client.canton):
        return _("{on} is a half day only").format(on=on)
    return None
