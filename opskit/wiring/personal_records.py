"""What the features beside onboarding keep of a person, for whoever demands to be told."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from opskit.todo.models import Reminder

DIGEST_BYTES = 32  # of a SHA-256


class RecordsOfTheHouse:
    """The `PersonalRecords` of onboarding."""

    def of_person(
        self, session: Session, subject: str
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Reminders: on what, why, by which channel, when."""
        told = select(Reminder).where(Reminder.receiver == subject).order_by(Reminder.tried_at)
        reminders = [
            {
                "item": each.item,
                "reason": each.reason,
                "channel": each.channel,
                "outcome": each.outcome,
                "tried_at": each.tried_at.isoformat(),
            }
            for each in session.scalars(told)
        ]
        return {"reminders": reminders}

    def texts(self) -> Sequence[InstrumentedAttribute[Any]]:
        """Why nobody patches, why the team is closed, and who received a licence."""
        from licenses.models import LicenseDelivery
        from opskit.calendar.models import CalendarClosure
        from opskit.clients.models import FreezePeriod

        return (FreezePeriod.reason, CalendarClosure.name, LicenseDelivery.received_by)

    def forget(self, session: Session, *, login: str, pseudonym: str) -> None:
        """Reminders to others name whom they were about; so did what their digest was made of."""
        named = Reminder.item.contains(login, autoescape=True)
        for each in session.scalars(select(Reminder).where(named)).all():
            words = each.item.split(" ")
            if login in words:
                each.item = " ".join(pseudonym if word == login else word for word in words)
                each.digest = secrets.token_hex(DIGEST_BYTES)
        session.flush()
