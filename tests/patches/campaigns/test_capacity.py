import pytest

from opskit.core.errors import InvalidError
from opskit.patches.campaigns.capacity import Capacity, Span, parse_capacity


@pytest.mark.parametrize(
    ("typed", "capacity"),
    [
        ("6/week", Capacity(6, Span.WEEK)),
        ("2/day", Capacity(2, Span.DAY)),
        (" 12 / Week ", Capacity(12, Span.WEEK)),
    ],
)
def test_understood(typed: str, capacity: Capacity) -> None:
    assert parse_capacity(typed) == capacity
    assert parse_capacity(str(capacity)) == capacity


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("6", "'6' is no capacity"),
        ("six/week", "'six/week' is no capacity"),
        ("6/month", "'6/month' is no capacity"),
        ("-1/week", "'-1/week' is no capacity"),
        ("1.5/day", "'1.5/day' is no capacity"),
        ("", "'' is no capacity"),
        ("0/week", "a capacity of 0 plans nothing"),
        ("1000/day", "1000 is more than 999"),
    ],
)
def test_refused(typed: str, message: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_capacity(typed)
    assert (caught.value.message, caught.value.hint) == (message, "write 6/week or 2/day")
