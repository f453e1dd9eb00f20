"""What the register says a client may use, by the verifier's own rules."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
from licenses.payload import ErpVersion, LicenseKind
from licenses.services.replaced import counts
from opskit.core.i18n import _, colon
from opskit.core.refs import format_number


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether a client may run a version on a day, and why."""

    covered: bool
    reason: str
    until: date | None
    serial: int | None
    modules: tuple[str, ...] = ()
    named_users: int | None = 0  # None is unlimited
    concurrent_users: int | None = 0  # None is unlimited
    maintenance_until: date | None = None
    site: str | None = None  # None is bound to no site


def current(
    session: Session,
    *,
    client: str,
    kind: LicenseKind = LicenseKind.PRODUCTION,
    on: date | None = None,
) -> list[LicenseRecord]:
    """The licences that count now, at most one a product and site, the newest first.

    That is the highest sequence, which is the one the ERP obeys, unless another record replaced it
    or it is a revocation. With a day, the one before stands beside a licence that begins later:
    the ERP obeys it until the new one is entered.
    """
    found = session.scalars(
        select(LicenseRecord)
        .where(LicenseRecord.client == client, LicenseRecord.kind == kind, *counts(on=on))
        .order_by(LicenseRecord.sequence.desc())
    )
    return list(found)


def coverage(
    session: Session, *, client: str, version: str, released_on: date, on: date
) -> Coverage:
    """Whether one of the client's production licences lets it run `version` on that day.

    The rules are the verifier's (docs/spec/license-key-v1.md, section 5): maintenance has to reach
    the day the version was released, not the day it is installed.
    """
    answers = coverages(session, client=client, version=version, released_on=released_on, on=on)
    return next((each for each in answers if each.covered), answers[0])


def coverages(
    session: Session,
    *,
    client: str,
    version: str,
    released_on: date,
    on: date,
    site: str | None = None,
) -> list[Coverage]:
    """The answer of each current licence, or the one that there is none.

    With a site, of those that work there: bound to it, or to none.
    """
    found = [
        each
        for each in current(session, client=client, on=on)
        if site is None or each.site is None or each.site == site
    ]
    if not found:
        return [Coverage(False, _("no production licence in the register"), None, None)]
    return [_answer(each, version, released_on, on) for each in found]


def why_not(record: LicenseRecord, version: str, released_on: date, on: date) -> str | None:
    """The first rule by which a licence does not cover a version on a day; None when it does."""
    if on < record.valid_from:
        return _("valid only from {day}").format(day=record.valid_from)
    if record.last_day is not None and on > record.last_day:
        return _("ended on {day}").format(day=record.last_day)
    ceiling = record.version_ceiling
    if ceiling is not None and ErpVersion.parse(version) > ErpVersion.parse(ceiling):
        return _("good up to version {ceiling} only").format(ceiling=ceiling)
    if record.maintenance_until is not None and released_on > record.maintenance_until:
        return _("its maintenance ended on {day}, {version} was released on {released}").format(
            day=record.maintenance_until, version=version, released=released_on
        )
    return None


def _answer(record: LicenseRecord, version: str, released_on: date, on: date) -> Coverage:
    reason = why_not(record, version, released_on, on)
    name = format_number("L", record.serial)
    return Coverage(
        covered=reason is None,
        reason=f"{colon(name)} {reason or _('covers {version}').format(version=version)}",
        until=record.last_day,
        serial=record.serial,
        modules=tuple(record.modules),
        named_users=record.named_users,
        concurrent_users=record.concurrent_users,
        maintenance_until=record.maintenance_until,
        site=record.site,
    )
