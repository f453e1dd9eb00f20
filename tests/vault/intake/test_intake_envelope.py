"""A block comes whole out of whatever a ticket platform makes of it, or says what is wrong."""

import os
import textwrap
from collections.abc import Callable
from datetime import date
from html import escape

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError
from tests.support.intake import armour, bytes_of, packed
from vault.entries import EntryRef
from vault.intake.envelope import BEGIN, END, LARGEST_TEXT, MARK, Form, open_block, read_block

FORM = Form(
    ref=EntryRef.parse("DELEZE/prod/erp-db"),
    form="AAAQEAYEAUDAOCAJ",
    kind="database",
    key_version=1,
    key="AB12 CD34",
    until=date(2027, 1, 20),
)
KEY = bytes(range(32))
PLAIN = b'{"host": "db2", "password": "p\\u00e9"}   '
FACTS = {
    "form": FORM.form,
    "version": 1,
    "begin": BEGIN,
    "mark": MARK,
    "end": END,
    "headers": ["Entry: DELEZE/prod/erp-db", "Until: 2027-01-20"],
}


def sealed(plain: bytes = PLAIN, form: Form = FORM) -> str:
    nonce = os.urandom(12)
    content = AESGCM(KEY).encrypt(nonce, plain, form.context.encode())
    return armour(FACTS, packed(FACTS, nonce, os.urandom(512), content))


BLOCK = sealed()
BODY_LINE = BLOCK.splitlines()[6]


def lines_joined(text: str) -> str:
    return " ".join(text.split())


MANGLED: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    "quoted twice, with bars": lambda text: "".join(f"|>> {x}\n" for x in text.splitlines()),
    "on one line": lines_joined,
    "wrapped at 40": lambda text: "\n".join(textwrap.wrap(lines_joined(text), 40)),
    "in small letters": str.lower,
    "hard spaces": lambda text: text.replace("\n", "\u00a0\n\u00a0"),
    "marks without a width": lambda text: text.replace("\n", "\u200b\n\ufeff"),
    "long dashes": lambda text: text.replace("-----", "\u2014\u2014-"),
    "HTML": lambda text: "<p>" + text.replace("\n", "<br/>\r\n") + "</p>",
    "HTML shown as text": lambda text: escape("<div>" + text.replace("\n", "<br>\n") + "</div>"),
    "entities": lambda text: "".join(f"&gt;&nbsp;{line}\n" for line in text.splitlines()),
    "soft line breaks of mail": lambda text: text.replace(BODY_LINE[:30], BODY_LINE[:30] + "=\r\n"),
    "among other words": lambda text: f"Bonjour,\n\nvoici :\n{text}\nMeilleures salutations\n",
    "twice, once quoted": lambda text: text + "\n> ".join(("", *text.splitlines())),
    "headers gone": lambda text: text.replace("Entry: DELEZE/prod/erp-db\nUntil: 2027-01-20\n", ""),
    "a header that lies": lambda text: text.replace("erp-db", "other"),
}


@pytest.mark.parametrize("mangle", MANGLED.values(), ids=MANGLED)
def test_a_mangled_block_opens(mangle: Callable[[str], str]) -> None:
    answer = open_block(read_block(mangle(BLOCK)), key=KEY, form=FORM)
    revealed = {name: text.reveal() for name, text in answer.items()}
    assert revealed == {"host": "db2", "password": "pé"}


def test_a_block_is_known_again_by_its_digest() -> None:
    assert read_block(BLOCK).digest == read_block(MANGLED["entities"](BLOCK)).digest
    assert read_block(BLOCK).digest != read_block(sealed()).digest


BROKEN = {
    "nothing": ("", "intake-unreadable"),
    "other words": ("Bonjour, le mot de passe est secret", "intake-unreadable"),
    "two blocks": (BLOCK + sealed(), "intake-unreadable"),
    "a letter that is none": (BLOCK.replace(BODY_LINE, "1" + BODY_LINE[1:]), "intake-unreadable"),
    "no last line": (BLOCK.replace(END, ""), "intake-truncated"),
    "a line lost": (BLOCK.replace(BODY_LINE, ""), "intake-truncated"),
    "only the frame": (f"{BEGIN}\n{END}", "intake-unreadable"),
    "garbage in the frame": (f"{BEGIN}\nOPSKITINTAKE1\nabcd\n{END}", "intake-unreadable"),
    "garbage without our mark": (f"{BEGIN}\nabcd\n{END}", "intake-unreadable"),
    "half a letter": (BLOCK.replace(BODY_LINE, BODY_LINE[:-2]), "intake-truncated"),
    "something added": (armour(FACTS, bytes(bytes_of(BLOCK)) + b"xxxxx"), "intake-altered"),
}


@pytest.mark.parametrize(("text", "reference"), BROKEN.values(), ids=BROKEN)
def test_a_broken_block_says_what_is_wrong(text: str, reference: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_block(text)
    assert caught.value.reference == reference


def test_a_text_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(InvalidError, match="too long"):
        read_block(BLOCK + " " * LARGEST_TEXT)


@given(st.integers(min_value=0, max_value=len(bytes_of(BLOCK)) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, change: int) -> None:
    """The names of form and key and the wrapped key are held by others: log and safe."""
    raw = bytes_of(BLOCK)
    raw[place] ^= change
    assert _opens(armour(FACTS, bytes(raw))) == (place < 12 or 24 <= place < 536)


def _opens(text: str) -> bool:
    try:
        return bool(open_block(read_block(text), key=KEY, form=FORM))
    except InvalidError as err:
        return err.reference not in {"intake-altered", "intake-truncated"}


@pytest.mark.parametrize(
    "other",
    [
        {"ref": EntryRef.parse("DELEZE/prod/other")},
        {"form": "BBBQEAYEAUDAOCAJ"},
        {"kind": "vpn"},
        {"key_version": 2},
        {"key": "FFFF"},
        {"until": date(2028, 1, 1)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_block_is_bound_to_its_form(other: dict[str, object]) -> None:
    facts = {name: getattr(FORM, name) for name in Form.__slots__} | other
    with pytest.raises(InvalidError) as caught:
        open_block(read_block(BLOCK), key=KEY, form=Form(**facts))
    assert caught.value.reference == "intake-altered"


STRANGE = {
    "no JSON": b"\xff\xfe",
    "no object": b"[]",
    "values of another kind": b'{"port": 1521}',
    "half a character": b'{"password": "\\ud800"}',
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("plain", STRANGE.values(), ids=STRANGE)
def test_strange_content_is_refused_without_being_shown(plain: bytes) -> None:
    with pytest.raises(InvalidError) as caught:
        open_block(read_block(sealed(plain)), key=KEY, form=FORM)
    assert caught.value.reference == "intake-altered"
    assert caught.value.__cause__ is None
