import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses import armour
from licenses.refusals import LicenseRefusedError, Reason

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(
    lambda name: name.split() and ":" not in name
)
headers = st.dictionaries(names, st.text(st.characters(codec="utf-8"), max_size=60), max_size=5)


@given(st.binary(min_size=1, max_size=512), headers)
def test_any_bytes_and_headers_round_trip(signed: bytes, given_headers: dict[str, str]) -> None:
    try:
        text = armour.wrap(signed, given_headers)
    except ValueError:
        return  # two names that are the same once cleaned, or one of control characters only
    read, claimed = armour.unwrap(text)
    assert read == signed
    assert armour.differing_headers(claimed, given_headers) == ()
    assert armour.unwrap(text.encode()) == (read, claimed)


@given(st.text(max_size=300) | st.binary(max_size=300))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    with pytest.raises(LicenseRefusedError) as caught:
        armour.unwrap(text)
    assert caught.value.reason in {Reason.BAD_ARMOUR, Reason.NOT_A_KEY}


def test_the_form_that_is_written() -> None:
    text = armour.wrap(bytes(50), {"Client": "Délèze\u00a0SA\nEnd: no", "Order": ""})
    assert text == (
        "-----BEGIN OPSKIT LICENCE-----\n"
        "Client: Délèze SA End: no\n"
        "Order:\n"
        "\n"
        f"{'A' * 64}\n"
        "AAA=\n"
        "-----END OPSKIT LICENCE-----\n"
    )
    assert armour.unwrap(text)[1] == {"Client": "Délèze SA End: no", "Order": ""}


@pytest.mark.parametrize("name", ["", " ", "a:b", "n" * 41])
def test_names_that_cannot_be_read_back_are_not_written(name: str) -> None:
    with pytest.raises(ValueError, match="name of a header"):
        armour.wrap(b"key", {name: "value"})


def test_a_text_too_long_to_be_read_is_not_written() -> None:
    with pytest.raises(ValueError, match="too long"):
        armour.wrap(b"key", {"Modules": "é" * 4096})


def test_headers_that_claim_something_else_are_named() -> None:
    claimed = {"Client": "Deleze SA", "Users": "600", "Note": "added"}
    expected = {"Client": "Deleze  SA", "Users": "60", "Last-Day": "2027-12-31"}
    assert armour.differing_headers(claimed, expected) == ("Users", "Last-Day", "Note")


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(LicenseRefusedError, match="not-a-key"):
        armour.unwrap("\ud800")
