"""The board on a terminal, in full; as rows; as pictures."""

from dataclasses import replace
from datetime import date

from opskit.core.screen import PAPER, Screen
from opskit.patches.campaigns.board_page import board_facts, board_lines, marked_rows, sheet
from opskit.patches.campaigns.boards import Board, BoardLine, BoardStep, Cell
from opskit.patches.campaigns.bottlenecks import StepTally, bottlenecks
from opskit.patches.campaigns.burning import Burndown, burndown, thinned
from opskit.patches.campaigns.charts import MOST_CLIENTS, picture
from opskit.patches.campaigns.forecasting import Forecast, Outlook

ON = date(2027, 1, 20)
END = date(2027, 2, 1)
KEYS = ("open-file", "date-confirmed", "backup")


def line(client: str, *states: str, late: tuple[str, ...] = ()) -> BoardLine:
    cells = {key: Cell(state, late=key in late) for key, state in zip(KEYS, states, strict=False)}
    return BoardLine(
        run="P7",
        client=client,
        on=date(2027, 1, 28),
        state="open",
        settled=sum(state in ("done", "waived") for state in states),
        steps=len(states),
        late=len(late),
        cells=cells,
    )


LINES = (
    line("DELEZE", "done", "waiting", "blocked", late=("date-confirmed", "backup")),
    line("BETSCH", "ready", "blocked", "blocked", late=("open-file",)),
    line("AU", "done", "done"),
)


def board(*lines: BoardLine, clients: int | None = None) -> Board:
    tallies = (
        StepTally("open-file", "File opened", "agent", 1, late=1),
        StepTally("date-confirmed", "Date confirmed", "agent", 2, waiting={"client": 1}),
        StepTally("backup", "Backup confirmed", "agent", 3),
    )
    states = ({"done": 2, "ready": 1}, {"done": 1, "waiting": 1, "blocked": 1}, {"blocked": 2})
    due = {date(2027, 1, 12): 3, date(2027, 1, 19): 3, date(2027, 1, 29): 2}
    return Board(
        name="C3",
        version="12.4",
        on=ON,
        clients=clients or len(lines),
        closed=0,
        cancelled=0,
        steps=tuple(map(BoardStep, tallies, states)),
        lines=lines,
        burndown=burndown(
            begin=date(2027, 1, 11), on=ON, due=due, settled={date(2027, 1, 13): 2, ON: 1}
        ),
        bottlenecks=bottlenecks(tallies),
        forecast=Forecast(Outlook.LATE, END, END, 3.0, "it takes a week longer"),
    )


def test_the_whole_page() -> None:
    assert list(board_lines(board(*LINES, clients=5), PAPER)) == [
        "C3  12.4  2027-01-20  clients: 5  closed: 0",
        "",
        "                    123",
        "DELEZE  2027-01-28  xw~  P7  1/3  2 late",
        "BETSCH  2027-01-28  !~~  P7  0/3  1 late",
        "AU  2027-01-28      xx   P7  2/2",
        "and 2 more",
        "settled, in tenths  630",
        (
            "x done  - waived or not applicable  ! failed or late  w waits for somebody"
            "  . ready  ~ blocked"
        ),
        "",
        "Open steps at the end of the week, and as planned",
        "2027-01-17  6  5  ██████████████████████████████",
        "2027-01-24  5  2  █████████████████████████",
        "2027-01-31     0",
        "",
        '1 client is stuck at "File opened": late (agent) 1',
        '1 client is stuck at "Date confirmed": waits for the client 1',
        "it takes a week longer",
    ]


def test_colours_say_what_is_late() -> None:
    lines = list(board_lines(board(*LINES), Screen(width=100, coloured=True)))
    assert lines[3].startswith(
        "DELEZE  2027-01-28  \x1b[32mx\x1b[0m\x1b[31mw\x1b[0m\x1b[31m~\x1b[0m  P7"
    )
    assert lines[5].startswith("AU  2027-01-28      \x1b[32mx\x1b[0m\x1b[32mx\x1b[0m   P7")


def test_more_than_nine_steps_have_two_lines_of_numbers() -> None:
    found = board(line("DELEZE", "done"))
    steps = tuple(
        BoardStep(StepTally(f"s{at}", "Step", "agent", at), {"done": 1}) for at in range(1, 13)
    )
    lines = list(board_lines(replace(found, steps=steps), PAPER))
    assert [each.strip() for each in lines[2:4]] == ["1", "123456789012"]


def test_nobody() -> None:
    empty = replace(board(), steps=())
    assert list(board_lines(empty, PAPER)) == [
        "C3  12.4  2027-01-20  clients: 0  closed: 0",
        "",
        "nobody takes part",
    ]


def test_rows_and_facts() -> None:
    found = board(*LINES)
    assert [row["marks"] for row in marked_rows(found)] == ["xw~", "!~~", "xx_"]
    rows, columns = sheet(found)
    assert list(columns.values())[-3:] == [
        "1 File opened",
        "2 Date confirmed",
        "3 Backup confirmed",
    ]
    assert rows[0]["step date-confirmed"] == "waiting, late"
    assert rows[2]["step backup"] == ""
    facts = board_facts(found)
    assert facts["lines"][0]["cells"] == {
        "open-file": "done",
        "date-confirmed": "waiting",
        "backup": "blocked",
    }
    assert facts["lines"][0]["late_steps"] == ["date-confirmed", "backup"]
    assert facts["burndown"][0] == {"on": date(2027, 1, 17), "planned": 5, "open": 6}


def test_a_long_burn_down_is_thinned() -> None:
    year = burndown(begin=date(2027, 1, 4), on=ON, due={date(2027, 12, 31): 1}, settled={})
    assert len(year.points) == 52
    shown = thinned(year.points, 20)
    assert len(shown) == 18
    assert shown[-1] == year.points[-1]
    assert thinned((), 20) == ()


def test_pictures() -> None:
    """The same board gives the same bytes, also one with more clients than a page has lines."""
    many = board(*(line(f"C{at}", "failed", "waiting", "blocked") for at in range(80)))
    for found in (board(*LINES), many, board()):
        drawn = picture(found, "svg")
        assert drawn == picture(found, "svg")
        assert drawn.startswith(b"<?xml")
        assert picture(found, "png").startswith(b"\x89PNG")
    assert len(many.lines) > MOST_CLIENTS
    assert isinstance(many.burndown, Burndown)
