"""Names, values and files that cannot be: an exit code, a hint, and no control character echoed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.home import House, Result
from tests.support.keepass_files import Sample, write_kdbx4
from tests.vault.lines import LINES, MAP, REF, Line, Typist, ids, stocked

ESCAPE = "a\x1b[2Jx"  # clears a terminal
BAD_REFS = [
    *("DELEZE/prod/..", "DELEZE/../x", "../../sys/mounts", "DELEZE/prod/.", "DELEZE/prod/a/b"),
    *("/DELEZE/prod/a", "DELEZE//a", "DELEZE/prod/", "DELEZE", "DELEZE/prod/a\nb"),
    *(f"DELEZE/prod/{ESCAPE}", f"DELEZE/{ESCAPE}/a", f"{ESCAPE}/prod/a", "DELEZE/prod/a\x00b"),
    *("DELEZE/prod/a\u202eb", "DELEZE/prod/" + "x" * 101),
]
A_REF = re.compile(r"DELEZE/\S+")
NAMES_ONE = [line for line in LINES if A_REF.match(line.words.partition(" ")[2])]
UNSEEN = (ESCAPE, "a\u202eb", "a\nb")
REFUSED = 2, 3, 5  # usage, not found, invalid
MISSPELT = [
    *("{}", "list {}", "tree {}", "sheet {}", "health {}", "exposure {}", "list --kind {}"),
    *("access-report {}", "access-report --person {}", "access-report --since {}"),
    *(f"get {REF} --field {{}}", f"get {REF} --ticket {{}}", f"share {REF} --field {{}}"),
    *(f"share {REF} --ttl {{}}", f"attach {REF} {{}}", f"attach {REF} {{file}} --name {{}}"),
    *(f"save {REF} {{}} --out {{place}}/never", f"set {REF} --host {{}}", f"set {REF} --tag {{}}"),
    *(f"set {REF} --field {{}} --generate", f"set {REF} --without {{}}", f"set {REF} --kind {{}}"),
    *(f"rotate {REF} --field {{}} --generate", f"restore {REF} --version {{}}"),
    *(f"note {REF} --file {{}}", f"connect {REF} --step {{}}", f"run --env {{}}={REF} -- true"),
    *(f"run {REF} -- {{}}", f"intake {REF} --accept {{}}"),
    *("break-glass read {}", "break-glass approve {}", f"break-glass request {REF} --ticket {{}}"),
    *(
        "import {}",
        "import {file} --format {}",
        "import {file} --map {}",
        "receive --token-file {}",
    ),
    *("export {} --out {place}/never --password-file -", "generate --for {}"),
]
TOO_LARGE = "x" * 1_100_000
LARGE = [
    "add DELEZE/prod/large --kind generic --password-file -",
    f"set {REF} --password-file -",
    f"rotate {REF} --password-file -",
    f"note {REF} --file -",
    f"attach {REF} {{place}}/large",
]


@pytest.fixture(scope="module")
def typist(house_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typist]:
    with stocked(house_pattern, tmp_path_factory.mktemp("place")) as typist:
        yield typist


def refused(done: Result, *codes: int) -> Result:
    """Not done, said with a hint, and nothing in it that moves a terminal's cursor."""
    assert done.code in codes, done
    assert done.out == ""
    assert "error[" in done.err
    assert "\nhint: " in done.err
    assert [each for each in done.err if not each.isprintable() and each != "\n"] == []
    return done


@pytest.mark.parametrize("line", NAMES_ONE, ids=ids(NAMES_ONE))
def test_a_name_that_cannot_be_is_refused_everywhere(typist: Typist, line: Line) -> None:
    ready = typist.as_it_stands(line)
    for ref in BAD_REFS:
        words = [ref.join(A_REF.split(word)) for word in ready.words]
        refused(typist.type(words, "a secret", "1"), 5)


@pytest.mark.parametrize("words", MISSPELT)
def test_what_cannot_be_seen_is_not_echoed(typist: Typist, words: str) -> None:
    file = typist.place / "file.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    known = words.replace("{place}", str(typist.place)).replace("{file}", str(file)).split()
    for unseen in UNSEEN:
        refused(typist.type([each.replace("{}", unseen) for each in known], "x", "1"), *REFUSED)


