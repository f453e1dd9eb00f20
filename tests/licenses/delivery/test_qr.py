"""The QR code: what it holds is the typed form, at level M."""

import pytest

from licenses.delivery.content import Certificate
from licenses.delivery.qr import png, qr_code, svg, terminal_lines
from tests.licenses.delivery.documents import CROWDED, OPEN, ORDINARY


@pytest.mark.parametrize(("content", "version"), [(ORDINARY, 8), (OPEN, 8), (CROWDED, 9)])
def test_the_smallest_code_of_level_m(content: Certificate, version: int) -> None:
    code = qr_code(content.signed)
    assert (code.version, code.error, code.mode) == (version, "M", "alphanumeric")


def test_pictures_are_the_same_each_time() -> None:
    assert svg(ORDINARY.signed) == svg(ORDINARY.signed)
    assert svg(ORDINARY.signed).startswith(b"<?xml")
    assert png(ORDINARY.signed) == png(ORDINARY.signed)
    assert png(ORDINARY.signed).startswith(b"\x89PNG")
    assert png(ORDINARY.signed) != png(OPEN.signed)


def test_the_terminal_shows_every_module() -> None:
    """Light modules are drawn, and around them there are four of them."""
    drawn = terminal_lines(ORDINARY.signed)
    dark = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows = [[dark[character][half] for character in line] for line in drawn for half in (0, 1)]
    matrix = [list(row) for row in qr_code(ORDINARY.signed).matrix]
    side = len(matrix)
    assert [row[4 : 4 + side] for row in rows[4 : 4 + side]] == matrix
    assert not any(any(row) for row in [*rows[:4], *rows[4 + side :]])
