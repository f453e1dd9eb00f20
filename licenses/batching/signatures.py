"""Very many signatures checked, on another core where there is one. No database, no safe."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from licenses.publickeys import PublicKeySet
from licenses.refusals import LicenseRefusedError
from licenses.verifier import authenticate
from opskit.core.workers import cores, worker_pool

WORTH_A_PROCESS = 2000  # licences; below that, another process starts longer than it works

Verdict = TypeVar("Verdict")
Claim = tuple[bytes, bytes, bytes]  # public key, signature, message


class Checking:
    """By the pool's process, or by this one."""

    def __init__(self, pool: ProcessPoolExecutor | None = None) -> None:
        self._pool = pool

    def unfounded(self, claims: Sequence[Claim]) -> int | None:
        """The position of the first claim whose signature does not fit."""
        return self._do(unfounded, claims)

    def refused(self, licenses: Sequence[bytes], keys: PublicKeySet) -> str | None:
        """Why the verifier refuses the first of these signed licences that it refuses."""
        return self._do(refused, licenses, keys)

    def _do(self, job: Callable[..., Verdict], *arguments: object) -> Verdict:
        if self._pool is None:
            return job(*arguments)
        return self._pool.submit(job, *arguments).result()


@contextmanager
def checking(licenses: int) -> Iterator[Checking]:
    """For that many licences."""
    if licenses < WORTH_A_PROCESS or cores() == 1:
        yield Checking()
        return
    with worker_pool(1) as pool:
        yield Checking(pool)


def unfounded(claims: Sequence[Claim]) -> int | None:
    """As `Checking.unfounded`."""
    loaded: dict[bytes, Ed25519PublicKey] = {}
    for position, (raw, signature, message) in enumerate(claims):
        if raw not in loaded:
            loaded[raw] = Ed25519PublicKey.from_public_bytes(raw)
        try:
            loaded[raw].verify(signature, message)
        except InvalidSignature:
            return position
    return None


def refused(licenses: Sequence[bytes], keys: PublicKeySet) -> str | None:
    """As `Checking.refused`."""
    for signed in licenses:
        try:
            authenticate(signed, keys)
        except LicenseRefusedError as err:
            return err.reason.value
    return None
