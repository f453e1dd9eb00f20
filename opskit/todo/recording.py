"""A message is noted before it goes out and its outcome after, so that none goes out twice."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from opskit.core import events
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import ROLES, Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.todo.models import Outcome, Reminder
from opskit.todo.planning import Due, Message
from opskit.todo.receivers import Receiver

REMIND = "todo.remind"  # the intent
SENDERS = tuple(role for role in ROLES if role != "auditor")  # an auditor only reads
ACTIONS = {
    Outcome.SENT: "todo.reminded",
    Outcome.FAILED: "todo.reminder-failed",
    Outcome.UNKNOWN: "todo.reminder-unknown",
}


def claim(
    session: Session,
    *,
    message: Message,
    channel: str,
    message_id: str,
    at: datetime,
    actor: Identity,
) -> Intent:
    """Note that the message is about to go out.

    Raises:
        DeniedError: an auditor sends nothing.
        ConflictError: somebody else is sending one of these reminders, or has sent it.
    """
    require_role(actor, *SENDERS)
    wanted = {due.digest: due for due in message.dues}
    query = select(Reminder).where(Reminder.digest.in_(wanted)).with_for_update()
    known = {row.digest: row for row in session.scalars(query)}
    if any(row.outcome in (Outcome.SENT, Outcome.ON_ITS_WAY) for row in known.values()):
        raise ConflictError(
            _("{name} is being told by somebody else").format(name=message.receiver.name),
            hint="opskit remind",
        )
    for digest, due in wanted.items():
        row = known.get(digest) or _new_row(due, message.receiver, channel)
        row.outcome, row.message_id = Outcome.ON_ITS_WAY.value, message_id
        row.attempts, row.tried_at, row.error = row.attempts + 1, at, None
        session.add(row)
    return begin(
        session,
        kind=REMIND,
        subject=message.receiver.key,
        data={"channel": channel, "message_id": message_id, "count": len(wanted)},
        at=at,
        actor=actor,
    )


def _new_row(due: Due, receiver: Receiver, channel: str) -> Reminder:
    return Reminder(
        digest=due.digest,
        receiver=receiver.key,
        channel=channel,
        item=due.item.key,
        reason=due.reason.value,
        due_on=due.item.due,
        attempts=0,
    )


def settle(
    session: Session,
    *,
    intent: Intent,
    outcome: Outcome,
    at: datetime,
    reference: str | None = None,
    login: str | None = None,
) -> None:
    """Record what became of it; `reference` is the error's, since its words may name people."""
    session.execute(
        update(Reminder)
        .where(
            Reminder.message_id == intent.data["message_id"],
            Reminder.outcome == Outcome.ON_ITS_WAY.value,
        )
        .values(
            outcome=outcome.value, error=reference, sent_at=at if outcome is Outcome.SENT else None
        )
    )
    events.record(
        session,
        actor=intent.actor,
        at=at,
        action=ACTIONS[outcome],
        subject=intent.subject,
        after=dict(intent.data) | ({"error": reference} if reference else {}),
        personal={"login": login} if login else None,
    )
    finish(session, intent, at=at)
