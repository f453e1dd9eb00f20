"""An entry in the editor: what is typed is stored or kept, and nothing is left lying about."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from tests.support.home import House, Result
from tests.support.terminal import sit_before
from vault.changing.desk import QUIET_VIM, find_editor, memory_place, open_desk
from vault.errors import EditorFailedError

KEPT = "what you typed is kept: "
SENTINEL = "typed-in-the-editor"


@pytest.fixture
def ref(house: House, request: pytest.FixtureRequest) -> Iterator[str]:
    """An entry of this test alone."""
    ref = f"DELEZE/test/{abs(hash(request.node.nodeid)):x}"
    command = ("vault", "add", ref, "--kind", "ssh", "--host", "h1", "--password-file", "-")
    house.done(*command, stdin="old")
    yield ref
    house.done("vault", "purge", ref, "--yes")


@pytest.fixture
def editor(tmp_path: Path) -> "Editor":
    return Editor(tmp_path)


class Editor:
    """A program that stands for a person who edits: lines of Python about `text`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def that(self, *lines: str) -> str:
        """The command line of the editor, which notes each path that it was given."""
        script = self.folder / "editor.py"
        body = "\n".join(lines)
        script.write_text(
            "import os, re, subprocess, sys, time\n"
            "from pathlib import Path\n"
            "file = Path(sys.argv[-1])\n"
            "text = file.read_text()\n"
            f"seen = Path({str(self.seen)!r})\n"
            "turn = len(seen.read_text().splitlines()) if seen.exists() else 0\n"
            "with seen.open('a') as notes:\n"
            "    print(file, oct(file.stat().st_mode), file=notes)\n"
            f"{body}\n"
            "file.write_text(text)\n"
        )
        return f"{sys.executable} {script}"

    @property
    def seen(self) -> Path:
        return self.folder / "seen"

    @property
    def files(self) -> list[tuple[Path, str]]:
        found = [line.rsplit(" ", 1) for line in self.seen.read_text().splitlines()]
        return [(Path(file), mode) for file, mode in found]


