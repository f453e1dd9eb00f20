"""What the features beside onboarding keep of a person, for whoever demands to be told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.todo.models import Reminder


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
