"""A message is noted before it goes out and its outcome after, so that none goes out twice."""

from collections.abc import Sequence
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
PORTION = 1000
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
        ConflictError: somebody else is sending one of these reminders, or tried to, since the
            message was planned.
    """
    require_role(actor, *SENDERS)
    wanted = {due.digest: due for due in message.dues}
    known = _locked(session, sorted(wanted))
    tried_before = {digest: due.told for digest, due in wanted.items() if due.told is not None}
    if tried_before != {digest: row.outcome for digest, row in known.items()}:
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


def _locked(session: Session, digests: Sequence[str]) -> dict[str, Reminder]:
    """In their order, or two senders might each hold what the other waits for; and in portions,
    since no database takes any number of them in one question.
    """
    known: dict[str, Reminder] = {}
    for at in range(0, len(digests), PORTION):
        some = digests[at : at + PORTION]
        query = select(Reminder).where(Reminder.digest.in_(some)).order_by(Reminder.digest)
        known |= {row.digest: row for row in session.scalars(query.with_for_update())}
    return known


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
    """Record what became of it; `reference` is the error's, since its words may name people.

    Who sent it knows better than a repair that came in between.
    """
    session.execute(
        update(Reminder)
        .where(
            Reminder.message_id == intent.data["message_id"],
            Reminder.outcome.in_((Outcome.ON_ITS_WAY.value, Outcome.UNKNOWN.value)),
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
