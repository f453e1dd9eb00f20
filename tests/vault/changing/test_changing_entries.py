"""Changing entries at the command line: what is typed, what is said, what is kept."""

import secrets
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from tests.support.home import House, Result
from tests.support.terminal import Screen, sit_before
from vault.entries import EntryRef
from vault.ports import EntryStore

PROGRAM = (sys.executable, "-m", "opskit")


@pytest.fixture
def ref(house: House) -> Iterator[str]:
    """An entry of this test alone."""
    ref = f"DELEZE/test/{secrets.token_hex(6)}"
    facts = "--kind ssh --host h1 --port 22 --username root --tag a --tag b"
    house.done("vault", "add", ref, *facts.split(), "--password-file", "-", stdin="old")
    yield ref
    house.done("vault", "purge", ref, "--yes")


def set_(house: House, ref: str, *words: str, stdin: str = "") -> Result:
    return house.opskit("vault", "set", ref, *words, stdin=stdin)


def shown(house: House, ref: str) -> dict[str, object]:
    row: dict[str, object] = house.done("vault", "show", ref, "--json").json
    return row


def test_facts_change_and_are_said_with_before_and_after(house: House, ref: str) -> None:
    done = set_(house, ref, "--host", "h2", "--port", "", "--tag", "c", "--no-tag", "a")
    assert done == Result(
        0,
        "",
        f"host: h1 -> h2\nport: 22 -> -\ntags: a b -> b c\n{ref} is in the safe, version 2\n",
    )
    row = shown(house, ref)
    assert (row["host"], row["port"], row["tags"]) == ("h2", None, ["b", "c"])
    assert row["username"] == "root"
    assert house.done("vault", "get", ref).out == "old\n"


def test_a_secret_changes_and_is_not_said(house: House, ref: str) -> None:
    done = set_(house, ref, "--password-file", "-", "--ticket", "CS-9", stdin="s3cret-new\n")
    assert done.err == f"password: changed\n{ref} is in the safe, version 2\n"
    assert house.done("vault", "get", ref).out == "s3cret-new\n"
    (event,) = [
        row
        for row in house.done("audit", "list", "--action", "vault.changed", "--json").json
        if row["subject"] == ref
    ]
    assert event["ticket"] == "CS-9"
    assert "s3cret-new" not in str(event)


def test_a_secret_is_made_up_and_taken_out(house: House, ref: str) -> None:
    assert set_(house, ref, "--field", "pin", "--generate").code == 0
    assert house.done("vault", "get", ref, "--field", "pin").out.strip().isdigit()
    assert set_(house, ref, "--without", "pin", "--json").json["changed"] == ["pin"]
    assert house.opskit("vault", "get", ref, "--field", "pin").code == ExitCode.NOT_FOUND


def test_what_is_so_already_is_not_written_again(house: House, ref: str) -> None:
    done = set_(house, ref, "--host", "h1", "--password-file", "-", stdin="old")
    assert done == Result(0, "", f"nothing changed in {ref}\n")
    assert shown(house, ref)["version"] == 1


def test_a_kind_changes_when_its_facts_fit(house: House, ref: str) -> None:
    assert set_(house, ref, "--kind", "rdp", "--domain", "DELEZE").code == 0
    refused = set_(house, ref, "--kind", "web")
    assert (refused.code, "a web entry has no domain" in refused.err) == (ExitCode.INVALID, True)
    assert shown(house, ref)["kind"] == "rdp"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), ExitCode.USAGE, "there is nothing to change"),
        (("--port", "abc"), ExitCode.INVALID, "'abc' is no port"),
        (("--tag", "two words"), ExitCode.INVALID, "is no tag"),
        (("--field", "host", "--password-file", "-"), ExitCode.INVALID, "no secret but a fact"),
        (("--field", "next:password", "--generate"), ExitCode.INVALID, "opskit vault rotate"),
        (("--field", "file:a", "--generate"), ExitCode.INVALID, "opskit vault attach"),
        (("--field", "private-key", "--generate"), ExitCode.INVALID, "cannot be made up"),
        (("--generate", "--password-file", "-"), ExitCode.USAGE, "exclude each other"),
        (("--without", "pin"), ExitCode.NOT_FOUND, "it keeps password"),
        (("--without", "password"), ExitCode.INVALID, "at least one secret"),
        (("--field", "pin"), ExitCode.USAGE, "--password-file"),
        (("--ticket", "no ticket", "--host", "x"), ExitCode.INVALID, "ticket"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    house: House, ref: str, words: tuple[str, ...], code: ExitCode, said: str
) -> None:
    done = set_(house, ref, *words, stdin="x")
    assert (done.code, said in done.err) == (code, True), done.err
    assert shown(house, ref)["version"] == 1


def test_an_unknown_entry_names_the_nearest(house: House, ref: str) -> None:
    done = set_(house, ref[:-1], "--host", "x")
    assert (done.code, ref in done.err) == (ExitCode.NOT_FOUND, True)


