"""The numbers that people say aloud have no gaps and no doubles."""

from sqlalchemy.orm import Session

from opskit.core.numbers import next_number, next_numbers


def test_each_letter_counts_for_itself(session: Session) -> None:
    taken = [next_number(session, letter) for letter in "RRPRP"]
    assert taken == [1, 2, 1, 3, 2]


def test_a_count_may_begin_higher(session: Session) -> None:
    assert [next_number(session, "L", first=1001) for _ in range(2)] == [1001, 1002]


def test_a_number_returns_when_its_transaction_fails(session: Session) -> None:
    assert next_number(session, "R") == 1
    assert taken_in_vain(session) == 2
    assert next_number(session, "R") == 2


def test_a_first_number_returns_too(session: Session) -> None:
    assert taken_in_vain(session) == 1
    assert next_number(session, "R") == 1


def taken_in_vain(session: Session) -> int:
    """A number whose transaction is rolled back."""
    with session.begin_nested() as savepoint:
        number = next_number(session, "R")
        savepoint.rollback()
    return number


def test_many_numbers_at_once_follow_each_other(session: Session) -> None:
    assert next_numbers(session, "R", 3) == range(1, 4)
    assert next_number(session, "R") == 4
    assert next_numbers(session, "R", 0) == range(5, 5)
    assert next_numbers(session, "L", 2, first=1001) == range(1001, 1003)
