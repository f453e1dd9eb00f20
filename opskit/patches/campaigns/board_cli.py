"""opskit patch campaign board: where everybody stands."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.core.screen import screen_of
from opskit.patches.campaigns.options import CampaignArgument

if TYPE_CHECKING:
    from opskit.patches.campaigns.boards import Board

FORMATS = ("xlsx", "csv", "json", "svg", "png")

app = group(_("The board."))


@app.command(
    "board",
    help=_("Clients and steps as a heat map, what is left, where it is stuck, when it will end."),
    epilog=examples(
        "opskit patch campaign board C3",
        "opskit patch campaign board C3 --all",
        "opskit patch campaign board C3 --on 2027-02-01 --json",
        "opskit patch campaign board C3 --format svg --out C3.svg",
        "opskit patch campaign board C3 --out C3.xlsx",
    ),
)
def board(
    ctx: typer.Context,
    number: CampaignArgument,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("What is late on this day."))
    ] = "today",
    everybody: Annotated[
        bool, typer.Option("--all", help=_("A line for every client, not only for the worst."))
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", autocompletion=choices(FORMATS), help=_("xlsx, csv, json, svg or png.")
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Write it into this file."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.business_days import CalendarSource
    from opskit.core.dates import parse_date
    from opskit.core.private_files import require_place
    from opskit.patches.campaigns.board_page import MOST_LINES, board_facts
    from opskit.patches.campaigns.services import boarding, reading

    run = context(ctx)
    day = parse_date(on, today=run.today())
    wanted = _format(form, out)
    if out is not None:
        require_place(out)
    is_short = not (everybody or as_json or wanted) and screen_of(sys.stdout).width is not None
    with run.snapshot() as session:
        shown = boarding.board(
            session,
            reading.find_campaign(session, number),
            on=day,
            calendar=run.plug(CalendarSource).load(session),
            most=MOST_LINES if is_short else None,
        )
    if wanted is not None and out is not None:
        _write(shown, wanted, out)
    elif as_json:
        show_json(board_facts(shown))
    else:
        _print(shown)


def _format(form: str | None, out: Path | None) -> str | None:
    """What is to be written; the file's ending says it too.

    Raises:
        UsageProblemError: it is no such format, or no file is named for it.
    """
    named = form or (out.suffix.lstrip(".") if out else None)
    if named is None:
        return None
    if named.lower() not in FORMATS:
        raise UsageProblemError(
            _("{text} is no format of a board").format(text=repr(named)), hint=", ".join(FORMATS)
        )
    if out is None:
        raise UsageProblemError(
            _("--format needs a file to write into"), hint=f"--out board.{named.lower()}"
        )
    return named.lower()


def _write(shown: "Board", form: str, out: Path) -> None:
    from opskit.core.private_files import write_asked_for
    from opskit.core.table_files import TableFormat, table_bytes
    from opskit.patches.campaigns.board_page import board_facts, sheet

    match form:
        case "json":
            import json

            text = json.dumps(board_facts(shown), ensure_ascii=False, indent=2, default=str)
            content = text.encode() + b"\n"
        case "xlsx" | "csv":
            rows, columns = sheet(shown)
            content = table_bytes(TableFormat(form), rows, columns)
        case _:
            from opskit.patches.campaigns.charts import picture

            content = picture(shown, "svg" if form == "svg" else "png")
    write_asked_for(out, content)
    say(_("{file} written").format(file=out))


def _print(shown: "Board") -> None:
    """On a terminal the whole page; in a pipe the clients, and the rest as talk."""
    from opskit.patches.campaigns.board_page import (
        board_lines,
        marked_columns,
        marked_rows,
        words,
    )

    screen = screen_of(sys.stdout)
    if screen.width is not None:
        for line in board_lines(shown, screen):
            data(line)
        return
    if shown.lines:
        show_rows(marked_rows(shown), marked_columns())
    for line in words(shown):
        say(line)
