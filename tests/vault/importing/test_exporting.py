"""What is written as a KeePass file is found again in it, whatever an entry holds."""

import tempfile
from base64 import b64encode
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pykeepass import PyKeePass

from opskit.core.errors import InvalidError
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef, EntryValue, Stamps
from vault.exporting.keepass import Exported, as_kdbx
from vault.facts import EntryFacts
from vault.importing.keepass import open_keepass
from vault.importing.matching import Directory
from vault.importing.placing import Placed, Placer
from vault.importing.survey import placed_of
from vault.kinds import ENGINES, KINDS

PASSWORD = Secret("of the export")
NAMES = {"DELEZE": 'Délèze "SA" & <Fils>'}

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=30
)
RESERVED = frozenset({"ref", "env", "kind", "tags", "totp-seed", "username", "url"})
words = st.from_regex(r"[a-zé][a-z0-9-]{0,12}", fullmatch=True)
fields = st.one_of(
    st.sampled_from(["password", "pin", "private-key", "passphrase", "note", "shared-key"]),
    st.from_regex(r"[a-z][a-z0-9_.-]{0,20}", fullmatch=True).filter(
        lambda name: name not in RESERVED
    ),
)


@st.composite
def values(draw: st.DrawFn) -> EntryValue:
    kind = draw(st.sampled_from(sorted(KINDS)))
    known: dict[str, st.SearchStrategy[Any]] = {
        "host": words,
        "port": st.integers(1, 65535),
        "username": words,
        "url": words.map(lambda word: f"https://{word}.example/x?y=1"),
        "domain": words,
        "engine": st.sampled_from(ENGINES),
        "service": words,
        "via": words.map(lambda word: f"common/{word}"),
        "expires": st.dates(min_value=date(1990, 1, 1)).map(str),
    }
    if kind == "database":
        del known["url"]  # in KeePass it has one address, which is taken apart when it is read
    chosen: dict[str, Any] = {
        name: draw(known[name])
        for name in KINDS[kind].facts
        if name in known and draw(st.booleans())
    }
    facts = EntryFacts(kind, tags=tuple(draw(st.lists(words, unique=True, max_size=3))), **chosen)
    secrets = draw(
        st.dictionaries(fields.filter(lambda n: n not in chosen), texts.filter(bool), max_size=4)
    )
    secrets = {name: text for name, text in secrets.items() if text.strip()}
    files = draw(
        st.dictionaries(words.map("file:{}.bin".format), st.binary(max_size=20), max_size=2)
    )
    packed = {name: b64encode(content).decode() for name, content in files.items()}
    seed = {"totp-seed": "JBSWY3DPEHPK3PXP"} if draw(st.booleans()) else {}
    plain = {"password": "p", **secrets, **packed, **seed}
    return EntryValue(facts, {name: Secret(text) for name, text in plain.items()}, 1)


def exported(number: int, value: EntryValue) -> Exported:
    ref = EntryRef.parse(f"DELEZE/{('prod', 'test', 'common')[number % 3]}/Entry {number}")
    stamps = Stamps(rotated="2025-03-01T12:00:00+00:00")
    return Exported(Entry(ref, value.facts, 1, "2026-01-01T00:00:00.123456789Z", stamps), value)


def written(*entries: Exported) -> bytes:
    return as_kdbx({"DELEZE": entries}, NAMES, password=PASSWORD, random=lambda size: b"r" * size)


def read_back(content: bytes) -> dict[str, Placed]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.kdbx"
        file.write_bytes(content)
        source = open_keepass(file, password=PASSWORD, key=None)
        found = list(placed_of(source, Placer(Directory(NAMES))))
    assert all(isinstance(each, Placed) for each in found), found
    return {each.ref.path: each for each in found if isinstance(each, Placed)}


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(st.lists(values(), min_size=20, max_size=40))
def test_whatever_an_entry_holds_comes_back(entries: list[EntryValue]) -> None:
    sent = [exported(number, value) for number, value in enumerate(entries)]
    found = read_back(written(*sent))
    assert {path: each.facts for path, each in found.items()} == {
        each.entry.ref.path: each.value.facts for each in sent
    }
    for each in sent:
        there = found[each.entry.ref.path]
        assert {name: secret.reveal() for name, secret in there.secrets.items()} == {
            name: secret.reveal() for name, secret in each.value.secrets.items()
        }
        assert there.record.modified is not None
        assert there.record.modified.isoformat() == each.entry.stamps.rotated


def test_keepass_finds_what_it_knows_in_its_place() -> None:
    facts = EntryFacts("database", "db", 1521, "SYSTEM", engine="oracle", service="PROD")
    plain = {"password": "p", "pin": "5231", "note": "n", "totp-seed": "JBSWY3DPEHPK3PXP"}
    value = EntryValue(facts, {name: Secret(text) for name, text in plain.items()}, 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.kdbx"
        file.write_bytes(written(exported(0, value)))
        database = PyKeePass(file, password=PASSWORD.reveal())
    (entry,) = database.entries
    assert entry.path == [f"DELEZE - {NAMES['DELEZE']}", "prod", "Entry 0"]
    assert (entry.username, entry.password, entry.notes) == ("SYSTEM", "p", "n")
    assert entry.url == "oracle://db:1521/PROD"
    assert entry.otp.startswith("otpauth://totp/")
    assert entry.is_custom_property_protected("pin")
    assert not entry.is_custom_property_protected("host")
    assert database.version == (4, 0)


def test_a_secret_that_xml_cannot_hold_is_refused_without_being_shown() -> None:
    value = EntryValue(EntryFacts("generic"), {"password": Secret("s3cret\x00")}, 1)
    with pytest.raises(InvalidError) as caught:
        written(exported(0, value))
    assert "s3cret" not in caught.value.message
    assert caught.value.__cause__ is None
