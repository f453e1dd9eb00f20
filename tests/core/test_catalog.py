"""The catalogue is read strictly, because licence keys store its numbers and bits."""

from pathlib import Path

import pytest

from opskit.core.catalog import Catalog, load_catalog, parse_catalog
from opskit.core.config import Home
from opskit.core.errors import InvalidError, NotFoundError

CODES = (
    "FIN AP AR FA PAY HRM TIM LOG PUR SAL STK PRD MRP SFC QUA SAV PRJ CRM DOC BI EDI QRB WMS API"
)

SMALL = """
products: [{number: 1, code: ERP, names: {fr: ERP, en: ERP, de: ERP}}]
editions: [{number: 1, code: STANDARD, names: {fr: Standard, en: Standard, de: Standard}}]
modules:
  - {bit: 0, code: FIN, names: {fr: Finances, en: Finance, de: Finanzen}}
  - {bit: 47, code: FAX, retired: true, names: {fr: Télécopie, en: Fax, de: Fax}}
versions: [{number: "12.0", released_on: 2024-11-25}]
"""


@pytest.fixture
def sample(tmp_path: Path) -> Catalog:
    return load_catalog(Home(tmp_path))


def test_the_sample_has_the_modules_in_the_order_of_their_bits(sample: Catalog) -> None:
    assert " ".join(module.code for module in sample.modules) == CODES
    assert [module.bit for module in sample.modules] == list(range(24))


def test_codes_become_bits_and_bits_become_modules(sample: Catalog) -> None:
    bits = sample.module_bits(["ar", "FIN", " ap "])
    assert bits == {0, 1, 2}
    assert [module.code for module in sample.modules_of(bits | {40})] == ["FIN", "AP", "AR"]


def test_names_come_in_the_language_of_the_client(sample: Catalog) -> None:
    names = sample.module("SAV").names
    assert names.in_language("fr") == "Service après-vente"
    assert names.in_language("de") == "Kundendienst"
    assert names.in_language("it") == "After-sales service"


def test_an_unknown_module_names_the_nearest(sample: Catalog) -> None:
    with pytest.raises(NotFoundError, match="there is no module PRT") as caught:
        sample.module_bits(["FIN", "PRT"])
    assert "PRD" in caught.value.hint


@pytest.mark.parametrize("kind", ["product", "edition", "version"])
def test_what_is_unknown_says_what_is_known(sample: Catalog, kind: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        getattr(sample, kind)("???")
    assert {"product": "ERP", "edition": "STANDARD", "version": "12.4"}[kind] in caught.value.hint


def test_a_retired_module_keeps_its_bit() -> None:
    fax = parse_catalog(SMALL, source="small.yaml").module("FAX")
    assert (fax.bit, fax.retired) == (47, True)


def test_the_catalogue_of_the_home_comes_first(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(SMALL, encoding="utf-8")
    assert len(load_catalog(Home(tmp_path)).modules) == 2


def with_keys(text: str) -> str:
    return SMALL.replace("2024-11-25", f"2024-11-25, license_keys: {text}")


def test_a_version_knows_the_keys_of_the_first_day_unless_it_says_otherwise() -> None:
    assert parse_catalog(SMALL, source="s").keys_known_by("12.0") == {1, 101, 111, 129}
    assert parse_catalog(with_keys("[2, 101]"), source="s").keys_known_by("12.0") == {2, 101}


def test_a_version_that_is_not_there_knows_what_all_know() -> None:
    more = """
versions:
  - {number: "12.0", released_on: 2024-11-25, license_keys: [1, 101, 129]}
  - {number: "12.1", released_on: 2025-05-26, license_keys: [1, 2, 129]}
"""
    head = SMALL.partition("versions:")[0]
    assert parse_catalog(head + more, source="s").keys_known_by("11.9") == {1, 129}
    assert parse_catalog(f"{head}versions: []", source="s").keys_known_by("11.9") == {
        *(1, 101, 111, 129)
    }


BROKEN = {
    "key twice": (with_keys("[1, 1]"), "version 12.0: license_keys 1 is given twice"),
    "no key": (with_keys("[]"), "Expected `array` of length >= 1"),
    "key id too high": (with_keys("[256]"), "Expected `int` <= 255"),
    "bit twice": (SMALL.replace("bit: 47", "bit: 0"), "modules: bit 0 is given twice"),
    "code twice": (SMALL.replace("FAX", "FIN"), "modules: code FIN is given twice"),
    "bit too high": (SMALL.replace("bit: 47", "bit: 48"), "Expected `int` <= 47"),
    "unknown field": (SMALL.replace("retired:", "retire:"), "unknown field `retire`"),
    "language missing": (SMALL.replace(", de: Finanzen", ""), "missing required field `de`"),
    "version unquoted": (SMALL.replace('"12.0"', "12.0"), "Expected `str`, got `float`"),
    "no such day": (SMALL.replace("2024-11-25", "2024-11-31"), "day is out of range"),
    "no YAML": (SMALL + "\n  - [", "small.yaml:9: "),
    "empty": ("", "Expected `object`, got `null`"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_catalogue_is_refused_with_its_reason(case: str) -> None:
    text, reason = BROKEN[case]
    with pytest.raises(InvalidError, match=reason) as caught:
        parse_catalog(text, source="small.yaml")
    assert caught.value.message.startswith("small.yaml")


def test_a_catalogue_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidError, match="cannot be read"):
        load_catalog(Home(tmp_path))
