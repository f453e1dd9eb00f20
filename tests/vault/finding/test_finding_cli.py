"""find, list, tree and sheet as a person types them, in a pipe and before a terminal."""

import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.faults import stopped
from tests.support.home import House, Result, copy_of
from tests.support.terminal import CTRL_C, Screen, sit_before
from tests.vault.samples import put
from vault.facts import EntryFacts
from vault.finding.index import forget_index
from vault.finding.index_file import IndexFile
from vault.ports import EntryStore

SECRET = "s3cret-of-finding"
DOWN, ESCAPE = "\x1b[B", "\x1b"
PROGRAM = Path(sys.executable).with_name("opskit")
ENTRIES = {
    "DELEZE/common/vpn": EntryFacts("vpn", "vpn.deleze.example", 443, "cs", tags=("fortinet",)),
    "DELEZE/prod/erp-db": EntryFacts(
        "database", "db.lan", 1521, "SYSTEM", tags=("Oracle",), via="common/vpn"
    ),
    "DELEZE/prod/jump": EntryFacts("ssh", "jump.lan", 22, "support", via="common/vpn"),
    "BETSCH/common/vpn": EntryFacts("vpn", "vpn.betsch.example", username="cs"),
}


@pytest.fixture(scope="module")
def kept_house(house_pattern: House) -> Iterator[House]:
    """A home with these entries; its server is shared by this file."""
    with copy_of(house_pattern) as house:
        house.login("alice")
        store = house.context().plug(EntryStore)
        for path, facts in ENTRIES.items():
            put(store, path, SECRET, facts)
        yield house


@pytest.fixture
def home(kept_house: House) -> House:
    kept_house.login("alice")
    return kept_house


def refs(result: Result) -> list[str]:
    return [row["ref"] for row in result.json]


def test_in_a_pipe_find_prints_a_line_an_entry_the_best_first(home: House) -> None:
    assert home.done("vault", "find", "delese", "databse") == Result(
        0, "DELEZE/prod/erp-db\tdatabase\tdb.lan\t1521\tSYSTEM\t\tOracle\t\n", ""
    )
    assert home.done("vault", "find", "vpn", "Délèze").out.startswith("DELEZE/common/vpn\t")


def test_find_speaks_json(home: House) -> None:
    (row,) = home.done("vault", "find", "outillage oracle", "--json").json
    assert (row["ref"], row["client_name"], row["guarded"], row["holds"]) == (
        "DELEZE/prod/erp-db",
        "Délèze Outillage SA",
        False,
        ["password"],
    )


def test_nothing_found_is_no_error(home: House) -> None:
    assert home.done("vault", "find", "qqqqqq") == Result(0, "", "nothing found\n")
    assert home.done("vault", "find", "qqqqqq", "--json").json == []


def test_a_word_is_needed_where_there_is_no_terminal(home: House) -> None:
    for words in ([], [" "]):
        done = home.opskit("vault", "find", *words)
        assert (done.code, done.out) == (2, "")
        assert "hint: opskit vault find" in done.err


def test_where_nothing_is_found_the_safe_is_asked_again_unless_it_just_was(home: House) -> None:
    """A colleague adds it while the client is on the telephone."""
    run, new = home.context(), "BERNAS/prod/brandnew"
    home.done("vault", "find", "deleze", "--fresh")
    put(run.plug(EntryStore), new, SECRET)
    assert home.done("vault", "find", "brandnew").out == ""
    file = IndexFile(run.home, run.settings)
    index = file.load()
    assert index is not None
    file.save(replace(index, read_at=index.read_at - 61))
    assert home.done("vault", "find", "brandnew").out.startswith(new)


def test_a_fresh_index_answers_while_the_server_is_away(home: House) -> None:
    home.done("vault", "list", "--fresh")
    with stopped(home):
        assert refs(home.done("vault", "find", "fortinet", "--json")) == ["DELEZE/common/vpn"]
        assert len(refs(home.done("vault", "list", "--json"))) > 3
        for words in (("find", "fortinet", "--fresh"), ("list", "DELEZE", "--fresh")):
            done = home.opskit("vault", *words)
            assert (done.code, done.out) == (7, "")
            assert "hint: opskit local start" in done.err


