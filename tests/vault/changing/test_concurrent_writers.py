"""Sixteen people write the same version at the same moment: one wins, nobody loses anything."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import select

from opskit.core.errors import ExitCode
from opskit.core.events import Event
from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from tests.support.home import House
from vault.changing.changes import next_version, read_for_change
from vault.changing.rotating import begin_rotation
from vault.changing.writing import write_entry
from vault.entries import EntryRef
from vault.errors import EntryChangedError
from vault.ports import EntryStore

WRITERS = 16
EDITOR = """
import os, sys, time
from pathlib import Path
file, place, number = Path(sys.argv[-1]), Path(sys.argv[1]), int(sys.argv[2])
(place / sys.argv[3]).touch()
while len(list(place.iterdir())) < number:
    time.sleep(0.02)
file.write_text(file.read_text().replace("first", "typed-by-" + sys.argv[3]))
"""


def add(house: House, ref: str) -> EntryRef:
    house.done("vault", "add", ref, "--kind", "ssh", "--password-file", "-", stdin="first")
    return EntryRef.parse(ref)


def test_of_sixteen_writers_one_wins_and_the_others_hear_it(house: House) -> None:
    ref = add(house, "DELEZE/test/contended")
    together = Barrier(WRITERS)

    def write(number: int) -> int | EntryChangedError:
        run = house.context()
        store = run.plug(EntryStore)
        read = read_for_change(store, ref, None)
        mine = {"password": Secret(f"writer-{number}")}
        change = next_version(ref, read, facts={}, secrets=mine, ticket=None)
        together.wait()
        try:
            return write_entry(run, store, change)
        except EntryChangedError as err:
            return err

    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(write, range(WRITERS)))
    winners = [number for number, outcome in enumerate(outcomes) if outcome == 2]
    losers = [each for each in outcomes if isinstance(each, EntryChangedError)]
    assert (len(winners), len(losers)) == (1, WRITERS - 1)
    assert {each.exit_code for each in losers} == {ExitCode.CONFLICT}
    assert house.done("vault", "get", ref).out == f"writer-{winners[0]}\n"
    with house.context().snapshot() as session:
        assert open_intents(session) == []
        written = session.scalars(select(Event.action).where(Event.subject == ref.path)).all()
    assert written.count("vault.changed") == 1
    assert written.count("vault.write-abandoned") == WRITERS - 1


def test_of_sixteen_rotations_one_begins(house: House) -> None:
    ref = add(house, "DELEZE/test/rotated-by-all")
    together = Barrier(WRITERS)

    def begin(number: int) -> bool:
        run = house.context()
        store = run.plug(EntryStore)
        new = Secret(f"new-{number}")
        write = begin_rotation(
            ref, read_for_change(store, ref, None), field="password", new=new, ticket=None
        )
        together.wait()
        try:
            write_entry(run, store, write)
        except EntryChangedError:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(begin, range(WRITERS)))
    assert outcomes.count(True) == 1
    waiting = house.done("vault", "get", ref, "--field", "next:password").out
    assert waiting == f"new-{outcomes.index(True)}\n"
    assert house.done("vault", "get", ref).out == "first\n"


def test_of_five_editors_one_wins_and_the_others_keep_their_text(
    house: House, tmp_path: Path
) -> None:
    ref = add(house, "DELEZE/test/edited-by-all")
    script, place = tmp_path / "editor.py", tmp_path / "open"
    script.write_text(EDITOR)
    place.mkdir()
    names = [f"person-{number}" for number in range(5)]
    editors = [
        subprocess.Popen(
            [sys.executable, "-m", "opskit", "vault", "edit", ref.path],
            env=house.environment(EDITOR=f"{sys.executable} {script} {place} {len(names)} {name}"),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    said = [editor.communicate(timeout=90)[1] for editor in editors]
    codes = [editor.returncode for editor in editors]
    assert sorted(codes) == [0, *[ExitCode.CONFLICT] * (len(names) - 1)], said
    winner = codes.index(0)
    assert house.done("vault", "get", ref).out == f"typed-by-{names[winner]}\n"
    for name, code, words in zip(names, codes, said, strict=True):
        if code:
            file = Path(words.partition("what you typed is kept: ")[2].partition(";")[0])
            assert f"password: typed-by-{name}\n" in file.read_text()
            assert f"typed-by-{name}" not in words
            file.unlink()
            file.parent.rmdir()
