"""How long a token lives, and when it is time to renew it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

WORTH = 4  # a renewal that wins less than a quarter of the old life was the last one


@dataclass(frozen=True, slots=True)
class Life:
    """The life of a token that can be renewed, since it was made or last renewed."""

    began_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, auth: Mapping[str, Any], *, at: datetime) -> Self | None:
        """From the `auth` of an answer (`lease_duration` in seconds); None: not renewable."""
        if not auth["renewable"]:
            return None
        return cls(at, at + timedelta(seconds=auth["lease_duration"]))

    def is_half_gone(self, at: datetime) -> bool:
        return at - self.began_at >= (self.ends_at - self.began_at) / 2

    def is_lengthened_by(self, other: "Life") -> bool:
        """Whether `other` ends later; rounding does not count, for a token at its longest."""
        return other.ends_at - self.ends_at > (self.ends_at - self.began_at) / WORTH
