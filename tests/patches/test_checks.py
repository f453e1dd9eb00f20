"""The questions of a patch preparation, each answered with its proof."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from opskit.checklists.checks import CheckSubject, Finding, Verdict, ask
from opskit.clients.models import Client
from opskit.core.errors import DeniedError, UnavailableError
from opskit.patches.checks import (
    checks_for,
    contract_active,
    covers_version,
    date_not_frozen,
    entry_exists,
    licensed_modules,
    patch_date,
)
from opskit.patches.ports import LicenseFact, SafeEntry
from opskit.patches.services import template

ON = date(2027, 1, 20)  # a Wednesday
AT = datetime(2026, 11, 24, tzinfo=UTC)


def a_client(**changes: Any) -> Client:
    facts: dict[str, Any] = {
        "code": "DELEZE",
        "number": 20000,
        "name": "Délèze",
        "city": "Sion",
        "canton": "VS",
        "language": "fr",
        "contact": "",
        "email": "",
        "contract": "gold",
        "maintenance_until": date(2027, 11, 4),
        "erp_version": "11.9",
        "modules": ["FIN", "AP"],
        "named_users": 60,
        "pole": "back-office",
        "created_at": AT,
        "updated_at": AT,
    }
    return Client(**{**facts, **changes})


def a_fact(**changes: Any) -> LicenseFact:
    facts: dict[str, Any] = {
        "covered": True,
        "reason": "L1001: covers 12.4",
        "until": date(2027, 11, 4),
        "modules": frozenset({"FIN", "AP", "AR"}),
        "named_users": 60,
    }
    return LicenseFact(**{**facts, **changes})


class OpenSafe:
    """A safe that holds what it is given: names by client and environment, each tried or not."""

    def __init__(
        self, entries: dict[tuple[str, str], list[str]], *, tried: Mapping[str, str] | None = None
    ) -> None:
        self._entries = entries
        self._tried = tried or {}

    def entries(self, client: str, environment: str) -> Sequence[SafeEntry]:
        names = self._entries.get((client, environment), [])
        return [
            SafeEntry(name, self._tried[name], ON) if name in self._tried else SafeEntry(name)
            for name in names
        ]


class ShutSafe:
    """A safe that answers nobody."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def entries(self, client: str, environment: str) -> Sequence[SafeEntry]:
        del client, environment
        raise self._error


class Register:
    """A register with one answer, which remembers what it was asked."""

    def __init__(self, fact: LicenseFact) -> None:
        self._fact = fact
        self.asked: list[tuple[str, str, date]] = []

    def fact(self, session: Session, *, client: str, version: str, on: date) -> LicenseFact:
        del session
        self.asked.append((client, version, on))
        return self._fact


@pytest.mark.parametrize(
    ("until", "finding"),
    [
        (None, Finding(Verdict.FAILED, "no maintenance contract is recorded")),
        (
            date(2027, 1, 19),
            Finding(
                Verdict.FAILED, "maintenance ends on 2027-01-19, before the patch on 2027-01-20"
            ),
        ),
        (ON, Finding(Verdict.OK, "maintenance until 2027-01-20", ON)),
        (
            date(2027, 11, 4),
            Finding(Verdict.OK, "maintenance until 2027-11-04", date(2027, 11, 4)),
        ),
    ],
)
def test_the_contract_reaches_the_day(until: date | None, finding: Finding) -> None:
    assert contract_active(a_client(maintenance_until=until), ON) == finding


def test_the_register_speaks_for_itself() -> None:
    assert covers_version(a_fact()) == Finding(Verdict.OK, "L1001: covers 12.4", date(2027, 11, 4))
    assert covers_version(a_fact(covered=False, reason="no licence")) == Finding(
        Verdict.FAILED, "no licence"
    )


@pytest.mark.parametrize(
    ("client", "fact", "verdict", "proof"),
    [
        ({}, {}, "ok", "2 modules and their users are licensed"),
        ({}, {"named_users": None}, "ok", "2 modules and their users are licensed"),
        ({"modules": []}, {"modules": frozenset()}, "ok", "0 modules and their users are licensed"),
        ({}, {"named_users": 59}, "failed", "59 users licensed, 60 in the directory"),
        ({"modules": ["FIN", "BI", "API"]}, {}, "failed", "not licensed: BI API"),
        ({"modules": ["BI"]}, {"named_users": 1}, "failed", "not licensed: BI"),
    ],
)
def test_modules_and_users(
    client: dict[str, Any], fact: dict[str, Any], verdict: str, proof: str
) -> None:
    found = licensed_modules(a_client(**client), a_fact(**fact))
    assert (found.verdict, found.proof) == (verdict, proof)


