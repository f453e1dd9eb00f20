"""The board of a campaign on a terminal, and as rows for scripts and spreadsheets."""

from collections.abc import Iterator, Sequence
from typing import Any

from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone
from opskit.core.words import in_words
from opskit.patches.campaigns.boards import LEGEND, Board, BoardLine, BoardStep, Mark
from opskit.patches.campaigns.burning import Burndown, thinned

MOST_LINES = 40  # clients on a terminal, unless all are asked for
MOST_WEEKS = 20
BAR = 40  # columns
TENTHS = 10


def board_lines(board: Board, screen: Screen) -> Iterator[str]:
    """The whole page: who stands where, what is left, where it is stuck, when it will end."""
    yield screen.paint(_heading(board), Tone.HEADING)
    if board.lines:
        yield ""
        yield from _heat_map(board, screen)
        yield ""
        yield from _burndown_lines(board.burndown, screen)
    yield ""
    yield from words(board)


def words(board: Board) -> Iterator[str]:
    """Bottlenecks and forecast, a sentence each."""
    if not board.steps:
        yield _("nobody takes part")
        return
    for each in board.bottlenecks:
        yield each.text
    if not board.bottlenecks:
        yield _("nobody is stuck")
    yield board.forecast.text


def board_facts(board: Board) -> dict[str, Any]:
    """The board for scripts.

    Keys: `campaign`, `version`, `on`, `clients`, `closed`, `cancelled`; `steps` (`key`, `text`,
    `owner`, `clients`, `settled`, `states`), `lines` (`run`, `client`, `on`, `state`, `settled`,
    `steps`, `late`, `cells` from key to state, `late_steps`), `burndown` (`on`, `planned`,
    `open`), `bottlenecks` (`step`, `clients`, `text`), `forecast` (`outlook`, `end`,
    `planned_end`, `per_week`, `text`).
    """
    expected = board.forecast
    return {
        "campaign": board.name,
        "version": board.version,
        "on": board.on,
        "clients": board.clients,
        "closed": board.closed,
        "cancelled": board.cancelled,
        "steps": [_step_facts(each) for each in board.steps],
        "lines": [_line_facts(each) for each in board.lines],
        "burndown": [
            {"on": each.on, "planned": each.planned, "open": each.open}
            for each in board.burndown.points
        ],
        "bottlenecks": [
            {"step": each.key, "clients": each.clients, "text": each.text}
            for each in board.bottlenecks
        ],
        "forecast": {
            "outlook": expected.outlook,
            "end": expected.end,
            "planned_end": expected.planned_end,
            "per_week": expected.per_week,
            "text": expected.text,
        },
    }


def marked_rows(board: Board) -> list[dict[str, Any]]:
    """A line for each client, its steps as one word of marks."""
    return [
        {
            **_run_facts(line),
            "marks": "".join(_marks(line, board.steps)).replace(Mark.NONE, "_"),
        }
        for line in board.lines
    ]


def marked_columns() -> dict[str, str]:
    return {
        "run": _("Run"),
        "client": _("Client"),
        "on": _("On"),
        "state": _("State"),
        "settled": _("Settled"),
        "steps": _("Steps"),
        "late": _("Late"),
        "marks": _("Marks"),
    }


