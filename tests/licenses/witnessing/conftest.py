"""A home with a licence, an auditor who looks for others, and what the log got meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.licenses.ordering import approved
from tests.support.home import PASSWORDS, House, copy_of
from tests.support.signing import meet

Tail = Callable[[], Path]


@pytest.fixture(scope="package")
def watched(house_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch, copy_of(house_pattern) as house:
        patch.setitem(PASSWORDS, "carol", "pass of carol")
        meet(house, "carol", "auditor")
        issue(house, tmp_path_factory.mktemp("keys"))
        yield house


@pytest.fixture
def tail(watched: House, tmp_path: Path) -> Tail:
    """Writes the part of the log that the test caused into a file of its own."""
    log, file = watched.home.safe_folder / "audit.log", tmp_path / "tail.log"
    before = log.stat().st_size

    def cut() -> Path:
        with log.open("rb") as stream:
            stream.seek(before)
            file.write_bytes(stream.read())
        return file

    return cut


def issue(house: House, folder: Path) -> str:
    """The number of a new licence."""
    request = approved(house)
    command = ("license", "issue", request, "--out", folder / f"{request}.lic")
    return house.done(*command, as_user="alice").out.strip()
