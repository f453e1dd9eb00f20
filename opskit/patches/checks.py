"""The questions that a patch preparation answers by itself, each with its proof.

A template names them; every one asks a register for a fact and never for a secret.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from opskit.checklists.checks import Check, CheckSubject, Finding, Verdict
from opskit.clients import services as clients
from opskit.clients.models import Client
from opskit.core.business_days import is_business_day
from opskit.core.errors import DeniedError, UnavailableError
from opskit.core.i18n import _
from opskit.core.words import in_words
from opskit.patches.ports import LicenseFact, LicenseRegister, Safe, SafeEntry

PRODUCTION = "prod"
REFUSED = "refused"  # what `opskit vault check` notes where a login was not let in


def checks_for(session: Session, *, register: LicenseRegister, safe: Safe) -> Mapping[str, Check]:
    """The registry for one run: the names that templates use, and what they ask."""

    def client_of(about: CheckSubject) -> Client:
        return clients.find(session, about.subject)

    def license_of(about: CheckSubject) -> LicenseFact:
        return register.fact(
            session,
            client=about.subject,
            version=str(about.facts["version"]),
            on=patch_date(about),
        )

    return {
        "contract.active": lambda about: contract_active(client_of(about), patch_date(about)),
        "license.covers-version": lambda about: covers_version(license_of(about)),
        "license.modules": lambda about: licensed_modules(client_of(about), license_of(about)),
        "safe.entry-exists": lambda about: entry_exists(safe, about.subject),
        "date.not-frozen": lambda about: date_not_frozen(client_of(about), patch_date(about)),
    }


def patch_date(about: CheckSubject) -> date:
    return date.fromisoformat(str(about.facts["on"]))


def contract_active(client: Client, on: date) -> Finding:
    """Maintenance has to reach the day of the patch."""
    until = client.maintenance_until
    if until is None:
        return _failed(_("no maintenance contract is recorded"))
    if until < on:
        return _failed(
            _("maintenance ends on {until}, before the patch on {on}").format(until=until, on=on)
        )
    return _ok(_("maintenance until {until}").format(until=until), until)


def covers_version(fact: LicenseFact) -> Finding:
    return _ok(fact.reason, fact.until) if fact.covered else _failed(fact.reason)


def licensed_modules(client: Client, fact: LicenseFact) -> Finding:
    """What the client uses, after the directory, must be licensed."""
    missing = [code for code in client.modules if code not in fact.modules]
    if missing:
        return _failed(_("not licensed: {modules}").format(modules=" ".join(missing)))
    if fact.named_users is not None and fact.named_users < client.named_users:
        return _failed(
            _("{licensed} users licensed, {used} in the directory").format(
                licensed=fact.named_users, used=client.named_users
            )
        )
    return _ok(
        _("{count} modules and their users are licensed").format(count=len(client.modules)),
        fact.until,
    )


def entry_exists(safe: Safe, client: str) -> Finding:
    """Somebody has to be able to connect to the productive system, as far as it was ever tried.

    Whoever may not look into the safe, or finds it closed, does not know; that turns nothing red.
    """
    try:
        entries = safe.entries(client, PRODUCTION)
    except (DeniedError, UnavailableError) as err:
        return Finding(Verdict.UNKNOWN, err.message)
    if not entries:
        return _failed(_("the safe has no entry {client}/prod").format(client=client))
    refused = [each for each in entries if each.check == REFUSED]
    shown = ", ".join(map(_with_check, refused or entries))
    proof = _("in the safe: {names}").format(names=shown)
    return _failed(proof) if refused else _ok(proof)


def _with_check(entry: SafeEntry) -> str:
    if not entry.check:
        return entry.name
    return f"{entry.name} ({in_words(entry.check)}, {entry.checked_on})"


def date_not_frozen(client: Client, on: date) -> Finding:
    """A working day at the client's place."""
    if not is_business_day(on, client.canton):
        return _failed(_("{on} is no working day in {canton}").format(on=on, canton=client.canton))
    return _ok(
        _("{on} is a working day in {canton}; no freeze period is recorded").format(
            on=on, canton=client.canton
        )
    )


def _ok(proof: str, fresh_until: date | None = None) -> Finding:
    return Finding(Verdict.OK, proof, fresh_until)


def _failed(proof: str) -> Finding:
    return Finding(Verdict.FAILED, proof)
