"""The short numbers that people say aloud: R12, L1042, P7. Without gaps, in both dialects."""

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from opskit.core.db import Base, ensure_row


class Counter(Base):
    """The last number given to one kind of thing."""

    __tablename__ = "core_counter"

    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


def next_number(session: Session, letter: str, *, first: int = 1) -> int:
    """Take the next number; it returns to the pool when the transaction is rolled back."""
    return next_numbers(session, letter, 1, first=first).start


def next_numbers(session: Session, letter: str, count: int, *, first: int = 1) -> range:
    """Take that many numbers, one after the other."""
    counter = session.get(Counter, letter, with_for_update=True)
    if counter is None:
        ensure_row(session, Counter(letter=letter, last=first - 1))
        counter = session.get_one(Counter, letter, with_for_update=True)
    begin = counter.last + 1
    counter.last += count
    session.flush()  # a further number in the same transaction has to see these
    return range(begin, begin + count)
