"""The questions of a patch preparation, each answered with its proof."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from opskit.checklists.checks import Check, CheckSubject, Finding, Verdict, ask
from opskit.clients.models import Client
from opskit.core.business_days import PUBLIC, Calendar, Closure
from opskit.core.errors import DeniedError, UnavailableError
from opskit.patches.checks import (
    PatchChecks,
    Registers,
    contract_active,
    covers_version,
    date_not_frozen,
    licensed_modules,
)
from opskit.patches.ports import LicenseFact, LicenseRegister, Safe, SafeEntry
from opskit.patches.safe_checks import checked_within, entry_exists, rotated_within
from opskit.patches.services import shipped_template

ON = date(2027, 1, 20)  # a Wednesday
AT = datetime(2026, 11, 24, tzinfo=UTC)
ABOUT = CheckSubject("DELEZE", {"version": "12.4"}, ON, date(2026, 12, 1))


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
        self,
        entries: Mapping[tuple[str, str], Sequence[str | SafeEntry]],
        *,
        tried: Mapping[str, str] | None = None,
    ) -> None:
        self._entries = entries
        self._tried = tried or {}

    def entries(self, client: str, environment: str) -> Sequence[SafeEntry]:
        return [self._entry(each) for each in self._entries.get((client, environment), [])]

    def _entry(self, known: str | SafeEntry) -> SafeEntry:
        if isinstance(known, SafeEntry):
            return known
        return (
            SafeEntry(known, self._tried[known], ON) if known in self._tried else SafeEntry(known)
        )


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


class PublicHolidays:
    """The calendar of a team without closures of its own."""

    def load(self, session: Session) -> Calendar:
        del session
        return PUBLIC


def checks_of(
    session: Session, *, licenses: LicenseRegister | None = None, safe: Safe | None = None
) -> Mapping[str, Check]:
    """The checks as wiring binds them, with these registers behind them."""
    registers = Registers(
        snapshot=lambda: nullcontext(session),
        licenses=licenses or Register(a_fact()),
        safe=safe or OpenSafe({}),
        calendars=PublicHolidays(),
        checked_days=30,
        rotated_days=365,
    )
    return PatchChecks(lambda: registers).checks()


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


def test_a_safe_that_lets_nobody_look_leaves_the_question_open() -> None:
    """Nobody knows whether the entry is there: that is no reason to call it missing."""
    error = DeniedError("carl may not look", hint="ask an admin")
    assert entry_exists(ShutSafe(error), "DELEZE") == Finding(Verdict.UNKNOWN, error.message)


def test_a_safe_that_is_away_is_told_apart() -> None:
    error = UnavailableError("the safe does not answer", hint="opskit local start")
    found = ask(lambda about: entry_exists(ShutSafe(error), about.subject), ABOUT)
    assert found == Finding(Verdict.UNKNOWN, error.message, away=error)


def test_logins_were_tried_lately() -> None:
    def found(*entries: SafeEntry) -> Finding:
        safe = OpenSafe({("DELEZE", "prod"): list(entries)})
        return checked_within(safe, "DELEZE", days=30, on=ON)

    works = SafeEntry("rdp", "works", ON - timedelta(days=30))
    assert found(works) == Finding(Verdict.OK, "in the safe: rdp (works, 2026-12-21)", ON)
    old = SafeEntry("rdp", "works", ON - timedelta(days=31))
    proof = "not tried with success in 30 days: rdp (works, 2026-12-20), vpn"
    assert found(works, old, SafeEntry("vpn")) == Finding(Verdict.FAILED, proof)


def test_secrets_are_not_older_than_a_year() -> None:
    def found(*entries: SafeEntry) -> Finding:
        safe = OpenSafe({("DELEZE", "prod"): list(entries)})
        return rotated_within(safe, "DELEZE", days=365, on=ON)

    young = SafeEntry("rdp", rotated_on=ON - timedelta(days=65))
    assert found(young) == Finding(Verdict.OK, "in the safe: rdp", ON + timedelta(days=300))
    old = SafeEntry("erp-db", rotated_on=date(2025, 1, 1))
    proof = "not rotated in 365 days: erp-db, vpn"
    assert found(young, old, SafeEntry("vpn")) == Finding(Verdict.FAILED, proof)


def test_a_safe_that_breaks_is_not_taken_for_an_answer() -> None:
    found = ask(lambda about: entry_exists(ShutSafe(ValueError("s3cret")), about.subject), ABOUT)
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
    found = date_not_frozen(a_client(canton=canton), day, calendar=PUBLIC, freeze=None)
    assert found.verdict == verdict
    expected = f"{day} is a working day in {canton} and not frozen"
    assert found.proof == expected if verdict == "ok" else found.proof.startswith(f"{day} is no ")


def test_a_frozen_day_is_no_day_for_a_patch() -> None:
    found = date_not_frozen(a_client(), ON, calendar=PUBLIC, freeze="payroll close")
    assert found == Finding(Verdict.FAILED, "2027-01-20 is frozen: payroll close")


def test_half_a_day_is_no_day_for_a_patch() -> None:
    calendar = Calendar(halves=frozenset({Closure(ON, "Fair")}))
    found = date_not_frozen(a_client(), ON, calendar=calendar, freeze=None)
    assert found == Finding(Verdict.FAILED, "2027-01-20 is a half day only")


def test_a_client_without_canton_has_national_holidays_only() -> None:
    client = a_client(canton=None)
    found = date_not_frozen(client, ON, calendar=PUBLIC, freeze=None)
    assert found.verdict == "ok"
    assert found.proof.endswith("only national holidays are known here")
    national = date_not_frozen(client, date(2028, 8, 1), calendar=PUBLIC, freeze=None)
    assert national.verdict == "failed"


def test_every_check_of_the_template_is_there(session: Session) -> None:
    asked = {name for step in shipped_template().steps for name in step.checks}
    assert asked <= set(checks_of(session))


def test_each_check_asks_about_client_version_and_day(session: Session) -> None:
    session.add(a_client())
    session.flush()
    register = Register(a_fact())
    entry = SafeEntry("erp-db", "works", ABOUT.on, ABOUT.on)
    safe = OpenSafe({("DELEZE", "prod"): [entry]})
    checks = checks_of(session, licenses=register, safe=safe)
    verdicts = {name: ask(check, ABOUT).verdict.value for name, check in checks.items()}
    assert verdicts == dict.fromkeys(checks, "ok")
    assert set(register.asked) == {("DELEZE", "12.4", ON)}


def test_a_client_who_is_gone_fails_the_check(session: Session) -> None:
    about = CheckSubject("GONE", {"version": "12.4"}, ON, ON)
    assert ask(checks_of(session)["contract.active"], about) == Finding(
        Verdict.FAILED, "there is no client GONE"
    )
