"""Each reminder once: planned, noted before it goes out, settled after."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.errors import ConflictError, DeniedError
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from opskit.core.todo import TodoItem
from opskit.todo.models import Outcome, Reminder
from opskit.todo.planning import Plan, plan
from opskit.todo.reasons import Reason
from opskit.todo.receivers import Receiver, Share, Shares
from opskit.todo.recording import claim, settle
from tests.conftest import NOW
from tests.todo.samples import DAY, TODAY, item

NORA = Receiver("staff/1", "Nora Weber", "nora@opskit.example", "en", "nora")
SECOND = timedelta(seconds=1)


def planned(
    session: Session, items: Sequence[TodoItem], *, days: int = 0, again: bool = False
) -> Plan:
    shares = Shares((Share(NORA, tuple(items)),))
    today = TODAY + days * DAY
    return plan(session, shares, channel="mail", today=today, again=again)


def subjects(made: Plan) -> list[str]:
    return [due.item.subject for message in made.messages for due in message.dues]


def sent(
    session: Session, made: Plan, alice: Identity, *, outcome: Outcome | None = Outcome.SENT
) -> None:
    """Every message, with that outcome; None: a crash came between."""
    for number, message in enumerate(made.messages):
        message_id = f"<{number}.{len(session.new)}@opskit.example>"
        intent = claim(
            session, message=message, channel="mail", message_id=message_id, at=NOW, actor=alice
        )
        session.flush()
        if outcome is not None:
            reference = None if outcome is Outcome.SENT else "unavailable"
            settle(
                session,
                intent=intent,
                outcome=outcome,
                at=NOW + SECOND,
                reference=reference,
                login="nora",
            )
    session.flush()
    session.expire_all()


def rows(session: Session) -> list[Reminder]:
    return list(session.scalars(select(Reminder).order_by(Reminder.item)))


def test_once_on_a_day_and_again_when_it_is_late(session: Session, alice: Identity) -> None:
    items = [item("L1", TODAY + DAY), item("L2", TODAY + 9 * DAY)]
    first = planned(session, items)
    assert (subjects(first), first.before) == (["L1"], 0)
    sent(session, first, alice)
    second = planned(session, items)
    assert (second.messages, second.before, second.doubts) == ((), 1, ())
    assert planned(session, items, days=1).messages == ()
    late = planned(session, items, days=2)
    assert [due.reason for due in late.messages[0].dues] == [Reason.LATE]
    sent(session, late, alice)
    assert planned(session, items, days=6).before == 1
    assert subjects(planned(session, items, days=8)) == ["L1", "L2"]


def test_a_new_item_goes_out_alone(session: Session, alice: Identity) -> None:
    sent(session, planned(session, [item("L1")]), alice)
    made = planned(session, [item("L1"), item("L2")])
    assert (subjects(made), made.before) == (["L2"], 1)


def test_another_day_is_another_reminder(session: Session, alice: Identity) -> None:
    sent(session, planned(session, [item("P7", TODAY)]), alice)
    assert subjects(planned(session, [item("P7", TODAY + DAY)])) == ["P7"]


def test_other_words_are_none(session: Session, alice: Identity) -> None:
    sent(session, planned(session, [item("P7")]), alice)
    assert planned(session, [item("P7", what="à renouveler")]).messages == ()


def test_what_failed_is_tried_again(session: Session, alice: Identity) -> None:
    items = [item("L1")]
    sent(session, planned(session, items), alice, outcome=Outcome.FAILED)
    (row,) = rows(session)
    assert (row.outcome, row.error, row.attempts, row.sent_at) == ("failed", "unavailable", 1, None)
    made = planned(session, items)
    assert subjects(made) == ["L1"]
    sent(session, made, alice)
    (row,) = rows(session)
    assert (row.outcome, row.error, row.attempts) == ("sent", None, 2)
    assert row.sent_at == NOW + SECOND
    assert planned(session, items).messages == ()


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, None])
def test_what_nobody_knows_is_told_and_not_sent(
    session: Session, alice: Identity, outcome: Outcome | None
) -> None:
    items = [item("L1"), item("L2")]
    sent(session, planned(session, items), alice, outcome=outcome)
    made = planned(session, items)
    assert (made.messages, made.before) == ((), 0)
    (doubt,) = made.doubts
    assert (doubt.receiver, doubt.items) == (NORA, 2)
    assert doubt.message_id == rows(session)[0].message_id
    again = planned(session, items, again=True)
    assert subjects(again) == (["L1", "L2"] if outcome else [])
    assert (again.before, len(again.doubts)) == (0, 0 if outcome else 1)


def test_nobody_claims_what_another_is_sending(session: Session, alice: Identity) -> None:
    made = planned(session, [item("L1")])
    sent(session, made, alice, outcome=None)
    with pytest.raises(ConflictError, match="Nora Weber is being told by somebody else"):
        sent(session, made, alice)


def test_what_became_doubtful_meanwhile_is_not_sent_again(
    session: Session, alice: Identity
) -> None:
    """Two people plan the same; nobody knows what became of the first one's try."""
    items = [item("L1")]
    sent(session, planned(session, items), alice, outcome=Outcome.FAILED)
    one, other = planned(session, items), planned(session, items)
    sent(session, one, alice, outcome=Outcome.UNKNOWN)
    with pytest.raises(ConflictError):
        sent(session, other, alice)


