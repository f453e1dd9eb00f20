"""Who is away when, and who may know why, on both databases."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.errors import DeniedError, NotFoundError
from opskit.core.events import Event, verify_chain
from opskit.core.identity import Identity
from opskit.core.periods import Period
from opskit.staff import absences, services
from opskit.staff.absences import Away
from opskit.staff.models import Absence, AbsenceReason, Person

FIRST, LAST = date(2027, 2, 15), date(2027, 2, 26)
WEEKS = Period(FIRST, LAST)
ONE_DAY = timedelta(days=1)


class Desk:
    """Bob and Camille, and who records something of them."""

    def __init__(self, session: Session, at: datetime, manager: Identity, bob: Identity) -> None:
        self.session, self.at, self.manager, self.bob = session, at, manager, bob
        self.bobs = self._person("bob", "Bob Blum", "e-bob")
        self.camille = self._person("cperret", "Camille Perret", None)

    def add(
        self,
        person: Person,
        period: Period = WEEKS,
        reason: AbsenceReason = AbsenceReason.HOLIDAY,
        actor: Identity | None = None,
    ) -> Away:
        return absences.add(
            self.session,
            person=person,
            period=period,
            reason=reason,
            at=self.at,
            actor=actor or self.manager,
        )

    def end(self, number: int, actor: Identity | None = None) -> tuple[Away, bool]:
        return absences.end(self.session, number=number, at=self.at, actor=actor or self.manager)

    def events(self) -> list[Event]:
        query = select(Event).where(Event.action.startswith("staff.absence"))
        return list(self.session.scalars(query.order_by(Event.id)))

    def _person(self, login: str, name: str, entity: str | None) -> Person:
        person = services.ensure_person(
            self.session, login=login, name=name, at=self.at, actor=self.manager
        )
        person.entity_id = entity
        self.session.flush()
        return person


@pytest.fixture
def manager() -> Identity:
    return Identity("e-mona", "mona", frozenset({"manager"}))


@pytest.fixture
def desk(session: Session, now: datetime, manager: Identity, bob: Identity) -> Desk:
    return Desk(session, now, manager, bob)


def test_somebody_is_away_from_the_first_to_the_last_day(desk: Desk) -> None:
    desk.add(desk.camille)
    desk.add(desk.bobs, Period(LAST, LAST))
    assert absences.absent(desk.session, on=FIRST) == {"cperret"}
    assert absences.absent(desk.session, on=LAST) == {"bob", "cperret"}
    assert absences.absent(desk.session, on=FIRST - ONE_DAY) == set()
    assert absences.absent(desk.session, on=LAST + ONE_DAY) == set()


def test_a_planner_asks_once_for_everybody(desk: Desk) -> None:
    later = Period(date(2027, 7, 1), date(2027, 7, 31))
    desk.add(desk.camille, later)
    desk.add(desk.camille)
    desk.add(desk.bobs, Period(date(2028, 1, 1), date(2028, 1, 2)))
    found = absences.absences_between(desk.session, FIRST, later.first)
    assert found == {"cperret": (WEEKS, later)}
    assert found["cperret"][0].covers(LAST)
    assert absences.absences_between(desk.session, LAST + ONE_DAY, LAST + ONE_DAY) == {}


def test_absences_of_one_person_may_overlap(desk: Desk) -> None:
    desk.add(desk.camille)
    desk.add(desk.camille, Period(FIRST, FIRST), AbsenceReason.ILLNESS)
    assert absences.absent(desk.session, on=FIRST) == {"cperret"}
    assert len(absences.absences_between(desk.session, FIRST, FIRST)["cperret"]) == 2


def test_what_ended_is_kept_and_counts_no_more(desk: Desk) -> None:
    away = desk.add(desk.camille)
    assert desk.end(away.number) == (away, True)
    assert desk.end(away.number) == (away, False)
    assert absences.absent(desk.session, on=FIRST) == set()
    assert desk.session.get_one(Absence, away.number).withdrawn_at == desk.at
    assert [each.action for each in desk.events()] == [
        "staff.absence-added",
        "staff.absence-ended",
    ]
    with pytest.raises(NotFoundError, match="there is no absence 999") as caught:
        desk.end(999)
    assert caught.value.hint == "opskit staff absence list"


def test_what_stays_for_good_says_neither_who_nor_when_nor_why(desk: Desk) -> None:
    away = desk.add(desk.camille, reason=AbsenceReason.ILLNESS)
    (event,) = desk.events()
    assert (event.subject, event.before) == (desk.camille.subject, None)
    assert event.after == {"number": away.number}
    assert event.personal == {
        "actor": "mona",
        "login": "cperret",
        "from": "2027-02-15",
        "until": "2027-02-26",
        "reason": "illness",
    }
    assert verify_chain(desk.session).faults == ()


def test_everybody_records_the_own_absences(desk: Desk) -> None:
    away = desk.add(desk.bobs, actor=desk.bob)
    assert desk.end(away.number, actor=desk.bob)[1]
    with pytest.raises(DeniedError, match="the absences of cperret are recorded by that person"):
        desk.add(desk.camille, actor=desk.bob)
    hers = desk.add(desk.camille)
    with pytest.raises(DeniedError) as caught:
        desk.end(hers.number, actor=desk.bob)
    assert caught.value.hint == "ask cperret or a manager"
    assert absences.absent(desk.session, on=FIRST) == {"cperret"}


def test_somebody_the_safe_does_not_know_is_nobody_elses_own(desk: Desk) -> None:
    nobody = Identity("", "", frozenset())
    with pytest.raises(DeniedError):
        desk.add(desk.camille, actor=nobody)


def test_an_admin_records_anybodys(desk: Desk) -> None:
    admin = Identity("e-ada", "ada", frozenset({"admin"}))
    assert desk.add(desk.camille, actor=admin).reason == "holiday"


def test_why_is_for_the_person_and_the_manager_alone(desk: Desk) -> None:
    desk.add(desk.camille, reason=AbsenceReason.ILLNESS)
    desk.add(desk.bobs, reason=AbsenceReason.TRAINING)

    def told(asker: Identity) -> list[tuple[str, str | None]]:
        found = absences.list_absences(desk.session, asker=asker, first=FIRST)
        return [(each.login, each.reason) for each in found]

    assert told(desk.bob) == [("bob", "training"), ("cperret", None)]
    assert told(desk.manager) == [("bob", "training"), ("cperret", "illness")]


def test_the_list_is_of_a_period_and_a_person(desk: Desk) -> None:
    desk.add(desk.camille)
    desk.add(desk.bobs)

    def logins(first: date, last: date | None = None, person: Person | None = None) -> list[str]:
        found = absences.list_absences(
            desk.session, asker=desk.bob, first=first, last=last, person=person
        )
        return [each.login for each in found]

    assert logins(LAST) == ["bob", "cperret"]
    assert logins(LAST, person=desk.camille) == ["cperret"]
    assert logins(LAST + ONE_DAY) == []
    assert logins(date(2027, 1, 1), FIRST - ONE_DAY) == []
    assert logins(date(2027, 1, 1), FIRST) == ["bob", "cperret"]
