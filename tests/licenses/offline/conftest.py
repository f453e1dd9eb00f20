"""A home of its own with three licences, in whose catalogue every ERP knows the key of kit 1."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from licenses.offline.making import next_number
from opskit.core.signing import Signer
from tests.licenses.offline.kits import KNOWING
from tests.licenses.ordering import approved
from tests.support.home import House, Result, copy_of

SECRETS = ("violet anchors hum softly", "seven brass kettles swim")


@dataclass(frozen=True, slots=True)
class Keepers:
    """Two people, their house and their kit; a test copies the kit before it uses it."""

    house: House
    folder: Path

    @property
    def kit(self) -> Path:
        return self.folder / "kit-1.json"

    @property
    def secrets(self) -> tuple[str, str, str, str]:
        first, second = self.folder / "first", self.folder / "second"
        return "--first-secret-file", str(first), "--second-secret-file", str(second)

    def copy(self, folder: Path) -> Path:
        return Path(shutil.copy(self.kit, folder / "kit-1.json"))

    def issue(self, kit: Path, out: Path, *words: object, target: str = "DELEZE") -> Result:
        command = ("license", "issue", target, "--signer", "offline", "--kit", kit, "--out", out)
        return self.house.opskit(*command, "--reason", "the safe is down", *words, *self.secrets)


@pytest.fixture(scope="session")
def keepers(house_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keepers]:
    """A home whose safe vouches for kit 1, running."""
    folder = tmp_path_factory.mktemp("keepers")
    for name, secret in zip(("first", "second"), SECRETS, strict=True):
        (folder / name).write_text(f"{secret}\n")
    with copy_of(house_pattern) as house:
        write_knowing_catalog(house)
        found = Keepers(house, folder)
        for client in ("DELEZE", "GFELLE", "BERNAS"):
            number, out = approved(house, client), folder / f"{client}.lic"
            house.done("license", "issue", number, "--out", out, as_user="bob")
        assert next_number(house.context().plug(Signer)) == 1
        words = ("--first", "alice", "--second", "bob", "--out", found.kit, *found.secrets)
        house.done("license", "kit", "create", *words, as_user="alice")
        yield found


@pytest.fixture(autouse=True)
def _alice_keeps(request: pytest.FixtureRequest) -> None:
    if "keepers" in request.fixturenames:
        request.getfixturevalue("keepers").house.login("alice")


def write_knowing_catalog(house: House) -> None:
    """JSON is YAML too."""
    house.home.catalog_file.write_bytes(msgspec.json.encode(KNOWING))
