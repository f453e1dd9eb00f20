"""The questions that a patch preparation answers by itself, each with its proof.

A template names them; every one asks a register for a fact and never for a secret.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from opskit.checklists.checks import Check, CheckSubject, Finding
from opskit.clients import services as clients
from opskit.clients.freezes import frozen
from opskit.clients.models import Client
from opskit.core.business_days import Calendar, CalendarSource
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.patches import safe_checks
from opskit.patches.doubts import day_off
from opskit.patches.ports import LicenseFact, LicenseRegister, Safe
from opskit.patches.verdicts import failed, ok


@dataclass(frozen=True, slots=True)
class Registers:
    """Whom the checks ask. They are asked side by side, so each opens a view of its own."""

    snapshot: Callable[[], AbstractContextManager[Session]]
    licenses: LicenseRegister
    safe: Safe
    calendars: CalendarSource
    checked_days: int
    rotated_days: int


class PatchChecks:
    """The registry: the names that templates use, and what they ask."""

    def __init__(self, registers: Callable[[], Registers]) -> None:
        self._registers = registers

    def names(self) -> frozenset[str]:
        return frozenset(CHECKS)

    def checks(self) -> Mapping[str, Check]:
        registers = self._registers()
        return {name: _bound(check, registers) for name, check in CHECKS.items()}


def _bound(check: "RegisterCheck", registers: Registers) -> Check:
    return lambda about: check(registers, about)


def _contract_active(registers: Registers, about: CheckSubject) -> Finding:
    with registers.snapshot() as session:
        return contract_active(clients.find(session, about.subject), about.anchor_on)


def _covers_version(registers: Registers, about: CheckSubject) -> Finding:
    with registers.snapshot() as session:
        return covers_version(_fact(session, registers, about))


def _licensed_modules(registers: Registers, about: CheckSubject) -> Finding:
    with registers.snapshot() as session:
        client = clients.find(session, about.subject)
        return licensed_modules(client, _fact(session, registers, about))


def _fact(session: Session, registers: Registers, about: CheckSubject) -> LicenseFact:
    version = about.facts.get("version")
    if version is None:
        raise InvalidError(
            _("this list is about no version"), hint="opskit patch prepare CLIENT --to VERSION"
        )
    return registers.licenses.fact(
        session, client=about.subject, version=str(version), on=about.anchor_on
    )


def _date_not_frozen(registers: Registers, about: CheckSubject) -> Finding:
    with registers.snapshot() as session:
        client = clients.find(session, about.subject)
        reason = frozen(session, client=client.code, on=about.anchor_on)
        calendar = registers.calendars.load(session)
        return date_not_frozen(client, about.anchor_on, calendar=calendar, freeze=reason)


def _entry_exists(registers: Registers, about: CheckSubject) -> Finding:
    return safe_checks.entry_exists(registers.safe, about.subject)


def _checked_within(registers: Registers, about: CheckSubject) -> Finding:
    days = registers.checked_days
    return safe_checks.checked_within(registers.safe, about.subject, days=days, on=about.on)


def _rotated_within(registers: Registers, about: CheckSubject) -> Finding:
    days = registers.rotated_days
    return safe_checks.rotated_within(registers.safe, about.subject, days=days, on=about.on)


RegisterCheck = Callable[[Registers, CheckSubject], Finding]

CHECKS: Mapping[str, RegisterCheck] = {
    "contract.active": _contract_active,
    "license.covers-version": _covers_version,
    "license.modules": _licensed_modules,
    "safe.entry-exists": _entry_exists,
    "safe.checked-within": _checked_within,
    "safe.rotated-within": _rotated_within,
    "date.not-frozen": _date_not_frozen,
}


def contract_active(client: Client, on: date) -> Finding:
    """Maintenance has to reach the day of the patch."""
    until = client.maintenance_until
    if until is None:
        return failed(_("no maintenance contract is recorded"))
    if until < on:
        return failed(
            _("maintenance ends on {until}, before the patch on {on}").format(until=until, on=on)
        )
    return ok(_("maintenance until {until}").format(until=until), until)


def covers_version(fact: LicenseFact) -> Finding:
    return ok(fact.reason, fact.until) if fact.covered else failed(fact.reason)


def licensed_modules(client: Client, fact: LicenseFact) -> Finding:
    """What the client uses, after the directory, must be licensed."""
    missing = [code for code in client.modules if code not in fact.modules]
    if missing:
        return failed(_("not licensed: {modules}").format(modules=" ".join(missing)))
    if fact.named_users is not None and fact.named_users < client.named_users:
        return failed(
            _("{licensed} users licensed, {used} in the directory").format(
                licensed=fact.named_users, used=client.named_users
            )
        )
    return ok(
        _("{count} modules and their users are licensed").format(count=len(client.modules)),
        fact.until,
    )


def date_not_frozen(client: Client, on: date, *, calendar: Calendar, freeze: str | None) -> Finding:
    """A whole working day at the client's place, outside its freeze periods."""
    if freeze is not None:
        return failed(_("{on} is frozen: {reason}").format(on=on, reason=freeze))
    if reason := day_off(client, on, calendar=calendar):
        return failed(reason)
    if client.canton is None:
        return ok(
            _("{on} is a working day and not frozen; only national holidays are known here").format(
                on=on
            )
        )
    return ok(
        _("{on} is a working day in {canton} and not frozen").format(on=on, canton=client.canton)
    )
