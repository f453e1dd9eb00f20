"""What a person asks for, read strictly, and the payload that it becomes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.payload import UNBOUND_SITE, UNLIMITED, ErpVersion, LicenseKind
from licenses.terms import (
    Stamp,
    Terms,
    check_terms,
    describe,
    from_payload,
    parse_kind,
    parse_modules,
    parse_users,
    revocation,
    to_payload,
)
from licenses.validity import Standing, begins_at, standing
from opskit.core.catalog import parse_catalog
from opskit.core.errors import InvalidError, NotFoundError
from tests.licenses.lifecycle import CATALOG, TERMS

TODAY = date(2026, 11, 24)
STAMP = Stamp(serial=1042, sequence=3, key_id=1, client_number=20000, issued_on=TODAY)


def test_terms_become_a_payload() -> None:
    payload = to_payload(
        replace(TERMS, last_day=date(2027, 12, 31), version_ceiling="12.4"), STAMP, CATALOG
    )
    assert payload.kind is LicenseKind.PRODUCTION
    assert (payload.product, payload.edition) == (1, 1)
    assert (payload.serial, payload.sequence, payload.key_id) == (1042, 3, 1)
    assert (payload.client_number, payload.issued_on) == (20000, TODAY)
    assert (payload.named_users, payload.concurrent_users) == (60, 0)
    assert payload.valid_from == date(2026, 12, 1)
    assert payload.last_day == date(2027, 12, 31)
    assert payload.maintenance_until == date(2027, 11, 4)
    assert payload.version_ceiling == ErpVersion(12, 4)
    assert payload.modules == {0, 1, 2}
    assert (payload.grace_days, payload.overage_percent) == (0, 0)
    assert payload.site == UNBOUND_SITE


@pytest.mark.parametrize("asked_on", [TODAY, TODAY + timedelta(days=1)], ids=["here", "far east"])
def test_a_revocation_is_over_on_every_clock_that_is_not_behind(asked_on: date) -> None:
    """The day of issue is the one in UTC: where it was asked for, the next may have begun."""
    over = to_payload(revocation(TERMS, today=asked_on), STAMP, CATALOG)
    assert standing(over, at=begins_at(over.issued_on)) is Standing.EXPIRED


def test_what_has_no_limit_says_so() -> None:
    payload = to_payload(
        replace(TERMS, named_users=None, concurrent_users=None, maintenance_until=None),
        STAMP,
        CATALOG,
    )
    assert payload.named_users is UNLIMITED
    assert payload.concurrent_users is UNLIMITED
    assert payload.maintenance_until is None
    assert payload.version_ceiling is None


@pytest.mark.parametrize("text", ["production", " Test ", "DEMO", "temporary"])
def test_kinds(text: str) -> None:
    assert parse_kind(text).value == text.strip().lower()


def test_an_unknown_kind_names_all_of_them() -> None:
    with pytest.raises(InvalidError, match="'prod' is no kind of licence") as caught:
        parse_kind("prod")
    assert caught.value.hint == "production, test, demo, temporary"


@given(st.integers(min_value=0, max_value=65534))
def test_every_number_of_users_is_read_as_it_stands(count: int) -> None:
    assert parse_users(f" {count} ") == count


@pytest.mark.parametrize("text", ["unlimited", " Unlimited "])
def test_unlimited_is_a_word(text: str) -> None:
    assert parse_users(text) is None


@pytest.mark.parametrize("text", ["-1", "65535", "", "sixty", "6.5", "1_000", "+60", "६०"])
def test_no_number_of_users(text: str) -> None:
    with pytest.raises(InvalidError, match="is no number of users") as caught:
        parse_users(text)
    assert caught.value.hint == "a number up to 65534, or the word unlimited"


@given(st.permutations(["fin", "AP", "Ar", "AP"]), st.sampled_from([" ", ",", ", ", "  "]))
def test_modules_are_put_into_the_catalogues_order(codes: list[str], between: str) -> None:
    assert parse_modules(between.join(codes), CATALOG) == ("FIN", "AP", "AR")


def test_an_unknown_module_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="there is no module PRX") as caught:
        parse_modules("FIN PRX", CATALOG)
    assert "PRD" in caught.value.hint


@pytest.mark.parametrize("text", ["", " , "])
def test_a_licence_needs_a_module(text: str) -> None:
    with pytest.raises(InvalidError, match="at least one module"):
        parse_modules(text, CATALOG)


def test_a_retired_module_is_not_sold_but_its_bit_is_known() -> None:
    module = "{bit: %d, code: %s, names: {fr: x, en: x, de: x}, retired: %s}"
    catalog = parse_catalog(
        "products: [{number: 1, code: ERP, names: {fr: x, en: x, de: x}}]\n"
        "editions: [{number: 1, code: STANDARD, names: {fr: x, en: x, de: x}}]\n"
        f"modules: [{module % (0, 'FIN', 'false')}, {module % (7, 'FAX', 'true')}]\n"
        "versions: []\n",
        source="catalog.yaml",
    )
    with pytest.raises(InvalidError, match="no longer sold: FAX"):
        parse_modules("FIN FAX", catalog)
    assert to_payload(replace(TERMS, modules=("FAX",)), STAMP, catalog).modules == {7}


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        (
            replace(TERMS, last_day=date(2026, 11, 30)),
            "--valid-until: 2026-11-30 is before the first day, 2026-12-01",
        ),
        (
            replace(TERMS, valid_from=date(1999, 1, 1)),
            "--valid-from: a licence cannot say 1999-01-01",
        ),
        (
            replace(TERMS, maintenance_until=date(2999, 1, 1)),
            "--maintenance-until: a licence cannot say 2999-01-01",
        ),
        (replace(TERMS, version_ceiling="12"), "--version-ceiling: '12' is no version"),
        (replace(TERMS, version_ceiling="12.x"), "--version-ceiling: '12.x' is no version"),
        (
            replace(TERMS, version_ceiling="12.256"),
            "--version-ceiling: a licence cannot say 12.256",
        ),
        (
            replace(TERMS, named_users=0, concurrent_users=0),
            "a licence needs at least one user",
        ),
    ],
)
def test_what_could_never_be_issued_is_refused_at_once(terms: Terms, reason: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_terms(terms, CATALOG, today=TODAY)
    assert caught.value.message == reason
    assert caught.value.hint


@pytest.mark.parametrize("shared", [5, None])
def test_a_licence_may_have_concurrent_users_only(shared: int | None) -> None:
    check_terms(replace(TERMS, named_users=0, concurrent_users=shared), CATALOG, today=TODAY)


@pytest.mark.parametrize("terms", [TERMS, replace(TERMS, named_users=None, version_ceiling="12.4")])
def test_a_payload_is_read_back_as_the_terms(terms: Terms) -> None:
    assert from_payload(to_payload(terms, STAMP, CATALOG), CATALOG) == terms


def test_what_the_catalogue_does_not_know_is_a_number() -> None:
    payload = replace(to_payload(TERMS, STAMP, CATALOG), product=77, edition=78)
    terms = from_payload(payload, CATALOG)
    assert (terms.product, terms.edition) == ("77", "78")


def test_terms_are_described_in_the_order_of_reading() -> None:
    assert describe(replace(TERMS, named_users=None)) == [
        ("Kind", "production"),
        ("Product", "ERP STANDARD"),
        ("Modules", "FIN AP AR"),
        ("Named users", "unlimited"),
        ("Concurrent users", "0"),
        ("Valid from", "2026-12-01"),
        ("Last usable day", "without end"),
        ("Maintenance until", "2027-11-04"),
        ("Up to version", "any"),
    ]
