"""The text of an entry: whatever is in a field, a person can change it and the rest stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from tests.vault.changing.conftest import FACTS, REF
from vault.changing.editing import EntryDraft, NoteDraft
from vault.changing.entry_text import parse, render, texts_of
from vault.entries import EntryValue
from vault.facts import EntryFacts

ANYTHING = st.text(st.characters(codec="utf-8"), min_size=1)
SEEN = ANYTHING.filter(lambda text: text.strip("\n") == text and "\r" not in text and text.strip())


def value_with(**secrets: str) -> EntryValue:
    kept = {name: Secret(text) for name, text in secrets.items()}
    return EntryValue(FACTS, kept, 3)


def changed(value: EntryValue, typed: str) -> tuple[str, ...]:
    return EntryDraft(REF, value).understand(typed, ticket=None).changed


@given(st.dictionaries(st.sampled_from(["password", "my-key", "note", "Host2"]), ANYTHING))
def test_a_text_that_nobody_touched_changes_nothing(secrets: dict[str, str]) -> None:
    value = value_with(**secrets)
    assert changed(value, EntryDraft(REF, value).text) == ()
    assert changed(value, EntryDraft(REF, value).text.replace("\n", "\r\n")) == ()


@given(ANYTHING, SEEN)
def test_whatever_is_typed_is_what_is_kept(old: str, new: str) -> None:
    value = value_with(password=old, note="first\n\n  second", pin="1")
    text = render(REF, value, {**texts_of(value), "password": new})
    write = EntryDraft(REF, value).understand(text, ticket=None)
    offered = parse(EntryDraft(REF, value).text)["password"]
    assert write.changed == (() if offered == new else ("password",))
    assert write.secrets["password"].reveal() == (old if offered == new else new)
    assert write.secrets["note"].reveal() == "first\n\n  second"


def test_every_field_of_the_kind_is_offered() -> None:
    text = EntryDraft(
        REF, value_with(password="p", **{"file:a.ovpn": "YQ==", "next:pin": "2"})
    ).text
    assert "host: db.deleze.example\n" in text
    assert "\nengine:\n" in text
    assert "\npassword: p\n" in text
    assert "\nnote:\n" in text
    assert "# Stay as they are: file:a.ovpn, next:pin\n" in text
    assert "YQ==" not in text


def test_files_and_what_waits_stay() -> None:
    value = value_with(password="p", **{"file:a.ovpn": "YQ==", "next:pin": "2", "of bao": "x"})
    text = EntryDraft(REF, value).text.replace("password: p", "password: q")
    write = EntryDraft(REF, value).understand(text, ticket=None)
    assert write.changed == ("password",)
    assert set(write.secrets) == set(value.secrets)


def test_lines_may_go_come_and_be_emptied() -> None:
    value = value_with(password="p", pin="1", note="n")
    text = EntryDraft(REF, value).text
    text = text.replace("port: 1521\n", "").replace("pin: 1\n", "pin:\n")
    text = text.replace("tags: oracle", "Tags: oracle  paie").replace("note: n", "api-key: k")
    write = EntryDraft(REF, value).understand(text, ticket=None)
    assert write.facts == EntryFacts(
        "database", "db.deleze.example", None, "SYSTEM", tags=("oracle", "paie")
    )
    assert {name: each.reveal() for name, each in write.secrets.items()} == {
        "password": "p",
        "api-key": "k",
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("just words", "line 6"),
        ("host: twice", "twice"),
        ("hots: h", "'hots' is no field"),
        ("two words: x", "cannot be the name of a field"),
        ("file:a.ovpn", "line 6"),
        ("next:password: x", "line 6"),
        ("domain: x", "a database entry has no domain"),
        ("kind: nothing", "twice"),
    ],
)
def test_a_slip_is_named(line: str, reason: str) -> None:
    value = value_with(password="p")
    head, _, rest = EntryDraft(REF, value).text.partition("\n\n")
    with pytest.raises(InvalidError, match=reason):
        changed(value, f"{head}\n\n{line}\n{rest}")


@pytest.mark.parametrize(
    ("old", "new"),
    [("port: 1521", "port: none"), ("port: 1521", "port: 99999"), ("kind: database", "kind: db")],
)
def test_a_fact_that_breaks_a_rule_is_refused(old: str, new: str) -> None:
    value = value_with(password="p")
    with pytest.raises(InvalidError):
        changed(value, EntryDraft(REF, value).text.replace(old, new))


def test_what_is_wrong_stands_on_top_once() -> None:
    draft = EntryDraft(REF, value_with(password="p"))
    first = draft.alarmed(draft.text, InvalidError("one", hint="h1"))
    second = draft.alarmed(first.text, InvalidError("two", hint="h2"))
    assert second.text == f"#! two\n#! h2\n{draft.text}"
    assert changed(draft.base, second.text) == ()


def test_changes_move_to_the_version_that_came_between() -> None:
    base = value_with(password="p", pin="1")
    typed = EntryDraft(REF, base).text.replace("pin: 1", "pin: mine")
    theirs = EntryValue(
        EntryFacts("database", "new.example"), {**base.secrets, "pin": Secret("x")}, 4
    )
    draft = EntryDraft(REF, base).moved_to(theirs, typed)
    assert draft.text.startswith("#! Version 4 was written meanwhile; it changed: host pin port")
    write = draft.understand(draft.text, ticket=None)
    assert (write.changed, write.previous.version) == (("pin",), 4)
    assert write.secrets["pin"].reveal() == "mine"
    assert write.facts.host == "new.example"


def test_a_note_alone_has_no_form() -> None:
    base = value_with(password="p", note="#hash: first\n  two")
    draft = NoteDraft(REF, base)
    assert draft.text == "#hash: first\n  two"
    assert draft.understand(draft.text + "\n", ticket=None).changed == ()
    write = draft.alarmed("third\n", InvalidError("no", hint="h"))
    assert write.text == "#! no\n#! h\nthird\n"
    kept = draft.understand(write.text, ticket=None).secrets["note"]
    assert kept.reveal() == "third"
