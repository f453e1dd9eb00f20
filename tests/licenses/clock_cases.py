"""Keys whose acceptance hangs on the clock, on a revocation or on an emergency code."""

from collections.abc import Iterator
from datetime import date

from licenses.payload import LicensePayload
from licenses.refusals import Reason
from licenses.validity import Standing
from tests.licenses.samples import ANCHOR, ANCHORED, SAMPLE, sample
from tests.licenses.vector_case import Case, accepted, refused, utc

LEAP = sample(last_day=date(2028, 2, 29), grace_days=2)
GRANT_ENDS = utc("2028-02-20T12:00:00")
GRANTS = {"1042": GRANT_ENDS}


def clock_cases() -> Iterator[Case]:
    yield from _accepted()
    yield from _refused()
    yield from _accepted_with_a_grant()
    yield from _refused_with_a_grant()
    yield from _revocations()


def _accepted() -> Iterator[Case]:
    issued_later = sample(issued_on=date(2027, 3, 10))
    one_day = sample(last_day=date(2026, 12, 1))
    cases = {
        "first-instant": ("the first day begins at UTC+14", SAMPLE, "2026-11-30T10:00:00"),
        "leap-day-last-instant": ("29 February ends at UTC-12", LEAP, "2028-03-01T11:59:59"),
        "one-day": ("first and last day are the same", one_day, "2026-12-02T11:59:59"),
        "no-expiry": (
            "FFFF does not expire",
            sample(last_day=None, grace_days=0),
            "2199-12-31T00:00:00",
        ),
        "issued-first-instant": ("the day of issue begins", issued_later, "2027-03-09T10:00:00"),
        "backdated": (
            "valid before it was issued",
            sample(issued_on=date(2027, 2, 1)),
            "2027-03-01T12:00:00",
        ),
    }
    for name, (description, payload, at) in cases.items():
        yield accepted(name, description, payload, at=utc(at))
    in_grace = {
        "grace-first-instant": ("the last day is over everywhere", "2028-03-01T12:00:00"),
        "grace-last-instant": ("two grace days later", "2028-03-03T11:59:59"),
    }
    for name, (description, at) in in_grace.items():
        yield accepted(name, description, LEAP, standing=Standing.GRACE, at=utc(at))


def _refused() -> Iterator[Case]:
    late = sample(issued_on=date(2027, 3, 10))
    no_grace = sample(last_day=date(2028, 2, 29), grace_days=0)
    cases = {
        (Reason.CLOCK_BEHIND, ""): ("issued after today", late, "2027-03-01T12:00:00"),
        (Reason.CLOCK_BEHIND, "instant"): (
            "a second before the day of issue anywhere",
            late,
            "2027-03-09T09:59:59",
        ),
        (Reason.NOT_YET_VALID, ""): (
            "a second before the first day begins anywhere",
            SAMPLE,
            "2026-11-30T09:59:59",
        ),
        (Reason.EXPIRED, ""): (
            "the grace days are over everywhere",
            SAMPLE,
            "2028-01-15T12:00:00",
        ),
        (Reason.EXPIRED, "no-grace"): (
            "the leap day is over everywhere",
            no_grace,
            "2028-03-01T12:00:00",
        ),
    }
    for (reason, suffix), (description, payload, at) in cases.items():
        yield refused(reason, suffix, description, payload, at=utc(at))


def _accepted_with_a_grant() -> Iterator[Case]:
    endless = sample(last_day=None, extensions=(ANCHOR,))
    cases = {
        "grant": ("only a grant keeps it", ANCHORED, Standing.EMERGENCY, "2028-01-15T12:00:00"),
        "grant-last-instant": (
            "a second before the grant ends",
            ANCHORED,
            Standing.EMERGENCY,
            "2028-02-20T11:59:59",
        ),
        "grant-in-grace": (
            "grace comes before a grant",
            ANCHORED,
            Standing.GRACE,
            "2028-01-15T11:59:59",
        ),
        "grant-early": (
            "valid without its grant",
            ANCHORED,
            Standing.VALID,
            "2028-01-01T11:59:59",
        ),
        "grant-over": ("a grant shortens nothing", endless, Standing.VALID, "2029-01-01T00:00:00"),
    }
    past = {"1042": utc("2027-01-01T12:00:00")}
    yield accepted("grant-past", "valid after a grant has ended", ANCHORED, grants=past)
    for name, (description, payload, standing, at) in cases.items():
        yield accepted(name, description, payload, standing=standing, at=utc(at), grants=GRANTS)


def _refused_with_a_grant() -> Iterator[Case]:
    def expired(suffix: str, description: str, payload: LicensePayload, at: str) -> Case:
        return refused(Reason.EXPIRED, suffix, description, payload, at=at, grants=GRANTS)

    running = utc("2028-02-19T12:00:00")
    other = sample(serial=1043, extensions=(ANCHOR,))
    yield expired("emergency", "the days of an emergency code are over", ANCHORED, GRANT_ENDS)
    yield expired("grant-serial", "the grant of another serial", other, running)
    yield expired("grant-no-anchor", "a licence that takes no codes", SAMPLE, running)
    withdrawn = _withdrawal(serial=1042)
    yield expired(
        "grant-withdrawal", "a withdrawal that wrongly has the serial", withdrawn, running
    )
    newer = "a grant does not outlive a newer licence"
    yield refused(Reason.STALE_SEQUENCE, "emergency", newer, ANCHORED, at=running, grants=GRANTS,
                  last_sequence=4)  # fmt: skip


def _revocations() -> Iterator[Case]:
    revocation = _withdrawal(serial=1043)
    yield refused(Reason.EXPIRED, "withdrawal", "a withdrawal: higher sequence, last day past",
                  revocation, last_sequence=3)  # fmt: skip
    yield refused(Reason.EXPIRED, "withdrawal-first-instant", "as soon as its day of issue begins",
                  revocation, at=utc("2027-02-28T10:00:00"))  # fmt: skip
    yield refused(Reason.STALE_SEQUENCE, "withdrawn", "what the withdrawal ended", SAMPLE,
                  last_sequence=4)  # fmt: skip


def _withdrawal(serial: int) -> LicensePayload:
    """Issued on 1 March 2027; its day is the latest that is over when that day begins."""
    over = date(2027, 2, 26)
    return sample(
        serial=serial, sequence=4, issued_on=date(2027, 3, 1), valid_from=over, last_day=over,
        grace_days=0, modules=frozenset(), named_users=0, concurrent_users=0,
    )  # fmt: skip
