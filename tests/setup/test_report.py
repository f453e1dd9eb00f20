"""The doctor's report as a person reads it."""

from opskit.core.health import Condition, Diagnosis
from opskit.core.screen import PAPER, Screen
from opskit.setup.report import report_lines

FOUND = [
    Diagnosis("home", Condition.OK, "/home/a", "never shown"),
    Diagnosis("staff", Condition.WARNING, "one admin", "opskit user add"),
    Diagnosis("vault", Condition.BROKEN, "sealed"),
]


def test_words_line_up_and_only_what_is_not_well_has_a_hint() -> None:
    assert list(report_lines(FOUND, PAPER)) == [
        "ok       home: /home/a",
        "warning  staff: one admin",
        "         opskit user add",
        "broken   vault: sealed",
    ]


def test_colours_change_nothing_else() -> None:
    assert list(report_lines(FOUND, Screen(80, coloured=True))) == [
        "\x1b[32mok\x1b[0m       home: /home/a",
        "\x1b[33mwarning\x1b[0m  staff: one admin",
        "         opskit user add",
        "\x1b[31mbroken\x1b[0m   vault: sealed",
    ]
