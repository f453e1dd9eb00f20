"""Clients shared out among the weeks (or days) of a period: evenly, and as many as can be.

Each client can go into some of the buckets, each bucket has room for some of the clients. First
everybody goes where the pace has a place left; whoever finds none asks others to move along a
chain of full buckets to a free one. That is the search for a largest matching, so nobody is left
over who could have been placed, and more room never places fewer.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """Bit n of `buckets` is set where bucket n is possible. Those of one `kin` like to be apart."""

    name: str
    buckets: int
    kin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """The bucket that was found, and the one that the pace alone would have given."""

    bucket: int
    wanted: int


def share_out(
    wishes: Sequence[Wish], rooms: Sequence[int], taken: Sequence[int]
) -> dict[str, Share]:
    """The bucket of each by name, in the order of the wishes; who finds no place is not in it.

    `taken` is what stands in the buckets already and stays there.
    """
    sharing = _Sharing(wishes, rooms, taken)
    for wish in wishes:
        sharing.place(wish)
    return sharing.result()


def even_pace(count: int, rooms: Sequence[int]) -> list[int]:
    """How many belong into each bucket, so that the load follows the room all the way."""
    total = sum(rooms)
    count = min(count, total)
    pace, before, room = [], 0, 0
    for each in rooms:
        room += each
        until = (2 * count * room + total) // (2 * total) if total else 0
        pace.append(until - before)
        before = until
    return pace


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class _Sharing:
    def __init__(self, wishes: Sequence[Wish], rooms: Sequence[int], taken: Sequence[int]) -> None:
        self._rooms = rooms
        self._taken = taken
        self._pace = even_pace(len(wishes) + sum(taken), rooms)
        self._wishes = {wish.name: wish for wish in wishes}
        self._members: list[dict[str, None]] = [{} for _ in rooms]
        self._kin: Counter[tuple[int, str]] = Counter()
        self._wanted: dict[str, int] = {}
        self._free = sum(1 << at for at in range(len(rooms)) if self._has_room(at))
        self._closed = 0  # full, and nobody in them can move to a free one: so it stays

    def place(self, wish: Wish) -> None:
        wanted = self._best(wish, self._free)
        self._wanted[wish.name] = -1 if wanted is None else wanted
        if wanted is not None and wish.buckets >> wanted & 1:
            found: int | None = wanted
        else:
            found = self._best(wish, self._free & wish.buckets)
        if found is None:
            found = self._make_room(wish)
        if found is not None:
            self._enter(wish, found)

    def result(self) -> dict[str, Share]:
        where = {name: at for at, names in enumerate(self._members) for name in names}
        return {
            name: Share(where[name], self._wanted[name]) for name in self._wishes if name in where
        }

    def _best(self, wish: Wish, among: int) -> int | None:
        return min(bits(among), key=lambda at: self._rank(wish, at), default=None)

    def _rank(self, wish: Wish, at: int) -> tuple[float, int, float, int]:
        """Within the pace first; there apart from its kin, then where most room is left."""
        load = self._load(at) + 1
        over = max(0, load - self._pace[at]) / self._rooms[at]
        kin = sum(self._kin[at, each] for each in wish.kin)
        return over, kin, load / self._rooms[at], at

    def _make_room(self, wish: Wish) -> int | None:
        """Move others along a chain that ends in a free bucket; the place that becomes free."""
        came: dict[int, tuple[int, str]] = {}
        seen = wish.buckets & ~self._closed
        waiting = deque(bits(seen))
        while waiting:
            at = waiting.popleft()
            if self._free >> at & 1:
                return self._move_along(at, came)
            for name in self._members[at]:
                further = self._wishes[name].buckets & ~seen & ~self._closed
                seen |= further
                for there in bits(further):
                    came[there] = at, name
                    waiting.append(there)
        self._closed |= seen
        return None

    def _move_along(self, at: int, came: Mapping[int, tuple[int, str]]) -> int:
        while at in came:
            before, name = came[at]
            self._leave(self._wishes[name], before)
            self._enter(self._wishes[name], at)
            at = before
        return at

    def _enter(self, wish: Wish, at: int) -> None:
        self._members[at][wish.name] = None
        self._kin.update((at, each) for each in wish.kin)
        self._mark(at)

    def _leave(self, wish: Wish, at: int) -> None:
        del self._members[at][wish.name]
        self._kin.subtract((at, each) for each in wish.kin)
        self._mark(at)

    def _mark(self, at: int) -> None:
        bit = 1 << at
        self._free = self._free | bit if self._has_room(at) else self._free & ~bit

    def _load(self, at: int) -> int:
        return self._taken[at] + len(self._members[at])

    def _has_room(self, at: int) -> bool:
        return self._load(at) < self._rooms[at]
