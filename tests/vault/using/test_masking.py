"""Secrets disappear from an output, however it is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.secret import Secret
from vault.using.masking import STARS, Masker


def masked(secrets: list[str], *chunks: bytes) -> bytes:
    masker = Masker([Secret(each) for each in secrets])
    return b"".join(map(masker.feed, chunks)) + masker.finish()


@pytest.mark.parametrize(
    ("secrets", "text", "expected"),
    [
        (["s3cret"], b"a s3cret b s3crets3cret", b"a *** b ******"),
        (["s3cret"], b"s3cre", b"s3cre"),
        (["aba"], b"ababa", b"***ba"),
        (["abc", "abcdef"], b"abcdef abcde", b"*** ***de"),
        (["ab", "xaby"], b"xab xaby", b"x*** ***"),
        (["first line of key\nsecond line of key"], b"> second line of key", b"> ***"),
        (["one\ntwo"], b"one\r\ntwo one two", b"*** one two"),
        (["naïve"], "naïve".encode(), b"***"),
        (["a.c"], b"abc a.c", b"abc ***"),
        ([], b"nothing to hide", b"nothing to hide"),
    ],
)
def test_every_secret_is_replaced(secrets: list[str], text: bytes, expected: bytes) -> None:
    assert masked(secrets, text) == expected
    assert masked(secrets, *(text[i : i + 1] for i in range(len(text)))) == expected


@given(
    st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=3),
    st.lists(st.text("abc", max_size=8), max_size=8),
)
def test_the_pieces_make_no_difference(secrets: list[str], chunks: list[str]) -> None:
    pieces = [chunk.encode() for chunk in chunks]
    assert masked(secrets, *pieces) == masked(secrets, b"".join(pieces))


@given(st.text("abcd", min_size=4, max_size=8), st.lists(st.text("abcd", max_size=5), max_size=9))
def test_what_is_no_secret_stays(secret: str, chunks: list[str]) -> None:
    text = "".join(chunks)
    expected = text.replace(secret, STARS.decode())
    assert masked([secret], *(chunk.encode() for chunk in chunks)) == expected.encode()


def test_only_what_may_become_a_secret_is_held_back() -> None:
    masker = Masker([Secret("s3cret")])
    assert masker.feed(b"password: ") == b"password: "
    assert masker.feed(b"names") == b"name"
    assert masker.release() == b"s"
    assert masker.release() == b""
    assert masker.feed(b" and s3c") == b" and "


def test_a_short_beginning_that_was_shown_is_all_that_is_seen() -> None:
    masker = Masker([Secret("s3cret")])
    seen = masker.feed(b"s3c") + masker.release() + masker.feed(b"re") + masker.release()
    assert seen + masker.feed(b"t!") + masker.finish() == b"s3c***!"


def test_a_long_beginning_is_never_shown_while_more_may_come() -> None:
    masker = Masker([Secret("s3cret")])
    assert masker.feed(b"s3cre") + masker.release() == b""
    assert masker.feed(b"d") == b"s3cred"