def sheet(board: Board) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Rows and columns for a spreadsheet: a column for each step, its state in words."""
    columns = {key: title for key, title in marked_columns().items() if key != "marks"}
    keys = {each.tally.key: f"step {each.tally.key}" for each in board.steps}
    for number, each in enumerate(board.steps, start=1):
        columns[keys[each.tally.key]] = f"{number} {each.tally.text}"
    rows = [
        {**row, **{name: _cell_in_words(line, key) for key, name in keys.items()}}
        for row, line in zip(marked_rows(board), board.lines, strict=True)
    ]
    return rows, columns


def _heading(board: Board) -> str:
    parts = [
        board.name,
        board.version,
        str(board.on),
        _("clients: {count}").format(count=board.clients),
        _("closed: {count}").format(count=board.closed),
    ]
    if board.cancelled:
        parts.append(_("cancelled: {count}").format(count=board.cancelled))
    return "  ".join(parts)


def _heat_map(board: Board, screen: Screen) -> Iterator[str]:
    """A line a client, a character a step; below them how many tenths of all are settled."""
    names = [f"{line.client}  {line.on}" for line in board.lines]
    more = _("and {count} more").format(count=board.hidden)
    tenths = _("settled, in tenths")
    width = max(map(len, [*names, tenths, *([more] if board.hidden else [])]))
    for digits in _numbers(len(board.steps)):
        yield f"{'':<{width}}  {digits}".rstrip()
    for name, line in zip(names, board.lines, strict=True):
        cells = "".join(_painted(line, board.steps, screen))
        late = "  " + screen.paint(_("{count} late").format(count=line.late), Tone.BAD)
        tail = f"  {line.run}  {line.settled}/{line.steps}{late if line.late else ''}"
        yield f"{name:<{width}}  {cells}{tail}"
    if board.hidden:
        yield more
    yield f"{tenths:<{width}}  {''.join(map(_tenth, board.steps))}"
    yield "  ".join(f"{mark} {mark.in_words()}" for mark in LEGEND)


def _numbers(count: int) -> list[str]:
    """The numbers of the steps, from top to bottom: the tens, where there are any, the ones."""
    tens = "".join(str(at // TENTHS) if at % TENTHS == 0 else " " for at in range(1, count + 1))
    ones = "".join(str(at % TENTHS) for at in range(1, count + 1))
    return [tens, ones] if tens.strip() else [ones]


def _painted(line: BoardLine, steps: Sequence[BoardStep], screen: Screen) -> Iterator[str]:
    for each in steps:
        cell = line.cells.get(each.tally.key)
        yield Mark.NONE if cell is None else screen.paint(cell.mark, cell.tone)


def _marks(line: BoardLine, steps: Sequence[BoardStep]) -> Iterator[str]:
    for each in steps:
        cell = line.cells.get(each.tally.key)
        yield Mark.NONE if cell is None else cell.mark


def _tenth(step: BoardStep) -> str:
    """`x` where everybody is through."""
    tenth = TENTHS * step.settled // step.clients
    return Mark.DONE if tenth == TENTHS else str(tenth)


def _burndown_lines(burndown: Burndown, screen: Screen) -> Iterator[str]:
    yield screen.paint(_("Open steps at the end of the week, and as planned"), Tone.HEADING)
    digits = len(str(burndown.steps))
    for point in thinned(burndown.points, MOST_WEEKS):
        shown = point.planned if point.open is None else point.open
        length = round(BAR * shown / burndown.steps) if burndown.steps else 0
        bar = ("░" if point.open is None else "█") * length
        known = "" if point.open is None else str(point.open)
        yield f"{point.on}  {known:>{digits}}  {point.planned:>{digits}}  {bar}".rstrip()


def _step_facts(step: BoardStep) -> dict[str, Any]:
    return {
        "key": step.tally.key,
        "text": step.tally.text,
        "owner": step.tally.owner,
        "clients": step.clients,
        "settled": step.settled,
        "states": dict(sorted(step.states.items())),
    }


def _run_facts(line: BoardLine) -> dict[str, Any]:
    return {
        "run": line.run,
        "client": line.client,
        "on": line.on,
        "state": line.state,
        "settled": line.settled,
        "steps": line.steps,
        "late": line.late,
    }


def _line_facts(line: BoardLine) -> dict[str, Any]:
    return {
        **_run_facts(line),
        "cells": {key: cell.state for key, cell in line.cells.items()},
        "late_steps": [key for key, cell in line.cells.items() if cell.late],
    }


def _cell_in_words(line: BoardLine, key: str) -> str:
    cell = line.cells.get(key)
    if cell is None:
        return ""
    state = in_words(cell.state)
    return f"{state}, {_('late')}" if cell.late else state
