"""The page on how to connect, and the way to an entry."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from opskit.core.screen import Screen
from tests.support.commands import fault_of, typed
from tests.vault.finding.test_index import row
from vault.entries import Entry, EntryRef, Stamps
from vault.facts import EntryFacts
from vault.finding.index_file import Row, row_of
from vault.finding.sheet import page_lines, page_row, stops, way_of
from vault.finding.sheet_words import EN, FR, WORDS, Words
from vault.finding.tree import tree_lines, tree_rows

PLAIN = Stamps(holds=("password",))
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def entry(path: str, facts: EntryFacts, stamps: Stamps = PLAIN, **more: bool) -> Row:
    made = Entry(EntryRef.parse(path, environments=None), facts, 1, "2026-11-24T09:30:00Z", stamps)
    return row_of(made, client_name="Délèze Outillage SA", **more)


DATABASE = entry(
    "DELEZE/prod/erp-db",
    EntryFacts(
        "database", "db.lan", 1521, "SYSTEM", via="prod/jump", engine="oracle", service="ERPPROD"
    ),
)
JUMP = entry(
    "DELEZE/prod/jump",
    EntryFacts("ssh", "jump.lan", username="support", via="common/vpn"),
    Stamps(holds=("private-key", "passphrase"), checked="2026-11-20T08:00:00+00:00", check="ok"),
)
VPN = entry(
    "DELEZE/common/vpn",
    EntryFacts("vpn", "vpn.deleze.example", 443, "cs", expires="2026-11-23"),
    Stamps(holds=("password", "totp-seed", "note", "file:cs.ovpn"), pending="2026-11-24"),
)
WEB = entry("DELEZE/prod/admin", EntryFacts("web", url="https://erp.deleze.example"), Stamps())
ROOT = entry("DELEZE/prod/root", EntryFacts("ssh", "10.0.0.1"), guarded=True)
ROWS = [VPN, WEB, DATABASE, JUMP, ROOT]

ENGLISH = """\
# DELEZE, Délèze Outillage SA

How to connect. No secret stands on this page: the `opskit` lines fetch them.
With `--ticket CS-1234` the server keeps the reason.
As the safe had it on 2026-11-24 at 10:30.

## For all environments

### DELEZE/common/vpn: VPN

    Host         vpn.deleze.example:443
    User         cs
    Works until  2026-11-23, expired!
    Kept         password, totp-seed, note, file:cs.ovpn
    a new password waits to be confirmed; the old one still works

    opskit vault connect DELEZE/common/vpn
    opskit vault get DELEZE/common/vpn --clip
    opskit vault totp DELEZE/common/vpn --clip
    opskit vault note DELEZE/common/vpn
    opskit vault save DELEZE/common/vpn cs.ovpn --out cs.ovpn

## Production

### DELEZE/prod/root: SSH

    Host         10.0.0.1
    Kept         password
    under guard: reading it takes a second person

    opskit vault break-glass request DELEZE/prod/root --ticket CS-1234

### DELEZE/prod/admin: web page

    Page         https://erp.deleze.example

    opskit vault connect DELEZE/prod/admin
    opskit vault get DELEZE/prod/admin --clip

### DELEZE/prod/jump: SSH

    First open   1. common/vpn
    Host         jump.lan
    User         support
    Kept         private-key, passphrase
    Last try     2026-11-20 ok

    opskit vault connect DELEZE/prod/jump
    opskit vault get DELEZE/prod/jump --field private-key | ssh-add -
    opskit vault get DELEZE/prod/jump --field passphrase --clip

