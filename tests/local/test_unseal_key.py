"""Where the key is kept."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as ForgetfulKeyring

from opskit.core.errors import UnavailableError
from opskit.core.secret import Secret
from opskit.local import services
from opskit.local.unseal_key import create_key, forget_key, read_key
from tests.support.openbao import ADMIN, PASSWORD, log_in


class DrawerKeyring(KeyringBackend):
    """A keyring that keeps what it is given, as the desktop's does."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.drawer: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.drawer.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.drawer[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.drawer[service, username]


@pytest.fixture
def drawer() -> Iterator[DrawerKeyring]:
    before = keyring.get_keyring()
    backend = DrawerKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_the_keyring_keeps_it_and_the_file_only_names_it(
    tmp_path: Path, drawer: DrawerKeyring
) -> None:
    assert create_key(tmp_path, use_keyring=True) == "keyring"
    key = read_key(tmp_path).reveal()
    assert list(drawer.drawer.values()) == [key]
    assert key not in (tmp_path / "unseal.key").read_text()
    assert len(bytes.fromhex(key)) == 32


def test_a_new_key_replaces_the_old_one(tmp_path: Path, drawer: DrawerKeyring) -> None:
    create_key(tmp_path, use_keyring=True)
    first = read_key(tmp_path).reveal()
    create_key(tmp_path, use_keyring=True)
    assert list(drawer.drawer.values()) == [read_key(tmp_path).reveal()] != [first]
    forget_key(tmp_path)
    assert drawer.drawer == {}


@pytest.mark.parametrize("backend", [NoKeyring, ForgetfulKeyring])
def test_without_a_keyring_a_file_keeps_it(
    tmp_path: Path, drawer: DrawerKeyring, backend: type[KeyringBackend]
) -> None:
    keyring.set_keyring(backend())
    assert create_key(tmp_path, use_keyring=True) == "file"
    assert len(bytes.fromhex(read_key(tmp_path).reveal())) == 32
    assert (tmp_path / "unseal.key").stat().st_mode & 0o777 == 0o600


def test_a_keyring_that_lost_it(tmp_path: Path, drawer: DrawerKeyring) -> None:
    create_key(tmp_path, use_keyring=True)
    drawer.drawer.clear()
    with pytest.raises(UnavailableError, match="keyring"):
        read_key(tmp_path)


def test_a_safe_whose_key_is_in_the_keyring(workshop: Path, drawer: DrawerKeyring) -> None:
    folder = workshop / "safe"
    made = services.initialize(folder, admin=ADMIN, password=Secret(PASSWORD), use_keyring=True)
    assert made.key_place == "keyring"
    services.stop(folder)
    assert log_in(services.start(folder).address, ADMIN, PASSWORD)
    (key,) = drawer.drawer.values()
    assert not any(
        key.encode() in each.read_bytes() for each in folder.rglob("*") if each.is_file()
    )
