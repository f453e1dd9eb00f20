"""The sharing out, against the largest matching that a slow search finds."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from opskit.patches.campaigns.sharing import Wish, bits, even_pace, share_out

masks = st.lists(st.integers(0, 15), max_size=6)
rooms = st.lists(st.integers(0, 3), min_size=4, max_size=4)


def _wishes(found: list[int]) -> list[Wish]:
    return [Wish(f"C{at}", mask, ("BE",)) for at, mask in enumerate(found)]


def _most(found: list[int], room: list[int]) -> int:
    """Every way there is of placing them."""
    choices = [[None, *bits(mask)] for mask in found]
    return max(
        sum(at is not None for at in places)
        for places in product(*choices)
        if all(places.count(at) <= each for at, each in enumerate(room))
    )


@given(masks, rooms)
def test_as_many_as_can_be(found: list[int], room: list[int]) -> None:
    shares = share_out(_wishes(found), room, [0, 0, 0, 0])
    assert len(shares) == _most(found, room)
    placed = [each.bucket for each in shares.values()]
    assert all(placed.count(at) <= each for at, each in enumerate(room))
    assert all(found[int(name[1:])] >> each.bucket & 1 for name, each in shares.items())


@given(masks, rooms, st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_what_stands_there_already_takes_room(
    found: list[int], room: list[int], taken: list[int]
) -> None:
    shares = share_out(_wishes(found), room, taken)
    left = [max(0, each - before) for each, before in zip(room, taken, strict=True)]
    assert len(shares) == _most(found, left)


@given(st.integers(0, 60), st.lists(st.integers(0, 6), min_size=1, max_size=30))
def test_the_pace_follows_the_room(count: int, room: list[int]) -> None:
    pace = even_pace(count, room)
    assert sum(pace) == min(count, sum(room))
    assert all(0 <= each <= most for each, most in zip(pace, room, strict=True))


def test_a_few_are_spread_over_all_weeks() -> None:
    assert even_pace(3, [6] * 9) == [0, 1, 0, 0, 1, 0, 0, 1, 0]
    assert even_pace(13, [6] * 4) == [3, 4, 3, 3]


def test_others_move_along_to_make_room() -> None:
    """B can only have the first, which A has taken: A goes on to the second, C to the third."""
    wishes = [Wish("A", 0b011), Wish("C", 0b110), Wish("B", 0b001), Wish("D", 0b010)]
    shares = share_out(wishes, [1, 1, 1], [0, 0, 0])
    assert {name: each.bucket for name, each in shares.items()} == {"A": 1, "C": 2, "B": 0}
