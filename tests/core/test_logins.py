"""Logins and passwords, by the one rule for all."""

import pytest

from opskit.core.errors import InvalidError
from opskit.core.logins import check_new_password, check_password, parse_login
from opskit.core.secret import Secret


def test_a_login_is_lower_case() -> None:
    assert parse_login(" Bob ") == "bob"


@pytest.mark.parametrize("text", ["", "1bob", "bob smith", "pjäggi", "bob.", "../bob", "b" * 33])
def test_what_is_no_login(text: str) -> None:
    with pytest.raises(InvalidError, match="is no login"):
        parse_login(text)


@pytest.mark.parametrize("text", ["x", "x" * 72, "é" * 36])
def test_a_password_has_up_to_72_bytes(text: str) -> None:
    check_password(Secret(text))


@pytest.mark.parametrize("text", ["", "x" * 73, "é" * 37])
def test_what_is_no_password(text: str) -> None:
    with pytest.raises(InvalidError, match="1 to 72 bytes") as caught:
        check_password(Secret(text))
    assert not text or text not in caught.value.message


@pytest.mark.parametrize("text", ["x", "abc", "1234567", "éééé é"])
def test_a_new_password_has_eight_characters(text: str) -> None:
    with pytest.raises(InvalidError, match="a new password has at least 8 characters") as caught:
        check_new_password(Secret(text))
    assert text not in caught.value.message
    check_password(Secret(text))  # who has one like it can still log in
    check_new_password(Secret(f"{text} and more"))
