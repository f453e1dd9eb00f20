"""Two people send reminders in the same moment, on both dialects: one of them does."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from opskit.core.db import transaction
from opskit.core.errors import ConflictError
from opskit.core.identity import Identity
from opskit.core.todo import TodoItem
from opskit.todo.models import Outcome, Reminder
from opskit.todo.planning import Due, Message, digest_of
from opskit.todo.reasons import Reason
from opskit.todo.receivers import Receiver
from opskit.todo.recording import claim
from tests.conftest import NOW
from tests.support.races import at_once
from tests.todo.samples import TODAY, item

NORA = Receiver("staff/1", "Nora Weber", "nora@opskit.example")
SENDER = Identity("e-alice", "alice", frozenset({"manager"}))


@pytest.mark.parametrize("outcome", [None, Outcome.FAILED])
def test_one_of_two_senders(own_engine: Engine, outcome: Outcome | None) -> None:
    """Of what is new, and of what failed before."""
    message = message_of(*(item(f"L{number}") for number in range(5)), told=outcome)
    if outcome is not None:
        with transaction(own_engine) as session:
            for due in message.dues:
                session.add(failed(due))

    def sending(message_id: str) -> Callable[[Session], object]:
        return lambda session: claim(
            session, message=message, channel="mail", message_id=message_id, at=NOW, actor=SENDER
        )

    refused = at_once(own_engine, *(sending(f"<{n}@opskit.example>") for n in (1, 2)))
    assert [type(err) for err in refused] == [ConflictError]
    with transaction(own_engine) as session:
        rows = list(session.scalars(select(Reminder)))
    assert len(rows) == 5
    assert len({row.message_id for row in rows}) == 1
    assert {row.outcome for row in rows} == {"on-its-way"}
    assert {row.attempts for row in rows} == {1 if outcome is None else 2}


def message_of(*items: TodoItem, told: Outcome | None) -> Message:
    soon = Reason.DUE_SOON
    digests = (digest_of(NORA, "mail", each, soon) for each in items)
    dues = (Due(each, soon, digest, told) for each, digest in zip(items, digests, strict=True))
    return Message(NORA, tuple(dues))


def failed(due: Due) -> Reminder:
    return Reminder(
        digest=due.digest,
        receiver=NORA.key,
        channel="mail",
        item=due.item.key,
        reason=due.reason.value,
        due_on=TODAY,
        outcome=Outcome.FAILED.value,
        message_id="<0@opskit.example>",
        attempts=1,
        tried_at=NOW,
        error="unavailable",
    )
