"""The public keys by which everything is judged: they come from the safe, not the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from licenses.publickeys import PublicKeySet


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may sign licences, and the approvers' keys: entity -> key version -> 32 raw bytes."""

    keys: PublicKeySet
    approvers: Mapping[str, Mapping[int, bytes]]