def edit(house: House, ref: str, editor: str, *more: str) -> Result:
    """Where stdin is no terminal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VISUAL", raising=False)
        patch.setenv("EDITOR", editor)
        return house.opskit("vault", "edit", ref, *more)


def on_terminal(house: House, ref: str, editor: str, *answers: tuple[str, str]) -> tuple[int, str]:
    command = (sys.executable, "-m", "opskit", "vault", "edit", ref)
    screen = sit_before(command, house.environment(EDITOR=editor), answers=answers)
    return screen.code, screen.text


def row(house: House, ref: str) -> tuple[str, str, int]:
    shown = house.done("vault", "show", ref, "--json").json
    password = house.done("vault", "get", ref).out.removesuffix("\n")
    return shown["host"], password, shown["version"]


def test_what_is_saved_is_stored_and_the_text_is_gone(
    house: House, ref: str, editor: Editor
) -> None:
    change = "text = text.replace('host: h1', 'host: h2').replace('old', 'new')"
    done = edit(house, ref, editor.that(change))
    assert (done.code, done.out) == (0, "")
    assert "host: h1 -> h2\npassword: changed\n" in done.err
    assert "new" not in done.err
    assert row(house, ref) == ("h2", "new", 2)
    ((file, mode),) = editor.files
    assert mode == "0o100600"
    assert not file.parent.exists()
    place = memory_place(os.environ)
    assert place is not None
    assert file.is_relative_to(place)


def test_leaving_without_a_change_writes_nothing(house: House, ref: str, editor: Editor) -> None:
    done = edit(house, ref, editor.that("pass"), "--json")
    assert done.json == {"ref": ref, "version": 1, "changed": []}
    assert not editor.files[0][0].parent.exists()


@pytest.mark.parametrize("line", ["sys.exit(1)", "os.kill(os.getpid(), 9)"])
def test_an_editor_that_fails_changes_nothing(
    house: House, ref: str, editor: Editor, line: str
) -> None:
    done = edit(house, ref, editor.that(line))
    assert done.code == ExitCode.INVALID
    assert "error[editor-failed]" in done.err
    assert row(house, ref) == ("h1", "old", 1)
    assert not editor.files[0][0].parent.exists()


def test_what_an_editor_saved_before_it_failed_is_kept(
    house: House, ref: str, editor: Editor
) -> None:
    done = edit(house, ref, editor.that(f"file.write_text('{SENTINEL}')", "sys.exit(1)"))
    file = editor.files[0][0]
    assert (done.code, str(file) in done.err) == (ExitCode.INVALID, True)
    assert file.read_text() == SENTINEL
    clear(file)


def test_without_an_editor_and_a_terminal_the_hint_is_set(house: House, ref: str) -> None:
    done = edit(house, ref, "")
    assert (done.code, "opskit vault set" in done.err) == (ExitCode.INVALID, True)
    missing = edit(house, ref, "no-such-editor-anywhere")
    assert (missing.code, "cannot start" in missing.err) == (ExitCode.INVALID, True)


def test_a_slip_off_the_terminal_keeps_the_text(house: House, ref: str, editor: Editor) -> None:
    done = edit(house, ref, editor.that(f"text = text.replace('port:', 'port: {SENTINEL}')"))
    assert done.code == ExitCode.INVALID
    file = Path(done.err.partition(KEPT)[2].partition(";")[0])
    assert f"port: {SENTINEL}" in file.read_text()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert row(house, ref) == ("h1", "old", 1)
    clear(file)


def test_a_slip_opens_the_editor_again_with_the_reason_on_top(
    house: House, ref: str, editor: Editor
) -> None:
    person = editor.that(
        "if turn == 0: text = text.replace('port:', 'port: twenty')",
        "else:",
        "    assert text.startswith('#! \\'twenty\\' is no port')",
        "    text = text.replace('port: twenty', 'port: 22')",
    )
    code, shown = on_terminal(house, ref, person)
    assert (code, len(editor.files)) == (0, 2), shown
    assert house.done("vault", "show", ref, "--json").json["port"] == 22
    assert not editor.files[0][0].parent.exists()


def test_a_slip_that_is_left_there_ends_it(house: House, ref: str, editor: Editor) -> None:
    person = editor.that("if turn == 0: text = text.replace('port:', 'port: twenty')")
    code, shown = on_terminal(house, ref, person)
    assert (code, len(editor.files), KEPT in shown) == (ExitCode.INVALID, 2, True)
    clear(editor.files[0][0])


def somebody_else_sets(ref: str, *words: str) -> str:
    command = [sys.executable, "-m", "opskit", "vault", "set", ref, *words]
    return f"subprocess.run({command}, check=True, env={{**os.environ, 'EDITOR': ''}})"


def test_off_the_terminal_a_conflict_keeps_the_text(house: House, ref: str, editor: Editor) -> None:
    meanwhile = somebody_else_sets(ref, "--host", "theirs")
    done = edit(house, ref, editor.that(meanwhile, f"text = text.replace('old', '{SENTINEL}')"))
    assert done.code == ExitCode.CONFLICT
    assert "error[entry-changed]" in done.err
    assert SENTINEL not in done.err
    file = editor.files[0][0]
    assert f"{KEPT}{file}" in done.err
    assert SENTINEL in file.read_text()
    assert row(house, ref) == ("theirs", "old", 2)
    clear(file)


def test_a_conflict_goes_on_with_the_other_version(house: House, ref: str, editor: Editor) -> None:
    meanwhile = somebody_else_sets(ref, "--host", "theirs")
    person = editor.that(f"if turn == 0: {meanwhile}", "text = text.replace('old', 'mine')")
    code, shown = on_terminal(house, ref, person, ("Open the editor again", "y"))
    assert (code, len(editor.files)) == (0, 2), shown
    assert row(house, ref) == ("theirs", "mine", 3)
    assert not editor.files[0][0].parent.exists()


def test_a_conflict_left_alone_keeps_the_text(house: House, ref: str, editor: Editor) -> None:
    meanwhile = somebody_else_sets(ref, "--host", "theirs")
    person = editor.that(meanwhile, f"text = text.replace('old', '{SENTINEL}')")
    code, shown = on_terminal(house, ref, person, ("Open the editor again", "n"))
    assert (code, KEPT in shown) == (ExitCode.CONFLICT, True)
    assert SENTINEL in editor.files[0][0].read_text()
    clear(editor.files[0][0])


def test_an_entry_removed_meanwhile_keeps_the_text(house: House, ref: str, editor: Editor) -> None:
    command = [sys.executable, "-m", "opskit", "vault", "remove", ref, "--yes"]
    meanwhile = f"subprocess.run({command}, check=True)"
    done = edit(house, ref, editor.that(meanwhile, f"text = text.replace('old', '{SENTINEL}')"))
    assert (done.code, KEPT in done.err) == (ExitCode.CONFLICT, True)
    assert SENTINEL in editor.files[0][0].read_text()
    clear(editor.files[0][0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_leaves_nothing(
    house: House, ref: str, editor: Editor, number: int
) -> None:
    command = [sys.executable, "-m", "opskit", "vault", "edit", ref]
    environment = house.environment(EDITOR=editor.that("time.sleep(30)"))
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 20
        while not editor.seen.exists() or not editor.files:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert editor.files[0][0].exists()
        process.send_signal(number)
        assert process.wait(10) == 128 + number
    assert not editor.files[0][0].parent.exists()


def test_the_note_alone_is_edited_too(house: House, ref: str, editor: Editor) -> None:
    person = editor.that("text = 'first\\nsecond\\n'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VISUAL", person)
        house.done("vault", "note", ref, "--edit")
    assert house.done("vault", "note", ref).out == "first\nsecond\n"
    assert row(house, ref) == ("h1", "old", 2)


def test_vim_is_told_to_leave_nothing() -> None:
    assert find_editor({"EDITOR": "vim -u NONE"}) == ["vim", *QUIET_VIM, "-u", "NONE"]
    assert find_editor({"VISUAL": "nano", "EDITOR": "vim"}) == ["nano"]


def test_without_a_place_in_memory_it_is_said_and_still_cleared(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vault.changing.desk.memory_place", lambda _environment: None)
        patch.setattr("tempfile.tempdir", str(tmp_path))
        with open_desk({"EDITOR": "true"}, say=said.append) as desk:
            assert desk.edit("text") == "text"
            assert desk.file.is_relative_to(tmp_path)
            (desk.file.parent / "entry.txt~").write_text("a backup")
    assert "no place in memory" in said[0]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_on_a_disk_is_no_place_in_memory(tmp_path: Path) -> None:
    assert memory_place({"XDG_RUNTIME_DIR": str(tmp_path)}) != tmp_path
    assert memory_place({"XDG_RUNTIME_DIR": "/no/such/folder"}) != Path("/no/such/folder")


@pytest.mark.parametrize("editor", ["", " ", "vim 'x"])
def test_an_editor_that_is_none_is_refused(editor: str) -> None:
    with (
        pytest.raises(EditorFailedError),
        open_desk({"EDITOR": editor}, say=lambda _text: None),
    ):
        pytest.fail("an editor was found")


def clear(file: Path) -> None:
    file.unlink()
    file.parent.rmdir()
