"""What a person is told of what is kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy.orm import InstrumentedAttribute, Session

from onboarding.privacy.own_data import own_data
from onboarding.reviews.models import ReviewNote
from onboarding.services import Walk
from opskit.checklists import services as checklists
from opskit.core.errors import DeniedError
from opskit.core.identity import Identity
from tests.onboarding.walkers import ADMIN, AT, person, walk

ZOE = Identity("e-zdeleze", "zdeleze", frozenset({"consultant"}))
MARIA = Identity("e-mruiz", "mruiz", frozenset({"agent"}))


class Elsewhere:
    """A feature that keeps one row."""

    def of_person(
        self, session: Session, subject: str
    ) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        del session
        return {"reminders": [{"item": subject}]}

    def texts(self) -> Sequence[InstrumentedAttribute[Any]]:
        return ()

    def forget(self, session: Session, *, login: str, pseudonym: str) -> None:
        raise NotImplementedError


@pytest.fixture
def zoe(session: Session) -> Walk:
    maria = person(session, "mruiz", "Maria Ruiz")
    walked = walk(session, person(session, "zdeleze", "Zoé Délèze", "consultant"), maria)
    checklists.comment(session, run=walked.run, key=None, text="quick", at=AT, actor=MARIA)
    for circle in ("newcomer", "mentor", "manager"):
        session.add(
            ReviewNote(
                run_number=walked.run.number,
                kind="day-30",
                circle=circle,
                text=f"for {circle}",
                written_by="e-mruiz",
                written_at=AT,
            )
        )
    session.flush()
    return walked


def told(session: Session, walked: Walk, asker: Identity) -> dict[str, Any]:
    return own_data(session, walked.person, asker=asker, elsewhere=Elsewhere())


def test_everything_about_oneself(session: Session, zoe: Walk) -> None:
    found = told(session, zoe, ZOE)
    assert list(found) == [
        *("person", "absences", "paths", "steps", "answers", "comments", "decisions"),
        *("ratings", "sign_offs", "reviews", "notes", "leaving", "reminders", "events"),
    ]
    assert found["person"]["name"] == "Zoé Délèze"
    assert len(found["steps"]) == 33
    assert found["steps"][0]["run"] == zoe.run.name
    assert [each["text"] for each in found["comments"]] == ["quick"]
    assert {event["subject"] for event in found["events"]} == {zoe.person.subject, zoe.run.name}
    assert found["reminders"] == [{"item": zoe.person.subject}]
    json.dumps(found)
    assert "salt" not in found["events"][0]


def test_notes_for_managers_are_in_an_admins_answer_alone(session: Session, zoe: Walk) -> None:
    own = [each["text"] for each in told(session, zoe, ZOE)["notes"]]
    assert own == ["for newcomer"]
    formal = [each["text"] for each in told(session, zoe, ADMIN)["notes"]]
    assert formal == ["for newcomer", "for mentor", "for manager"]


def test_nobody_else_is_told(session: Session, zoe: Walk) -> None:
    with pytest.raises(DeniedError, match="the data of Zoé Délèze is for that person"):
        told(session, zoe, MARIA)
