"""What the accounts ask of the safe."""

from typing import Protocol

from vault.entries import Entry


class Inventory(Protocol):
    """What there is in the safe, without a secret."""

    def entries(self, mount: str) -> list[Entry]:
        """The entries of one mount, without the deleted ones; none where there is no such mount.

        Raises:
            DeniedError: not logged in, or without a role that may list them.
            UnavailableError: the safe does not answer in time, or is sealed.
        """
        ...
