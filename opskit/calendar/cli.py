"""opskit calendar: closures and half days beside the public holidays."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.calendar.completion import complete_canton
from opskit.core.cliapp import context, examples, group
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from opskit.core.periods import Period

app = group(_("Closures and half days beside the public holidays."))

CantonOption = Annotated[
    str | None,
    typer.Option("--canton", autocompletion=complete_canton, help=_("Only what counts there.")),
]


@app.command(
    "import",
    help=_(
        "Add and change closures and half days from a CSV or Excel file with the columns date, "
        "canton (empty: everywhere), part (full or half) and name. Rows with an error are "
        "reported and put beside the file; the others are stored."
    ),
    epilog=examples(
        "opskit calendar import closures.csv", "opskit calendar import --dry-run closures.xlsx"
    ),
)
def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The CSV or Excel file."))],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.calendar import services
    from opskit.calendar.importing import COLUMNS
    from opskit.core import import_output
    from opskit.core.tabular import read_bytes
    from opskit.core.workbooks import parse_file

    run = context(ctx)
    table = parse_file(read_bytes(file), file, COLUMNS)
    if dry_run:
        with run.snapshot() as session:
            report = services.preview_import(session, rows=table.rows)
            outcome = import_output.keep(table, report, dry_run=True)
    else:
        actor = run.identity()
        with run.transaction() as session:
            report = services.import_closures(session, rows=table.rows, at=run.now(), actor=actor)
            outcome = import_output.keep(table, report, dry_run=False)
    import_output.show(outcome, as_json=as_json)


@app.command(
    "list",
    help=_(
        "List public holidays, closures and half days. Without --canton these are the holidays "
        "that all cantons have, and whatever was recorded; without a period, this year's."
    ),
    epilog=examples(
        "opskit calendar list --canton BE",
        "opskit calendar list --year 2027 --json",
        "opskit calendar list --from 2027-12-20 --until 2028-01-05",
    ),
)
def list_all(
    ctx: typer.Context,
    canton: CantonOption = None,
    year: Annotated[
        int | None, typer.Option("--year", min=1900, max=2100, help=_("The whole year."))
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=_("The first day."))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=_("The last day."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.calendar.importing import EVERYWHERE
    from opskit.calendar.listing import days_off
    from opskit.core.business_days import parse_canton

    run = context(ctx)
    period = _period(year, first, last, today=run.today())
    where = None if canton is None else parse_canton(canton)
    with run.snapshot() as session:
        found = days_off(session, period=period, canton=where)
    rows = [each.facts() for each in found]
    if not as_json:
        rows = [{**row, "canton": row["canton"] or EVERYWHERE} for row in rows]
    columns = {
        "date": _("Date"),
        "canton": _("Canton"),
        "part": _("Part"),
        "name": _("Name"),
        "source": _("Source"),
    }
    show_rows(rows, columns, as_json=as_json)


@app.command(
    "remove",
    help=_(
        "Withdraw a closure or a half day: people work on that day again. Public holidays stay. "
        "Due dates that were reckoned already do not move by themselves."
    ),
    epilog=examples(
        "opskit calendar remove 2027-12-24 --canton BE", "opskit calendar remove 2027-12-27"
    ),
)
def remove(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=_("The day."))],
    canton: Annotated[
        str | None,
        typer.Option(
            "--canton",
            autocompletion=complete_canton,
            help=_("The closure of this canton; without it, the one that counts everywhere."),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.calendar import services
    from opskit.calendar.importing import label_of
    from opskit.core.business_days import parse_canton
    from opskit.core.dates import parse_date

    run = context(ctx)
    on = parse_date(day, today=run.today())
    where = None if canton is None else parse_canton(canton)
    actor = run.identity()
    with run.transaction() as session:
        gone = services.remove(session, day=on, canton=where, at=run.now(), actor=actor)
    if as_json:
        show_json({"date": on, "canton": where, "name": gone.name})
        return
    label = label_of(on, where)
    say(_("{day} is no closure any more: {name}").format(day=label, name=gone.name))


def _period(year: int | None, first: str | None, last: str | None, *, today: date) -> "Period":
    """The period asked for: this year, where none is."""
    from opskit.core.dates import parse_date
    from opskit.core.periods import Period

    if year is not None and (first or last):
        raise UsageProblemError(
            _("--year and --from or --until exclude each other"), hint="opskit calendar list --help"
        )
    if first is None and last is None:
        whole = year or today.year
        return Period(date(whole, 1, 1), date(whole, 12, 31))
    begin = today if first is None else parse_date(first, today=today)
    end = date(begin.year, 12, 31) if last is None else parse_date(last, today=today)
    return Period(begin, end)
