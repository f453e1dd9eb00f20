"""Licences by month and by module, for the terminal, a pipe and a page."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from time import perf_counter

import pytest

from licenses.charts import Chart, by_expiry_month, by_module, picture, terminal_lines
from opskit.core.screen import PAPER, Screen

MONTHS = by_expiry_month(
    {date(2026, 11, 30): 3, date(2027, 2, 1): 1, date(2027, 2, 28): 1, None: 7}
)
MODULES = by_module({"AP": 2, "FIN": 40, "AR": 2, "OLD": 0}, {"FIN": "Comptabilité générale"})
NOTHING = by_expiry_month({})


def test_months_without_an_end_are_drawn_too() -> None:
    assert [(bar.label, bar.count) for bar in MONTHS.bars] == [
        ("2026-11", 3),
        ("2026-12", 0),
        ("2027-01", 0),
        ("2027-02", 2),
        ("without end", 7),
    ]


def test_what_ends_after_two_years_is_one_bar() -> None:
    chart = by_expiry_month({date(2026, 11, 1): 1, date(2028, 11, 1): 2, date(2199, 6, 5): 3})
    assert [bar.label for bar in chart.bars[-2:]] == ["2028-10", "later"]
    assert (len(chart.bars), chart.bars[-1].count, chart.total) == (25, 5, 6)


def test_modules_come_by_number_then_by_code() -> None:
    assert [bar.label for bar in MODULES.bars] == ["FIN", "AP", "AR", "OLD"]


def test_a_pipe_gets_labels_and_counts() -> None:
    assert terminal_lines(MODULES, PAPER) == ["FIN\t40", "AP\t2", "AR\t2", "OLD\t0"]
    assert terminal_lines(NOTHING, PAPER) == []


def test_a_terminal_gets_bars() -> None:
    assert terminal_lines(MODULES, Screen(width=60)) == [
        "Licences by module",
        "FIN  Comptabilité générale  40 █████████████████████████████",
        "AP                           2 █▌",
        "AR                           2 █▌",
        "OLD                          0",
    ]
    assert terminal_lines(NOTHING, Screen(width=60)) == ["Licences by the month in which they end"]


@pytest.mark.parametrize("width", [1, 20, 40, 80, 200])
def test_bars_fit_the_terminal(width: int) -> None:
    lines = terminal_lines(MODULES, Screen(width=width))[1:]
    assert max(map(len, lines)) <= max(width, 41)


@pytest.mark.parametrize("chart", [MONTHS, MODULES, NOTHING], ids=["months", "modules", "nothing"])
def test_pictures_are_the_same_each_time(chart: Chart) -> None:
    drawn = picture(chart, "svg")
    assert drawn == picture(chart, "svg")
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert picture(chart, "png").startswith(b"\x89PNG")
    assert b"matplotlib.org" not in picture(chart, "png")


def test_a_picture_is_quick_and_needs_no_screen() -> None:
    """A process of its own: it pays for the import of matplotlib too."""
    program = (
        "import sys; from licenses.charts import by_module, picture; "
        "assert 'matplotlib' not in sys.modules; "
        "sys.stdout.buffer.write(picture(by_module({'FIN': 3}, {}), 'svg')); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env={**os.environ, "MPLBACKEND": "TkAgg", "DISPLAY": ""},
    )
    assert perf_counter() - begun < 4  # half a second on an idle machine
    assert ET.fromstring(done.stdout).tag.endswith("svg")
