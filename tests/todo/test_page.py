"""The page for the morning."""

from opskit.core.screen import PAPER, Screen
from opskit.todo.page import page_lines, when
from tests.todo.samples import DAY, TODAY, directory, item

ITEMS = [
    item("L1", TODAY - 4 * DAY, role="sales", client="DELEZE", person="nora"),
    item("L2", TODAY - DAY, role="sales", client="DELEZE"),
    item("P7", what="16. Backup proven", client="BOVETD", person="nora"),
    item("R12", TODAY + DAY, what="to approve", role="license-issuer", client="BOVETD"),
    item("K1", None, what="to tidy", person="bob"),
]
PAGE = """\
logistics, 2026-11-24: 5 to do, 2 late

Bob Aubert: 1
  K1 to tidy  opskit see K1

Nora Weber: 2, 1 late
  4 days late  DELEZE  L1 to renew           opskit see L1
  today        BOVETD  P7 16. Backup proven  opskit see P7

Nobody yet: 2, 1 late
  1 day late  DELEZE  L2 to renew     sales           opskit see L2
  tomorrow    BOVETD  R12 to approve  license-issuer  opskit see R12
"""


def page(screen: Screen) -> str:
    lines = page_lines(ITEMS, directory(), pole="logistics", today=TODAY, screen=screen)
    return "".join(f"{line}\n" for line in lines)


def test_person_by_person_and_last_what_nobody_has() -> None:
    assert page(PAPER) == PAGE
    assert page(Screen(100)) == PAGE


def test_the_command_goes_below_on_a_narrow_terminal() -> None:
    narrow = page(Screen(50))
    assert max(map(len, narrow.splitlines())) <= 50
    assert "\n  4 days late  DELEZE  L1 to renew\n" in narrow
    assert "\n              opskit see L1\n" in narrow


def test_colours_are_for_what_is_late_and_what_is_near() -> None:
    coloured = page(Screen(100, coloured=True))
    assert "\x1b[31m4 days late\x1b[0m" in coloured
    assert "\x1b[33mtoday\x1b[0m" in coloured
    assert "\x1b[1mNora Weber: 2, 1 late\x1b[0m" in coloured


def test_a_quiet_morning() -> None:
    lines = page_lines([], directory(), pole="logistics", today=TODAY, screen=PAPER)
    assert list(lines) == ["logistics, 2026-11-24: 0 to do"]


def test_how_one_says_when() -> None:
    days = [None if n is None else TODAY + n * DAY for n in (None, -30, -1, 0, 1, 2)]
    assert [when(item("L1", day), today=TODAY) for day in days] == [
        *("", "30 days late", "1 day late", "today", "tomorrow", "2026-11-26")
    ]
