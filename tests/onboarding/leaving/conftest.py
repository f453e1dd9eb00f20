"""A home whose people can leave: each test sees off somebody else."""

import shutil
import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.support.home import DATA, PASSWORDS, House, copy_of

PASSWORD = "pass of the leaver"
ENTRIES = ("DELEZE/prod/erp", "DELEZE/common/vpn", "BETSCH/prod/erp")

Leaver = Callable[..., str]

_numbers = count()


@pytest.fixture(scope="module")
def home_of_leavers(house_pattern: House) -> Iterator[House]:
    with copy_of(house_pattern) as house:
        house.login("alice")
        house.done("staff", "import", shutil.copy(DATA / "staff.csv", house.folder.parent))
        for ref in ENTRIES:
            house.done(
                *("vault", "add", ref, "--kind", "vpn", "--password-file", "-"), stdin="s3cret"
            )
        yield house


@pytest.fixture
def leaver(home_of_leavers: House, monkeypatch: pytest.MonkeyPatch) -> Leaver:
    """Makes somebody with these roles and a login, who has read these entries."""
    house = home_of_leavers

    def make(*roles: str, reads: tuple[str, ...] = ()) -> str:
        login = f"leaver{next(_numbers)}"
        given = [word for role in (roles or ("agent",)) for word in ("--role", role)]
        house.login("alice")
        house.done("user", "add", login, *given, "--password-file", "-", stdin=PASSWORD)
        monkeypatch.setitem(PASSWORDS, login, PASSWORD)
        house.login(login)
        for ref in reads:
            house.done("vault", "get", ref, "--ticket", "CS-1001")
        house.login("alice")
        return login

    return make


def rotate(house: House, ref: str) -> None:
    time.sleep(1)  # the stamp of a rotation is a whole second, rounded down
    house.done("vault", "rotate", ref, "--generate")
    house.done("vault", "rotate", ref, "--confirm")
