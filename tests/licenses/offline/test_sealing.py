"""The lock: both passphrases, each in its place, and not a bit of the file altered."""

import unicodedata

import pytest

from licenses.errors import KitLockedError
from licenses.offline import sealing
from opskit.core.secret import Secret

ANNA, BEAT = Secret("violet anchors hum softly"), Secret("sept bouilloires en été")
LABEL = b"what anybody may read"
CONTENT = b"thirty-two bytes of a private key, and more"
LOCK = sealing.new_lock()


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return sealing.seal(bytearray(CONTENT), (ANNA, BEAT), LOCK, LABEL)


def test_both_open_it(sealed: bytes) -> None:
    assert CONTENT not in sealed
    assert sealing.unseal(sealed, (ANNA, BEAT), LOCK, LABEL) == CONTENT


def test_an_accent_may_come_in_two_pieces(sealed: bytes) -> None:
    pieces = unicodedata.normalize("NFD", BEAT.reveal())
    assert pieces != BEAT.reveal()
    assert sealing.unseal(sealed, (ANNA, Secret(pieces)), LOCK, LABEL) == CONTENT


@pytest.mark.parametrize(
    "typed",
    [(ANNA, ANNA), (BEAT, BEAT), (BEAT, ANNA), (ANNA, Secret("sept bouilloires en ete"))],
    ids=["first-twice", "second-twice", "swapped", "one-letter"],
)
def test_nothing_else_opens_it(sealed: bytes, typed: tuple[Secret, Secret]) -> None:
    with pytest.raises(KitLockedError, match="a passphrase is wrong, or the file was altered"):
        sealing.unseal(sealed, typed, LOCK, LABEL)


@pytest.mark.parametrize("at", [0, 20, -1])
def test_an_altered_byte(sealed: bytes, at: int) -> None:
    altered = bytearray(sealed)
    altered[at] ^= 1
    with pytest.raises(KitLockedError):
        sealing.unseal(bytes(altered), (ANNA, BEAT), LOCK, LABEL)


def test_an_altered_label(sealed: bytes) -> None:
    with pytest.raises(KitLockedError):
        sealing.unseal(sealed, (ANNA, BEAT), LOCK, LABEL + b".")


def test_every_sealing_has_its_own_salts() -> None:
    again = sealing.new_lock()
    assert len({*LOCK.salts, *again.salts}) == 4
    assert again.nonce != LOCK.nonce


def test_a_wiped_secret_is_gone() -> None:
    secret = bytearray(b"secret")
    sealing.wipe(secret)
    assert secret == bytes(6)