@pytest.mark.parametrize("command", ["list", "tree", "sheet"])
def test_without_the_server_a_client_is_shown_as_it_was_last_known(
    home: House, command: str
) -> None:
    home.done("vault", "list", "--fresh")
    running = home.done("vault", command, "DELEZE")
    with stopped(home):
        away = home.done("vault", command, "DELEZE")
        unknown = home.opskit("vault", command, "ALLENC")
    assert re.fullmatch(r"as of \d\d:\d\d; the safe does not answer\n", away.err)
    assert away.out == running.out
    assert (unknown.code, unknown.out) == (7, "")


def test_on_a_terminal_an_entry_is_one_line(home: House) -> None:
    screen = sit_before(
        [PROGRAM, "vault", "list", "DELEZE"], home.environment(NO_COLOR="1", COLUMNS="80")
    )
    lines = screen.text.strip().splitlines()
    assert [line.split()[0] for line in lines] == [
        "Entry",
        *(ref for ref in ENTRIES if ref.startswith("DELEZE")),
    ]
    assert "vpn.deleze.example:443" in lines[1]
    assert "fortinet" not in screen.text


def test_list_takes_kind_tag_and_environment(home: House) -> None:
    assert refs(home.done("vault", "list", "--kind", "vpn", "--json")) == [
        "BETSCH/common/vpn",
        "DELEZE/common/vpn",
    ]
    assert refs(home.done("vault", "list", "deleze", "--env", "PROD", "--json")) == [
        "DELEZE/prod/erp-db",
        "DELEZE/prod/jump",
    ]
    assert refs(home.done("vault", "list", "--tag", "oracle", "--json")) == ["DELEZE/prod/erp-db"]
    assert refs(home.done("vault", "list", "--tag", "oracle", "--tag", "x", "--json")) == []


def test_list_refuses_what_is_no_kind(home: House) -> None:
    done = home.opskit("vault", "list", "--kind", "database2")
    assert (done.code, "the kinds are vpn" in done.err) == (5, True)


@pytest.mark.parametrize("command", ["list", "tree", "sheet"])
def test_an_unknown_client_is_no_empty_one(home: House, command: str) -> None:
    done = home.opskit("vault", command, "DELESE")
    assert (done.code, done.out) == (3, "")
    assert "DELEZE" in done.err


def test_a_client_without_entries_is_empty(home: House) -> None:
    assert home.done("vault", "list", "GFELLE") == Result(0, "", "nothing found\n")
    assert home.done("vault", "tree", "GFELLE") == Result(0, "", "nothing found\n")
    assert home.done("vault", "sheet", "GFELLE").out.endswith("nothing for this client yet.\n")


def test_a_client_is_listed_as_the_safe_has_it_now(home: House) -> None:
    home.done("vault", "list")
    put(home.context().plug(EntryStore), "KUHNCO/prod/by-another", SECRET)
    assert home.done("vault", "list", "KUHNCO").out.startswith("KUHNCO/prod/by-another\t")


def test_tree_in_a_pipe_and_in_json(home: House) -> None:
    assert home.done("vault", "tree", "deleze").out == (
        "DELEZE  Délèze Outillage SA\n"
        "  common\n"
        "    vpn  vpn  vpn.deleze.example:443  cs\n"
        "  prod\n"
        "    erp-db  database  db.lan:1521  SYSTEM\n"
        "    jump    ssh  jump.lan:22  support\n"
    )
    (client,) = home.done("vault", "tree", "DELEZE", "--json").json
    assert [each["environment"] for each in client["environments"]] == ["common", "prod"]


def test_a_sheet_has_the_way_and_no_secret(home: House) -> None:
    page = home.done("vault", "sheet", "deleze").out
    assert page.startswith("# DELEZE, Délèze Outillage SA\n")
    assert "    First open   1. common/vpn\n" in page
    assert "    opskit vault get DELEZE/prod/erp-db --clip\n" in page
    assert SECRET not in page
    assert "Ouvrir d'abord" in home.done("vault", "sheet", "DELEZE", "--lang", "fr").out
    assert home.opskit("vault", "sheet", "DELEZE", "--lang", "it").code == 5


def test_a_sheet_goes_into_a_file_of_ones_own(home: House, tmp_path: Path) -> None:
    out = tmp_path / "deleze.md"
    done = home.done("vault", "sheet", "DELEZE", "--out", out)
    assert done == Result(0, "", f"{out} written\n")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text().startswith("# DELEZE")
    out.write_text("something else")
    assert home.opskit("vault", "sheet", "DELEZE", "--out", out).code == 4