### DELEZE/prod/erp-db: database

    First open   1. common/vpn, 2. prod/jump
    Host         db.lan:1521
    User         SYSTEM
    Engine       oracle
    Service      ERPPROD
    Kept         password

    opskit vault connect DELEZE/prod/erp-db
    opskit vault get DELEZE/prod/erp-db --clip"""


def page(rows: list[Row], words: Words = EN) -> str:
    return "\n".join(
        page_lines(rows, client="DELEZE", name="Délèze Outillage SA", at=AT, words=words)
    )


@pytest.fixture(autouse=True)
def _in_switzerland() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as here:
        here.setenv("TZ", "Europe/Zurich")
        time.tzset()
        yield
    time.tzset()  # back to where the other tests are


def test_the_page_reads_in_the_order_of_the_way() -> None:
    assert page(ROWS) == ENGLISH


def test_the_page_speaks_french() -> None:
    text = page(ROWS, FR)
    assert "### DELEZE/prod/erp-db: base de données" in text
    assert "    Ouvrir d'abord    1. common/vpn, 2. prod/jump" in text
    assert "le 24.11.2026 à 10:30" in text


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_the_page_fits_on_paper(words: Words) -> None:
    assert max(map(len, page(ROWS, words).splitlines())) <= 88


def test_a_client_without_entries_has_a_page_that_says_so() -> None:
    assert page([]) == (
        "# DELEZE, Délèze Outillage SA\n\nThe safe holds nothing for this client yet."
    )


@pytest.mark.parametrize("via", ["common/vpn", "DELEZE/common/vpn", "deleze/Common/vpn"])
def test_a_way_names_an_entry_of_the_same_client_with_or_without_its_code(via: str) -> None:
    first = entry("DELEZE/prod/a", EntryFacts("ssh", via=via))
    assert way_of(first, {VPN["ref"]: VPN}) == ("DELEZE/common/vpn",)


def test_a_way_through_another_client_or_through_nothing_is_told_as_far_as_it_is_known() -> None:
    first = entry("DELEZE/prod/a", EntryFacts("ssh", via="prod/gone"))
    other = entry("DELEZE/prod/b", EntryFacts("ssh", via="HOST/common/vpn"))
    assert way_of(first, {}) == ("DELEZE/prod/gone",)
    assert "    First open   1. HOST/common/vpn" in page([other])


def test_a_way_that_leads_back_to_itself_ends() -> None:
    first = entry("DELEZE/prod/a", EntryFacts("ssh", via="prod/b"))
    second = entry("DELEZE/prod/b", EntryFacts("ssh", via="prod/a"))
    own = entry("DELEZE/prod/c", EntryFacts("ssh", via="prod/c"))
    known = {each["ref"]: each for each in (first, second, own)}
    assert way_of(first, known) == ("DELEZE/prod/b",)
    assert way_of(own, known) == ()
    assert way_of(entry("DELEZE/prod/d", EntryFacts("ssh", via="prod/a")), known) == (
        "DELEZE/prod/b",
        "DELEZE/prod/a",
    )


def test_a_line_can_be_copied_whatever_the_names_are() -> None:
    odd = entry("DELEZE/prod/my file", EntryFacts("vpn"), Stamps(holds=("file:a b.ovpn",)))
    assert "    opskit vault save 'DELEZE/prod/my file' 'a b.ovpn' --out 'a b.ovpn'" in page([odd])


def test_every_line_to_type_exists() -> None:
    lines = [line.strip() for line in page(ROWS).splitlines() if line.startswith("    opskit")]
    assert [fault for line in lines if (fault := fault_of(typed(line) or []))] == []


def test_environments_of_ones_own_come_last() -> None:
    rows = [entry(f"DELEZE/{name}/x", EntryFacts("ssh")) for name in ("uat", "test", "prod", "dev")]
    assert list(stops(rows)) == ["prod", "test", "dev", "uat"]


def test_scripts_get_the_same_order_with_the_way() -> None:
    found = page_row(ROWS, client="DELEZE", name="Délèze Outillage SA")
    common, prod = found["environments"]
    assert [each["ref"] for each in common["entries"]] == ["DELEZE/common/vpn"]
    assert prod["entries"][-1]["way"] == ["DELEZE/common/vpn", "DELEZE/prod/jump"]


def test_every_language_knows_every_word() -> None:
    for words in WORDS.values():
        assert words.kinds.keys() == EN.kinds.keys()
        assert words.facts.keys() == EN.facts.keys()


TREE = [
    row("DELEZE/common/vpn", "Délèze SA"),
    row("DELEZE/prod/erp-db", "Délèze SA"),
    row("DELEZE/prod/jump", "Délèze SA"),
    row("PERRET/prod/web"),
]


def test_a_tree_has_branches_on_a_terminal() -> None:
    lines = list(tree_lines(TREE, screen=Screen(width=80)))
    assert [line.split("  database")[0] for line in lines] == [
        "DELEZE  Délèze SA",
        "├─ common",
        "│  └─ vpn",
        "└─ prod",
        "   ├─ erp-db",
        "   └─ jump  ",
        "PERRET",
        "└─ prod",
        "   └─ web",
    ]
    assert lines[2].endswith("vpn  database  db.deleze.example:1521  SYSTEM")


def test_a_tree_is_indented_in_a_pipe() -> None:
    lines = list(tree_lines(TREE[:1], screen=Screen()))
    assert lines == [
        "DELEZE  Délèze SA",
        "  common",
        "    vpn  database  db.deleze.example:1521  SYSTEM",
    ]


def test_a_tree_for_scripts() -> None:
    first, second = tree_rows(TREE)
    assert (first["client"], first["client_name"]) == ("DELEZE", "Délèze SA")
    assert [each["environment"] for each in first["environments"]] == ["common", "prod"]
    assert second["environments"][0]["entries"][0]["ref"] == "PERRET/prod/web"
