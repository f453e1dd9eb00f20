"""Deliveries and mails on their way, in the database."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.delivery.mailing import MAILED, Receiver, receiver
from licenses.services import deliveries, requests
from opskit.clients.models import Client
from opskit.core.errors import DeniedError, InvalidError, NotFoundError
from opskit.core.events import Event
from opskit.core.identity import Identity
from opskit.core.intents import open_intents
from tests.licenses.lifecycle import AT, SALLY, KeyRing, issued

USUAL = Receiver("it@deleze.example", "Noah Beguin")
MESSAGE_ID = "<1@vendor.example>"
EVE = Identity("e-eve", "eve", frozenset({"auditor"}))


def test_a_mail_is_one_delivery_of_two_forms(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer)
    deliveries.deliver(
        session,
        record=record,
        forms=MAILED,
        received_by=USUAL.address,
        at=AT,
        actor=SALLY,
        message_id=MESSAGE_ID,
    )
    session.expire_all()
    (found,) = deliveries.deliveries_of(session, record.serial)
    assert (found.form, found.mailed, found.received_by) == ("file pdf", True, USUAL.address)
    assert requests.find(session, record.request_number).state == "delivered"


def test_a_failure_leaves_the_licence_undelivered(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer)
    intent = deliveries.begin_mail(
        session, record=record, forms=MAILED, message_id=MESSAGE_ID, at=AT, actor=SALLY
    )
    assert intent.data == {
        "serial": record.serial,
        "form": "file pdf",
        "message_id": MESSAGE_ID,
    }
    deliveries.end_mail(
        session, intent=intent, outcome=deliveries.FAILED, at=AT, reference="invalid"
    )
    assert open_intents(session) == []
    assert requests.find(session, record.request_number).state == "issued"
    assert deliveries.deliveries_of(session, record.serial) == []
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (event.action, event.client) == ("license.delivery-failed", "DELEZE")
    assert event.after == {"form": "file pdf", "error": "invalid", "message_id": MESSAGE_ID}


def test_who_may_not_deliver_begins_nothing(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer)
    with pytest.raises(DeniedError):
        deliveries.begin_mail(
            session, record=record, forms=MAILED, message_id=MESSAGE_ID, at=AT, actor=EVE
        )
    assert open_intents(session) == []


@pytest.mark.parametrize(
    ("typed", "whom"),
    [
        (None, USUAL),
        ("it@deleze.example", USUAL),
        ("anna@deleze.example", Receiver("anna@deleze.example")),
        (' "Anna Kern" <anna@deleze.example> ', Receiver("anna@deleze.example", "Anna Kern")),
        ("<it@deleze.example>", USUAL),
    ],
)
def test_whom_a_mail_goes_to(typed: str | None, whom: Receiver) -> None:
    assert receiver(typed, usual=USUAL) == whom


def test_whom_no_mail_goes_to() -> None:
    too_long = f"{'a' * 250}@b.ch"  # as its row of the register would be
    for typed in ("Noah", "", "<>", "a@b.ch, c@d.ch", "A <a@b.ch>, C <c@d.ch>", too_long):
        with pytest.raises(InvalidError, match="no mail address"):
            receiver(typed, usual=USUAL)
    with pytest.raises(NotFoundError):
        receiver(None, usual=Receiver(""))
