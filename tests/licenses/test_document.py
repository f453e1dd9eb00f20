"""The file that a client receives: people read its headers, machines believe none of them."""

from dataclasses import replace
from datetime import date

import pytest

from licenses import armour
from licenses.document import headers, license_file, untrue_headers
from licenses.payload import UNLIMITED, ErpVersion
from tests.licenses.samples import sample, sign

PAYLOAD = sample(concurrent_users=UNLIMITED)
MODULES = "FIN AP AR SAL"
HEADERS = {
    "Licence": "L1042",
    "Kind": "production",
    "Client number": "42",
    "Modules": MODULES,
    "Named users": "60",
    "Concurrent users": "unlimited",
    "Valid from": "2026-12-01",
    "Last usable day": "2027-12-31",
    "Maintenance until": "2027-11-04",
    "Up to version": "12.4",
}


def test_headers_say_what_was_signed() -> None:
    assert headers(PAYLOAD, MODULES) == HEADERS


def test_headers_of_a_licence_without_ends() -> None:
    endless = replace(PAYLOAD, last_day=None, maintenance_until=None, version_ceiling=None)
    made = headers(endless, MODULES)
    assert made["Last usable day"] == made["Maintenance until"] == "without end"
    assert made["Up to version"] == "any"


def test_the_file_keeps_the_signed_bytes_and_names_the_client() -> None:
    signed = sign(PAYLOAD)
    text = license_file(signed, client="Délèze\nOutillage SA", modules=MODULES.split())
    assert armour.unwrap(text) == (signed, {"Client": "Délèze Outillage SA", **HEADERS})
    assert list(untrue_headers(armour.unwrap(text)[1], PAYLOAD, MODULES)) == []


@pytest.mark.parametrize("name", HEADERS)
def test_every_header_that_lies_is_named(name: str) -> None:
    claimed = {"Client": "Somebody else", **HEADERS, name: "something else"}
    assert list(untrue_headers(claimed, PAYLOAD, MODULES)) == [name]


def test_a_header_too_many_or_too_few_is_named() -> None:
    claimed = {**HEADERS, "Users": "9000"}
    del claimed["Kind"]
    assert sorted(untrue_headers(claimed, PAYLOAD, MODULES)) == ["Kind", "Users"]


def test_no_end_is_not_the_same_as_some_end() -> None:
    ended = replace(PAYLOAD, last_day=date(2027, 12, 30), version_ceiling=ErpVersion(12, 3))
    assert list(untrue_headers(HEADERS, ended, MODULES)) == ["Last usable day", "Up to version"]
