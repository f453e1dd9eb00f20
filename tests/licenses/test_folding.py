"""Pages of licences on a terminal of some width."""

import sys

import pytest

from licenses.folding import folded
from opskit.core.screen import PAPER, Screen
from tests.licenses.ordering import requested
from tests.support.home import House
from tests.support.terminal import sit_before

PAGE = (
    "Licence L1042 for DELEZE",
    "  Modules            FIN AP AR FA PAY HRM TIM",
    "  2027-01-11  modules +2: PAY HRM; named users 60 -> 80",
    "  maintenance +12 months: 2027-11-04 -> 2028-11-04",
    "warning: the client has no maintenance contract",
)


def test_a_long_line_goes_on_below_its_value() -> None:
    assert list(folded(PAGE, Screen(40))) == [
        "Licence L1042 for DELEZE",
        "  Modules            FIN AP AR FA PAY",
        "                     HRM TIM",
        "  2027-01-11  modules +2: PAY HRM; named",
        "              users 60 -> 80",
        "  maintenance +12 months: 2027-11-04",
        "    -> 2028-11-04",
        "warning: the client has no maintenance",
        "  contract",
    ]


@pytest.mark.parametrize("screen", [PAPER, Screen(80)])
def test_a_pipe_and_a_wide_terminal_get_the_lines_as_they_are(screen: Screen) -> None:
    assert tuple(folded(PAGE, screen)) == PAGE


def test_a_terminal_without_room_breaks_them_itself() -> None:
    assert list(folded(PAGE[1:2], Screen(34))) == [PAGE[1]]


def test_pages_fit_a_terminal_of_80_columns(house: House) -> None:
    modules = "FIN AP AR FA PAY HRM TIM LOG PUR SAL"
    number = requested(house, modules=modules, site="a-site-with-a-name-that-is-long-enough")
    command = [sys.executable, "-m", "opskit", "license"]
    environment = house.environment(COLUMNS="80", NO_COLOR="1")
    shown = sit_before([*command, "show", number], environment)
    house.login("bob")
    approved = sit_before([*command, "approve", number, "--yes"], environment)
    house.done("license", "withdraw", number, as_user="alice")
    for screen in (shown, approved):
        assert screen.code == 0, screen.text
        assert max(map(len, screen.text.splitlines())) <= 80
    assert f"Modules            {modules}\n" in shown.text
    assert "The exact payload:" in approved.text
