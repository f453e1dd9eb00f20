"""Commands that make licences, killed at random instants; whoever types them again finishes.

Alice asks for files of licences, bob approves and issues them, and each of their commands is killed
a random time after its start, on a real home with a real safe. After every kill no key may lie in a
folder that the register does not know. At the end no request may be lost, no serial and no sequence
be there twice, and `register verify` has to find nothing. Exit code 1 where something is wrong.
Arguments: how many kills (by default 200), and a seed.
"""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.keytext import read
from licenses.models import LicenseRecord, LicenseRequest
from licenses.states import RequestState
from opskit.clients.models import Client
from tests.support.home import House, furnish, new_house, place_for_homes

KILLS = 200
SIZES = (3, 400, 2200)  # licences in a file: parts of a chunk, and several chunks
PATIENCE = 120.0
TRIES = 4  # kills of one command in a row
LAST = "2040-12-31"


class WrongError(Exception):
    """What must never be."""


@dataclass
class Stress:
    """A home, its two people, and what was killed in it so far."""

    house: House
    folder: Path
    chance: random.Random
    tries: int = TRIES
    kills: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    _usual: dict[tuple[str, int], float] = field(default_factory=dict)

    def batch(self, size: int) -> None:
        """A file's whole way, each command killed now and then."""
        file = self.folder / f"requests-{self.asked}.csv"
        file.write_text(self._table(size), encoding="utf-8")
        self.asked += size
        digest = self.house.done("license", "batch", file, "--dry-run", as_user="alice").out.strip()
        asking = ("license", "batch", file, "--digest", digest)
        number = self._until_done("batch", size, asking, "alice")
        self._until_done("approve B", size, ("license", "approve", number, "--yes"), "bob")
        self._until_done(
            "issue B", size, ("license", "issue", number, "--out", self._keys(file.stem)), "bob"
        )

    def single(self) -> None:
        """One request's way; only what signs and registers is killed."""
        words = ("--modules", "FIN", "--named-users", "5", "--maintenance-until", LAST)
        self.asked += 1
        number = self.house.done(
            "license", "request", "DELEZE", *words, as_user="alice"
        ).out.strip()
        self._until_done("approve R", 1, ("license", "approve", number, "--yes"), "bob")
        out = self._keys("single") / f"DELEZE-{number}.lic"
        self._until_done("issue R", 1, ("license", "issue", number, "--out", out), "bob")

    def check(self) -> None:
        """Raises WrongError for what was lost, is there twice, or does not fit."""
        with self.house.context().snapshot() as session:
            _require_whole(session, self.asked)
            files = _require_known(session, self.folder)
        if files != self.asked:
            raise WrongError(f"{files} files of {self.asked} licences")
        for words in (("license", "register", "verify"), ("audit", "verify")):
            self.house.done(*words, as_user="bob" if words[0] == "license" else "alice")

    def _until_done(self, what: str, size: int, words: Sequence[object], name: str) -> str:
        """Kill the command up to some times, then let it end; what it printed."""
        self.house.login(name)
        for _ in range(self.chance.randint(1, self.tries)):
            usual = self._usual.get((what, size), 1.0)
            if self._killed(words, self.chance.uniform(0, 1.1 * usual)):
                self.kills[what] += 1
            with self.house.context().snapshot() as session:
                _require_known(session, self.folder)
        began = time.monotonic()
        done = self.house.opskit(*words)
        self._usual[what, size] = time.monotonic() - began + 0.5  # a process starts slower
        if done.code not in ((0, 4) if what.startswith("approve") else (0,)):
            raise WrongError(f"{what} does not finish: {done.err}")
        return done.out.strip()

    def _killed(self, words: Sequence[object], after: float) -> bool:
        """Whether it still worked when its time had come."""
        process = subprocess.Popen(
            [sys.executable, "-m", "opskit", *map(str, words)],
            env=self.house.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return process.wait(PATIENCE) == -signal.SIGKILL

    def _keys(self, name: str) -> Path:
        folder = self.folder / f"keys-{name}"
        folder.mkdir(exist_ok=True)
        return folder

    def _table(self, size: int) -> str:
        with self.house.context().snapshot() as session:
            codes = session.scalars(select(Client.code).order_by(Client.code)).all()
        rows = [
            f"{codes[each % len(codes)]},{('production', 'test')[each % 2]},FIN,"
            f"{1 + self.chance.randrange(500)},2026-12-01,{LAST},SO-{self.asked + each}"
            for each in range(size)
        ]
        header = "client,kind,modules,named_users,valid_from,maintenance_until,order_ref"
        return "\n".join([header, *rows, ""])


def _require_known(session: Session, folder: Path) -> int:
    """How many key files there are; each has to be what the register has."""
    files = [each for each in folder.glob("keys-*/*.lic") if each.stat().st_size]
    signed = dict(session.execute(select(LicenseRecord.serial, LicenseRecord.signed)).all())
    for file in files:
        key, _headers = read(file.read_text(encoding="utf-8"))
        if key != signed.get(int.from_bytes(key[4:8], "big")):
            raise WrongError(f"{file.name} is a key that the register does not have")
    return len(files)


def _require_whole(session: Session, asked: int) -> None:
    states = session.execute(
        select(LicenseRequest.state, func.count()).group_by(LicenseRequest.state)
    ).all()
    if dict(states) != {RequestState.ISSUED: asked}:
        raise WrongError(f"{asked} licences were asked for, and the requests are {dict(states)}")
    place = (LicenseRecord.client, LicenseRecord.kind, LicenseRecord.sequence)
    for what in ((LicenseRecord.serial,), (LicenseRecord.request_number,), place):
        twice = session.execute(select(*what).group_by(*what).having(func.count() > 1)).all()
        if twice:
            raise WrongError(f"there twice: {twice[:3]}")


def main(arguments: list[str]) -> int:
    numbers = [int(each) for each in arguments if each.isdecimal()]
    kills = numbers[0] if numbers else KILLS
    seed = numbers[1] if len(numbers) > 1 else int(time.time())
    began = time.monotonic()
    with place_for_homes() as place:
        house = new_house(place / "home")
        furnish(house)
        stress = Stress(house, place, random.Random(seed))
        while stress.kills.total() < kills:
            stress.batch(stress.chance.choice(SIZES))
            stress.single()
        stress.check()
        house.done("local", "stop")
    each = ", ".join(f"{what} {count}" for what, count in sorted(stress.kills.items()))
    print(
        f"{stress.kills.total()} kills ({each}), seed {seed}: {stress.asked} licences, none lost, "
        f"none twice, every key registered; {time.monotonic() - began:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