def test_there_is_a_way_in() -> None:
    safe = OpenSafe({("DELEZE", "prod"): ["erp-db", "rdp"], ("DELEZE", "test"): ["x"]})
    assert entry_exists(safe, "DELEZE") == Finding(Verdict.OK, "in the safe: erp-db, rdp")
    tried = OpenSafe({("DELEZE", "prod"): ["erp-db", "rdp"]}, tried={"erp-db": "works"})
    assert entry_exists(tried, "DELEZE") == Finding(
        Verdict.OK, f"in the safe: erp-db (works, {ON}), rdp"
    )
    refused = OpenSafe({("DELEZE", "prod"): ["erp-db", "rdp"]}, tried={"erp-db": "refused"})
    assert entry_exists(refused, "DELEZE") == Finding(
        Verdict.FAILED, f"in the safe: erp-db (refused, {ON})"
    )
    only_test = OpenSafe({("DELEZE", "test"): ["x"], ("BETSCH", "prod"): ["y"]})
    assert entry_exists(only_test, "DELEZE") == Finding(
        Verdict.FAILED, "the safe has no entry DELEZE/prod"
    )


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError("the safe does not answer", hint="opskit local start"),
        DeniedError("carl may not look", hint="ask an admin"),
    ],
)
def test_a_safe_that_does_not_answer_leaves_the_question_open(
    error: UnavailableError | DeniedError,
) -> None:
    """Nobody knows whether the entry is there: that is no reason to call it missing."""
    assert entry_exists(ShutSafe(error), "DELEZE") == Finding(Verdict.UNKNOWN, error.message)


def test_a_safe_that_breaks_is_not_taken_for_an_answer() -> None:
    about = CheckSubject("DELEZE", {"version": "12.4", "on": "2027-01-20"}, ON)
    found = ask(lambda about: entry_exists(ShutSafe(ValueError("s3cret")), about.subject), about)
    assert found == Finding(Verdict.FAILED, "the check broke: ValueError")


@pytest.mark.parametrize(
    ("day", "canton", "verdict"),
    [
        (ON, "VS", "ok"),
        (date(2027, 1, 23), "VS", "failed"),  # a Saturday
        (date(2027, 8, 1), "VS", "failed"),  # the national day, and a Sunday
        (date(2028, 8, 1), "GE", "failed"),  # the national day, a Tuesday
        (date(2027, 3, 19), "VS", "failed"),  # Saint Joseph in Valais
        (date(2027, 3, 19), "NE", "ok"),  # and nowhere in Neuchâtel
        (date(2027, 3, 1), "NE", "failed"),  # the Republic's day
    ],
)
def test_people_work_on_that_day_at_the_clients_place(day: date, canton: str, verdict: str) -> None:
    found = date_not_frozen(a_client(canton=canton), day)
    assert found.verdict == verdict
    assert f"{day} is " in found.proof
    assert found.proof.split(";")[0].endswith(f"working day in {canton}")


def test_the_day_is_a_fact_of_the_run() -> None:
    assert patch_date(CheckSubject("DELEZE", {"on": "2027-01-20"}, date(2026, 12, 1))) == ON


def test_every_check_of_the_template_is_there(session: Session) -> None:
    known = checks_for(session, register=Register(a_fact()), safe=OpenSafe({}))
    assert {name for step in template().steps for name in step.checks} == set(known)


def test_each_check_asks_about_client_version_and_day(session: Session) -> None:
    session.add(a_client())
    session.flush()
    register = Register(a_fact())
    safe = OpenSafe({("DELEZE", "prod"): ["erp-db"]})
    checks = checks_for(session, register=register, safe=safe)
    about = CheckSubject("DELEZE", {"version": "12.4", "on": "2027-01-20"}, date(2026, 12, 1))
    verdicts = {name: ask(check, about).verdict.value for name, check in checks.items()}
    assert verdicts == dict.fromkeys(checks, "ok")
    assert set(register.asked) == {("DELEZE", "12.4", ON)}


def test_a_client_who_is_gone_fails_the_check(session: Session) -> None:
    checks = checks_for(session, register=Register(a_fact()), safe=OpenSafe({}))
    about = CheckSubject("GONE", {"version": "12.4", "on": "2027-01-20"}, ON)
    assert ask(checks["contract.active"], about) == Finding(
        Verdict.FAILED, "there is no client GONE"
    )