def test_who_sends_knows_better_than_who_repaired_meanwhile(
    session: Session, alice: Identity
) -> None:
    (message,) = planned(session, [item("L1")]).messages
    intent = claim(
        session, message=message, channel="mail", message_id="<1@x>", at=NOW, actor=alice
    )
    session.flush()
    for outcome in (Outcome.UNKNOWN, Outcome.SENT):
        settle(session, intent=intent, outcome=outcome, at=NOW)
    session.expire_all()
    assert rows(session)[0].outcome == "sent"


def test_an_auditor_sends_nothing(session: Session) -> None:
    auditor = Identity("e-ann", "ann", frozenset({"auditor"}))
    with pytest.raises(DeniedError):
        sent(session, planned(session, [item("L1")]), auditor)


def test_what_stands_in_the_log(session: Session, alice: Identity) -> None:
    sent(session, planned(session, [item("L1"), item("L2")]), alice)
    (event,) = session.scalars(select(Event))
    assert (event.action, event.subject) == ("todo.reminded", "staff/1")
    assert event.after == {"channel": "mail", "message_id": rows(session)[0].message_id, "count": 2}
    assert (event.personal or {})["login"] == "nora"
    assert open_intents(session) == []
    assert [row.receiver for row in rows(session)] == ["staff/1", "staff/1"]


def test_an_open_intent_says_what_was_under_way(session: Session, alice: Identity) -> None:
    sent(session, planned(session, [item("L1")]), alice, outcome=None)
    (intent,) = open_intents(session)
    assert (intent.kind, intent.subject, intent.data["count"]) == ("todo.remind", "staff/1", 1)
    assert "nora" not in str(intent.data)


def test_the_most_pressing_comes_first(session: Session) -> None:
    days = {"soon": 1, "late": -2, "week": -8, "today": 0}
    items = [item(name, TODAY + n * DAY) for name, n in days.items()] + [item("open", None)]
    assert subjects(planned(session, items)) == ["week", "late", "today", "soon", "open"]


def test_the_same_item_of_two_sources_is_one(session: Session) -> None:
    assert subjects(planned(session, [item("L1"), item("L1")])) == ["L1"]


def test_a_channel_of_its_own_has_reminders_of_its_own(session: Session, alice: Identity) -> None:
    items = (item("L1"),)
    sent(session, planned(session, items), alice)
    shares = Shares((Share(NORA, items),))
    assert subjects(plan(session, shares, channel="webhook", today=TODAY)) == ["L1"]
    other = Shares((Share(replace(NORA, key="staff/2"), items),))
    assert subjects(plan(session, other, channel="mail", today=TODAY)) == ["L1"]


def test_thousands_of_things_are_one_message(session: Session, alice: Identity) -> None:
    items = [item(f"L{n}") for n in range(3000)]
    made = planned(session, items)
    assert [len(message.dues) for message in made.messages] == [3000]
    sent(session, made, alice)
    assert planned(session, items).before == 3000
