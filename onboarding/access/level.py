"""How far access has grown: the words, which the command line knows without a library."""

from enum import StrEnum


class Level(StrEnum):
    """What a newcomer reaches in the safe, in the order in which it grows."""

    NONE = "none"
    SANDBOX = "sandbox"
    READ_ONLY = "read-only"
    POLE = "pole"

    @property
    def rank(self) -> int:
        return list(Level).index(self)

    @property
    def below(self) -> "Level":
        """What remains when this one is taken away."""
        return list(Level)[max(self.rank - 1, 0)]


GROWING = tuple(level for level in Level if level is not Level.NONE)
