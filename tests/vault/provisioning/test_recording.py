"""A change to the safe itself, cut off, and what doctor makes of it."""

import pytest
from sqlalchemy import select

from opskit.core.errors import DeniedError, UnavailableError
from opskit.core.events import Event
from opskit.core.intents import open_intents
from opskit.wiring import repair_of
from tests.support.home import House
from vault.provisioning.recording import PROVISION, recorded

FACTS = {"policy agent": "was changed"}


def outcomes(house: House) -> list[tuple[str, object]]:
    with house.context().snapshot() as session:
        query = select(Event).where(Event.action == "vault.provisioned")
        events: list[tuple[str, object]] = [
            (event.actor, event.after) for event in session.scalars(query)
        ]
    return events[1:]  # the rights followed the first import of clients


def waiting(house: House) -> list[str]:
    with house.context().snapshot() as session:
        return [intent.kind for intent in open_intents(session)]


def test_what_came_about_is_one_event(own_house: House) -> None:
    with recorded(own_house.context(), PROVISION, FACTS):
        assert waiting(own_house) == [PROVISION]
    assert waiting(own_house) == []
    assert outcomes(own_house) == [("alice", FACTS)]


def test_a_refusal_changes_nothing_and_closes_the_intent(own_house: House) -> None:
    with (
        pytest.raises(DeniedError),
        recorded(own_house.context(), PROVISION, FACTS),
    ):
        raise DeniedError("no", hint="no")
    assert (waiting(own_house), outcomes(own_house)) == ([], [])


def test_silence_is_settled_by_the_doctor(own_house: House) -> None:
    with (
        pytest.raises(UnavailableError),
        recorded(own_house.context(), PROVISION, FACTS),
    ):
        raise UnavailableError("silent", hint="wait")
    assert waiting(own_house) == [PROVISION]
    assert repair_of(PROVISION) is not None
    assert "provision --check" in own_house.done("doctor", "--repair").out
    assert waiting(own_house) == []
    assert outcomes(own_house) == [("alice", {**FACTS, "certain": False})]