def test_a_team_that_demands_tickets_changes_nothing_without(house: House, ref: str) -> None:
    settings = house.folder / "settings.toml"
    before = settings.read_text() if settings.exists() else None
    settings.write_text((before or "") + "\nticket_required = true\n")
    try:
        for words in (
            ("set", ref, "--host", "x"),
            ("rotate", ref, "--generate"),
            ("diff", ref),
            ("restore", ref, "--version", "1"),
            ("edit", ref),
            ("note", ref),
            ("move", ref, f"{ref}-moved"),
            ("refresh",),
        ):
            done = house.opskit("vault", *words)
            assert (done.code, "--ticket" in done.err) == (ExitCode.USAGE, True), words
    finally:
        if before is None:
            settings.unlink()
        else:
            settings.write_text(before)
    assert shown(house, ref)["version"] == 1


def test_several_secrets_and_a_note_are_added_at_once(house: House, tmp_path: Path) -> None:
    ref = "DELEZE/test/several"
    files = {name: tmp_path / name for name in ("pin", "note")}
    files["pin"].write_text("1234\n")
    files["note"].write_text("first\nsecond\n")
    words = ("--field", "shared-key", "--password-file", "-", "--field", "pin")
    house.done(
        *("vault", "add", ref, "--kind", "vpn", *words, "--password-file", files["pin"]),
        *("--note-file", files["note"], "--field", "password", "--generate"),
        stdin="psk",
    )
    assert house.done("vault", "get", ref, "--field", "shared-key").out == "psk\n"
    assert house.done("vault", "get", ref, "--field", "pin").out == "1234\n"
    assert house.done("vault", "note", ref).out == "first\nsecond\n"
    assert len(house.done("vault", "get", ref).out) > 10
    twice = ("--password-file", "-", "--note-file", "-")
    refused = house.opskit("vault", "add", "DELEZE/test/no", "--kind", "vpn", *twice, stdin="x")
    assert refused.code == ExitCode.USAGE


def test_adding_over_a_removed_entry_names_the_ways_out(house: House, ref: str) -> None:
    house.done("vault", "remove", ref, "--yes")
    words = ("vault", "add", ref, "--kind", "ssh", "--password-file", "-")
    done = house.opskit(*words, stdin="x")
    assert done.code == ExitCode.CONFLICT
    assert f"opskit vault undelete {ref}" in done.err
    assert f"opskit vault purge {ref}" in done.err


@pytest.mark.parametrize("command", ["get", "show", "set", "rotate", "remove", "move", "note"])
def test_what_was_removed_says_how_it_comes_back(house: House, ref: str, command: str) -> None:
    house.done("vault", "remove", ref, "--yes")
    more = {"set": ("--host", "x"), "rotate": ("--generate",), "remove": ("--yes",)}
    words = (command, ref, *more.get(command, ()), *((f"{ref}-x",) if command == "move" else ()))
    done = house.opskit("vault", *words)
    assert done.code == ExitCode.NOT_FOUND
    assert f"error[entry-removed]: {ref} was removed\nhint: opskit vault undelete {ref}" in done.err


def test_removed_and_back(house: House, ref: str) -> None:
    asked = house.opskit("vault", "remove", ref)
    assert (asked.code, "--yes" in asked.err) == (ExitCode.USAGE, True)
    assert house.done("vault", "remove", ref, "--yes", "--json").json == {
        "ref": ref,
        "version": 1,
        "removed": True,
    }
    assert ref not in house.done("vault", "list", "DELEZE", "--json").out
    rows = house.done("vault", "history", ref, "--json").json
    assert [(row["state"], row["removed_by"]) for row in rows] == [("removed", "alice")]
    assert house.done("vault", "undelete", ref).err == f"{ref} is back, version 1\n"
    assert house.done("vault", "get", ref).out == "old\n"


def test_a_purge_off_the_terminal_wants_yes(house: House) -> None:
    ref = "DELEZE/test/purged"
    house.done("vault", "add", ref, "--kind", "ssh", "--password-file", "-", stdin="x")
    assert house.opskit("vault", "purge", ref).code == ExitCode.USAGE
    assert house.done("vault", "purge", ref, "--yes", "--json").json == {"ref": ref, "purged": True}
    assert house.opskit("vault", "history", ref).code == ExitCode.NOT_FOUND
    assert house.opskit("vault", "purge", ref, "--yes").code == ExitCode.NOT_FOUND


def test_a_purge_on_the_terminal_wants_the_name(house: House, ref: str) -> None:
    command = (*PROGRAM, "vault", "purge", ref)
    wrong = sit(house, command, ("Type its name", "DELEZE/test/another"))
    assert (wrong.code, "nothing was done" in wrong.text) == (ExitCode.INVALID, True)
    assert shown(house, ref)["version"] == 1
    right = sit(house, command, ("Type its name", ref))
    assert (right.code, f"{ref} was purged" in right.text) == (0, True)
    house.done("vault", "add", ref, "--kind", "ssh", "--password-file", "-", stdin="x")