def test_a_sheet_speaks_json(home: House) -> None:
    page = home.done("vault", "sheet", "DELEZE", "--json").json
    assert (page["client"], page["name"]) == ("DELEZE", "Délèze Outillage SA")
    assert page["environments"][1]["entries"][0]["way"] == ["DELEZE/common/vpn"]


def test_who_may_not_look_into_the_safe_is_told_the_role(home: House) -> None:
    roles = ("--role", "sales", "--password-file", "-")
    home.done("user", "add", "carla", *roles, stdin="pass of carla")
    home.done("login", "carla", "--password-file", "-", stdin="pass of carla")
    done = home.opskit("vault", "find", "deleze")
    assert (done.code, done.out) == (6, "")
    assert "agent or safe-keeper" in done.err


def test_the_nearest_names_come_from_what_is_known(home: House) -> None:
    home.done("vault", "list")
    put(home.context().plug(EntryStore), "DELEZE/prod/erp-dba", SECRET)
    for command in ("get", "show"):
        done = home.opskit("vault", command, "DELEZE/prod/erp-bd")
        assert done.code == 3
        assert "did you mean DELEZE/prod/erp-db, " in done.err
        assert "erp-dba" not in done.err


@pytest.mark.parametrize("typed", ["deleze/prod/", "DELEZE/prod/", "Délèze/pr"])
def test_the_shell_completes_refs_from_what_is_known(home: House, typed: str) -> None:
    forget_index(home.context())
    assert completed(home, typed) == []
    home.done("vault", "list")
    found = completed(home, typed)
    assert found[0] == "DELEZE/prod/erp-db"
    assert {ref[:12] for ref in found} == {"DELEZE/prod/"}


def test_completion_asks_neither_a_server_nor_a_database(own_house: House) -> None:
    own_house.login("alice")
    own_house.done(
        *("vault", "add", "DELEZE/prod/erp", "--kind", "erp", "--password-file", "-"),
        stdin=SECRET,
    )
    own_house.done("vault", "list")
    own_house.done("local", "stop")
    own_house.home.database_file.unlink()
    assert completed(own_house, "DEL") == ["DELEZE/prod/erp"]


def completed(house: House, typed: str) -> list[str]:
    environment = house.environment(
        _OPSKIT_COMPLETE="complete_bash", COMP_WORDS=f"opskit vault show {typed}", COMP_CWORD="3"
    )
    done = subprocess.run(
        [PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.stderr == ""
    return done.stdout.split()


def picked(home: House, *words: str, answers: list[tuple[str, str]]) -> Screen:
    command = [PROGRAM, "vault", "find", *words]
    return sit_before(command, home.environment(NO_COLOR="1"), answers=answers)


def shown(screen: Screen) -> str:
    """The entry whose page stands below the list, or nothing."""
    found = re.search(r"Entry +(\S+)", screen.text)
    return found[1] if found else ""


def test_on_a_terminal_enter_shows_the_best(home: House) -> None:
    screen = picked(home, "deleze", answers=[("found", "")])
    assert (screen.code, shown(screen)) == (0, "DELEZE/common/vpn")
    assert "Client" in screen.text
    assert SECRET not in screen.text


def test_arrows_choose_another(home: House) -> None:
    screen = picked(home, "vpn", answers=[("found", DOWN)])
    assert (screen.code, shown(screen)) == (0, "DELEZE/common/vpn")


def test_the_list_narrows_while_one_types_also_with_a_slip(home: House) -> None:
    screen = picked(home, answers=[("found", "bethsch vpn")])
    assert (screen.code, shown(screen)) == (0, "BETSCH/common/vpn")


def test_enter_on_nothing_waits_for_another_word(home: House) -> None:
    back = "\x7f" * 6
    screen = picked(home, answers=[("found", "qqqqqq"), ("0 found", f"{back}betsch")])
    assert (screen.code, shown(screen)) == (0, "BETSCH/common/vpn")


def test_escape_leaves(home: House) -> None:
    screen = picked(home, "deleze", answers=[("found", ESCAPE)])
    assert (screen.code, shown(screen)) == (0, "")


def test_ctrl_c_is_heard(home: House) -> None:
    screen = picked(home, "deleze", answers=[("found", CTRL_C)])
    assert (screen.code, shown(screen)) == (1, "")
    assert "stopped" in screen.text


def test_one_that_is_found_alone_is_shown_at_once(home: House) -> None:
    screen = picked(home, "oracle", answers=[])
    assert (screen.code, shown(screen)) == (0, "DELEZE/prod/erp-db")