def test_a_word_that_is_no_text_is_refused(typist: Typist) -> None:
    refused(typist.type(["get", "DELEZE/prod/a\udcff"], "", "1"), 2)


@pytest.mark.parametrize("words", LARGE)
def test_more_than_the_safe_takes_is_refused_before_it_is_sent(typist: Typist, words: str) -> None:
    (typist.place / "large").write_text(TOO_LARGE, encoding="ascii")
    before = typist.house.done("vault", "show", REF, "--json").json["version"]
    done = refused(
        typist.type(words.replace("{place}", str(typist.place)).split(), TOO_LARGE, "1"), 5
    )
    assert "hint: the safe takes up to " in done.err
    assert typist.house.done("vault", "show", REF, "--json").json["version"] == before
    assert typist.house.opskit("vault", "show", "DELEZE/prod/large").code == 3


@pytest.mark.parametrize("secret", [b"", b"\n", b"\xff\xfe\x00a"])
def test_what_is_no_text_is_no_secret(typist: Typist, secret: bytes) -> None:
    words = ("vault", "add", "DELEZE/prod/none", "--kind", "generic", "--password-file", "-")
    refused(typist.house.opskit(*words, stdin=secret), 5)


def test_a_keepass_file_with_another_password_or_cut_off(typist: Typist) -> None:
    path = write_kdbx4(
        typist.place / "a.kdbx", {"DELEZE": [Sample("t", password="p")]}, password="right"
    )
    words = ["import", str(path), "--yes", "--password-file", "-"]
    assert "password" in refused(typist.type(words, "wr0ng", "1"), 5).err
    path.write_bytes(path.read_bytes()[:-100])
    refused(typist.type(words, "right", "1"), 5)
    path.write_bytes(b"")
    refused(typist.type(words, "right", "1"), 5)


def test_of_a_table_with_broken_quotes_the_other_rows_are_stored(typist: Typist) -> None:
    path: Path = typist.place / "quotes.csv"
    rows = ("client,name,password", "DELEZE,q1,one", 'DELEZE,q2,"s3cret"x', "DELEZE,q3,three")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = typist.type(["import", str(path), "--yes", *MAP.split()], "", "1")
    assert done.code == 5
    assert "line 3" in done.err
    assert "s3cret" not in done.err + done.out
    assert "\nhint: " in done.err
    listed = typist.house.done("vault", "list", "DELEZE").out
    assert ["DELEZE/common/q1" in listed, "DELEZE/common/q2" in listed] == [True, False]
    assert "DELEZE/common/q3" in listed


def test_a_ticket_of_the_shell_is_told_as_it_was_typed(
    typist: Typist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.home.SEALED_OFF", ("VAULT_", "BAO_", "NO_COLOR"))
    monkeypatch.setenv("OPSKIT_TICKET", "@@ garbage")
    for words in (("get", REF), ("get", REF, "--json"), ("break-glass", "request", REF)):
        done = refused(typist.house.opskit("vault", *words), 5)
        assert "'@@ garbage' is no ticket key" in done.err
        assert "hint: it comes from OPSKIT_TICKET; " in done.err


def test_what_is_missing_is_told_with_the_whole_line(typist: Typist) -> None:
    done = refused(typist.house.opskit("vault", "break-glass", "request", REF), 2)
    assert done.err.endswith(f"hint: opskit vault break-glass request {REF} --ticket CS-1234\n")


def test_a_home_with_a_file_makes_no_logins_to_a_database(typist: Typist) -> None:
    words = ("--url", "postgresql://db.example/opskit", "--username", "opskit_vault")
    done = refused(typist.house.opskit("vault", "database", *words), 5)
    assert "only a team's" in done.err


def test_whoever_is_unknown_is_told_to_check_the_name(typist: Typist) -> None:
    words = ("login", "nobody", "--password-file", "-")
    done = refused(typist.house.opskit(*words, stdin="a password"), 6)
    assert "hint: check the name; an admin" in done.err