def test_a_removal_on_the_terminal_asks(house: House, ref: str) -> None:
    command = (*PROGRAM, "vault", "remove", ref)
    refused = sit(house, command, (f"Remove {ref}?", "n"))
    assert (refused.code, shown(house, ref)["version"]) == (ExitCode.UNEXPECTED, 1)
    assert sit(house, command, (f"Remove {ref}?", "y")).code == 0
    house.done("vault", "undelete", ref)


def test_an_agent_does_all_but_purge(house: House, ref: str) -> None:
    moved = f"{ref}-moved"
    for words in (
        ("set", ref, "--host", "h3"),
        ("rotate", ref, "--generate"),
        ("rotate", ref, "--confirm"),
        ("restore", ref, "--version", "1"),
        ("move", ref, moved),
        ("remove", moved, "--yes"),
        ("undelete", moved),
    ):
        house.done("vault", *words, as_user="bob")
    assert house.done("vault", "get", moved).out == "old\n"
    denied = house.opskit("vault", "purge", moved, "--yes")
    assert (denied.code, "safe-keeper" in denied.err) == (ExitCode.DENIED, True)
    house.done("vault", "purge", moved, "--yes", as_user="alice")


def test_a_conflict_at_a_prompt_loses_nothing_that_was_typed(house: House, ref: str) -> None:
    class Meanwhile(list[tuple[str, str]]):
        """Somebody writes between the first answer and the second."""

        def __iter__(self) -> Iterator[tuple[str, str]]:
            for number, each in enumerate(list.__iter__(self)):
                if number == 1:
                    assert set_(house, ref, "--host", "theirs").code == 0
                yield each

    answers = Meanwhile(
        [("Password:", "typed"), ("Once more:", "typed"), ("Try again on the newest", "y")]
    )
    command = (*PROGRAM, "vault", "set", ref, "--field", "password")
    done = sit_before(command, house.environment(), answers=answers)
    assert (done.code, "error[entry-changed]" in done.text) == (0, True), done.text
    assert house.done("vault", "get", ref).out == "typed\n"
    assert (shown(house, ref)["host"], shown(house, ref)["version"]) == ("theirs", 3)


@pytest.mark.parametrize("day", ["31.12.2026", "2026-12-31"])
def test_a_last_day_is_typed_as_people_do(house: House, ref: str, day: str) -> None:
    assert set_(house, ref, "--expires", day).code == 0
    assert shown(house, ref)["expires"] == "2026-12-31"
    assert set_(house, ref, "--expires", "31.02.2026").code == 5
    assert set_(house, ref, "--expires", "").code == 0
    added = f"{ref}-{len(day)}-{day[2]}".lower().replace(".", "x")
    house.done("vault", "add", added, "--kind", "web", "--expires", day, "--generate")
    assert shown(house, added)["expires"] == "2026-12-31"


@pytest.mark.parametrize("words", ["--without next:password", "--without password", "--generate"])
def test_a_waiting_rotation_is_not_lost_to_a_change(house: House, ref: str, words: str) -> None:
    house.done("vault", "rotate", ref, "--password-file", "-", stdin="the next")
    refused = set_(house, ref, *words.split())
    assert (refused.code, "error[rotation-pending]" in refused.err) == (4, True)
    assert f"opskit vault rotate {ref} --abandon" in refused.err
    assert house.done("vault", "get", ref, "--field", "next:password").out == "the next\n"
    assert set_(house, ref, "--host", "h3").code == 0


def test_adding_says_what_hinders_before_it_asks(house: House, ref: str) -> None:
    for name, code in ((ref, 4), ("NIEMAND/prod/x", 3)):
        refused = house.opskit("vault", "add", name, "--kind", "ssh", "--password-file", "-")
        assert refused.code == code, refused  # an empty secret would be code 5


def test_the_line_for_a_leaver_needs_no_terminal(house: House, ref: str) -> None:
    assert house.done("vault", "rotate", ref, "--generate").code == 0


def test_what_another_tool_wrote_is_seen_by_doctor_and_found_after_a_refresh(
    house: House, ref: str
) -> None:
    store = house.context().plug(EntryStore)
    entry = EntryRef.parse(ref)
    value = store.read(entry, None)
    store.write(entry, replace(value, facts=replace(value.facts, host="by-hand")))
    assert shown(house, ref)["host"] == "h1"
    said = house.opskit("doctor").out
    assert "entries written past opskit" in said
    assert "opskit vault refresh" in said
    (row,) = (row for row in house.done("vault", "refresh", "--json").json if row["ref"] == ref)
    assert row == {"ref": ref, "version": 2, "problem": ""}
    assert shown(house, ref)["host"] == "by-hand"
    assert house.done("vault", "refresh", "--json").json == []
    assert "past opskit" not in house.opskit("doctor").out


def sit(house: House, command: tuple[str, ...], *answers: tuple[str, str]) -> Screen:
    return sit_before(command, house.environment(), answers=answers)
