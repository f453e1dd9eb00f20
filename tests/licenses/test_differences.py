"""What a request changes, in words, and what the client sees when."""

from dataclasses import replace
from datetime import date

from licenses.differences import differences, timeline
from licenses.terms import revocation
from tests.licenses.lifecycle import TERMS

TODAY = date(2026, 11, 24)


def test_the_first_licence() -> None:
    assert differences(None, TERMS) == ["the first licence of this kind"]
    assert [(each.on, each.what) for each in timeline(None, TERMS, today=TODAY)] == [
        (date(2026, 12, 1), "the product can be used"),
        (
            date(2027, 11, 5),
            "maintenance is over: versions released from this day on are refused",
        ),
    ]


def test_nothing_changes() -> None:
    assert differences(TERMS, TERMS) == []


def test_each_change_is_said_once() -> None:
    more = replace(
        TERMS,
        modules=("FIN", "AR", "PAY", "HRM"),
        named_users=None,
        concurrent_users=5,
        maintenance_until=date(2028, 11, 4),
        last_day=date(2028, 12, 31),
        version_ceiling="12.4",
        site="ERP-PROD-7",
        grace_days=14,
        edition="ENTERPRISE",
    )
    assert differences(TERMS, more) == [
        "modules +2: PAY HRM",
        "modules -1: AP",
        "named users 60 -> unlimited",
        "concurrent users 0 -> 5",
        "maintenance +12 months: 2027-11-04 -> 2028-11-04",
        "last usable day without end -> 2028-12-31",
        "edition STANDARD -> ENTERPRISE",
        "grace days 0 -> 14",
        "up to version any -> 12.4",
        "site any -> ERP-PROD-7",
    ]


def test_a_shorter_maintenance_is_negative() -> None:
    less = replace(TERMS, maintenance_until=date(2027, 5, 4))
    assert differences(TERMS, less) == ["maintenance -6 months: 2027-11-04 -> 2027-05-04"]


def test_the_end_comes_in_steps_and_a_gap_is_named() -> None:
    before = replace(TERMS, last_day=date(2026, 12, 31))
    after = replace(
        TERMS,
        valid_from=date(2027, 1, 11),
        last_day=date(2027, 12, 31),
        maintenance_until=None,
        grace_days=14,
    )
    assert [(each.on, each.what) for each in timeline(before, after, today=TODAY)] == [
        (date(2027, 1, 1), "days without a valid licence until the new one begins: 10"),
        (
            date(2027, 1, 11),
            _all_in_one_line(
                "maintenance 2027-11-04 -> without end",
                "last usable day +12 months: 2026-12-31 -> 2027-12-31",
                "grace days 0 -> 14",
            ),
        ),
        (date(2028, 1, 1), "the product warns at every start"),
        (date(2028, 1, 15), "the product stops, data stays readable"),
    ]


def test_a_revocation_ends_it_at_once() -> None:
    ended = revocation(TERMS, today=TODAY)
    assert differences(TERMS, ended) == ["ends the licence: no module, no user"]
    assert [(each.on, each.what) for each in timeline(TERMS, ended, today=TODAY)] == [
        (TODAY, "as soon as it is entered: the product stops, data stays readable")
    ]


def _all_in_one_line(*changes: str) -> str:
    return "; ".join(changes)


def test_the_one_before_that_has_not_begun_is_named() -> None:
    before = replace(TERMS, valid_from=date(2027, 1, 1))
    after = replace(before, valid_from=TODAY, named_users=5)
    assert timeline(before, after, today=TODAY)[0].what == (
        "it counts at once, the one before only from 2027-01-01: named users 60 -> 5"
    )
