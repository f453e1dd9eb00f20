"""A whole home made by the real `opskit init`, and a person who types commands in it.

`house` is shared by the session: leave its server running. `own_house` is a copy for the test
that breaks something. Before each test alice is logged in.
"""

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from opskit.__main__ import main
from opskit.core.config import Home, load_settings
from opskit.core.context import AppContext
from opskit.core.private_files import write_private
from opskit.local.lifetimes import birth_mark, strays_in
from opskit.local.process import end
from opskit.wiring import context_of

DATA = Path(__file__).parent.parent / "data"
PASSWORDS: Mapping[str, str] = {"alice": "a long passphrase", "bob": "pass of bob"}
SEALED_OFF = ("VAULT_", "BAO_", "OPSKIT_", "NO_COLOR")  # the shell's wishes, not the tests'


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left: exit code, data, talk."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class House:
    """One home, and whoever sits before it; `made` is what `opskit init` said."""

    home: Home
    made: Result | None = None
    _tokens: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        return self.home.folder

    def opskit(self, *args: object, stdin: str | bytes = "", as_user: str | None = None) -> Result:
        """Run one command line in this process; stdin and stdout are pipes."""
        if as_user is not None:
            self.login(as_user)
        if args[:1] == ("logout",):
            self._tokens.clear()
        return run_opskit(self.folder, *args, stdin=stdin)

    def done(self, *args: object, stdin: str | bytes = "", as_user: str | None = None) -> Result:
        """Run a command that must succeed."""
        result = self.opskit(*args, stdin=stdin, as_user=as_user)
        assert result.code == 0, f"opskit {' '.join(map(str, args))}: {result.err}"
        return result

    def login(self, name: str) -> None:
        """Let this person go on; the password is asked for once a house."""
        if name not in self._tokens:
            self.done("login", name, "--password-file", "-", stdin=PASSWORDS[name])
            self._tokens[name] = self._token_file.read_bytes()
        write_private(self._token_file, self._tokens[name])

    def context(self) -> AppContext:
        """What a command of this home is given."""
        return context_of(self.home, load_settings(self.home))

    def environment(self, **more: str) -> dict[str, str]:
        """For a command in a process of its own."""
        return {**sealed_environment(), "OPSKIT_HOME": str(self.folder), **more}

    @property
    def _token_file(self) -> Path:
        return self.home.token_folder / "local"


def run_opskit(folder: Path, *args: object, stdin: str | bytes = "") -> Result:
    """Run one command line of the home in that folder, in this process."""
    typed = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = _pipe(), _pipe()
    with _at(folder, _pipe(typed)), redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(arg) for arg in args])
        except SystemExit as exit_:
            code = exit_.code
    assert isinstance(code, int)
    return Result(code, _read(out), _read(err))


def new_house(folder: Path) -> House:
    """A home in the folder with its first admin, as `opskit init` makes it."""
    house = House(Home(folder))
    house.made = house.done(
        *("init", "--admin", "alice", "--keep-in", "file", "--password-file", "-"),
        stdin=PASSWORDS["alice"],
    )
    return house


def furnish(house: House) -> None:
    """Bob, who issues licences and prepares patches, and forty clients."""
    roles = ("--role", "license-issuer", "--role", "agent")
    house.done("user", "add", "bob", *roles, "--password-file", "-", stdin=PASSWORDS["bob"])
    clients = shutil.copy(DATA / "clients.csv", house.folder.parent)
    house.done("client", "import", clients)


def sealed_environment() -> dict[str, str]:
    """The environment of this process, without what would lead a command elsewhere."""
    return {k: v for k, v in os.environ.items() if not k.startswith(SEALED_OFF)}


@contextmanager
def place_for_homes() -> Iterator[Path]:
    """A folder for homes; whatever server still works in it is ended."""
    folder = Path(tempfile.mkdtemp(prefix="opskit-house-"))
    try:
        yield folder
    finally:
        for safe_folder in folder.rglob("safe"):
            for pid in strays_in(safe_folder):
                end(pid, birth_mark(pid) or "")
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def house_pattern() -> Iterator[House]:
    """A furnished home whose server is stopped: copies of it start in a moment."""
    with place_for_homes() as place:
        house = new_house(place / "home")
        furnish(house)
        house.done("local", "stop")
        yield house


@pytest.fixture(scope="session")
def house(house_pattern: House) -> Iterator[House]:
    """The session's home, running."""
    with copy_of(house_pattern) as house:
        yield house


@pytest.fixture
def own_house(house_pattern: House) -> Iterator[House]:
    """A home of this test alone, running, to stop and to break."""
    with copy_of(house_pattern) as house:
        yield house


@contextmanager
def copy_of(pattern: House) -> Iterator[House]:
    """Another home like that one, with its server running."""
    with place_for_homes() as place:
        shutil.copytree(pattern.folder, place / "home")
        house = House(Home(place / "home"))
        house.done("local", "start")
        yield house


@pytest.fixture(autouse=True)
def _alice_is_logged_in(request: pytest.FixtureRequest) -> None:
    if "house" in request.fixturenames:
        request.getfixturevalue("house").login("alice")


@contextmanager
def _at(folder: Path, stdin: io.TextIOWrapper) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(SEALED_OFF)]:
            patch.delenv(name)
        patch.setenv("OPSKIT_HOME", str(folder))
        patch.setenv("OPSKIT_LANGUAGE", "en")  # or the setting would outlive the command
        patch.setattr(sys, "stdin", stdin)
        yield


def _pipe(content: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", write_through=True)


def _read(pipe: io.TextIOWrapper) -> str:
    pipe.seek(0)
    return pipe.read()
