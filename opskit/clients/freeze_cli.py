"""opskit client freeze: when nobody patches a client."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import FromTodayOption, JsonOption, UpToOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from opskit.clients.freezes import Freeze
    from opskit.core.periods import DaysOfMonth

app = group(_("Freeze periods: when nobody patches a client."))

ANY_CLIENT = "*"  # in a table; JSON has null
MOST = 999_999_999


@app.command(
    "add",
    help=_(
        "Record days on which nobody patches the client, such as payroll close or stocktake: "
        "once from --from to --until, or the same days of every month with --monthly."
    ),
    epilog=examples(
        'opskit client freeze add DELEZE --from 2027-01-25 --until 2027-02-03 --reason "payroll"',
        'opskit client freeze add DELEZE --monthly 25-3 --reason "payroll close"',
        'opskit client freeze add --all --from 2027-12-20 --until 2028-01-05 --reason "year end"',
    ),
)
def add(
    ctx: typer.Context,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help=_("Why, in a few words."))
    ],
    client: Annotated[
        str | None,
        typer.Argument(
            metavar="[CLIENT]", autocompletion=complete_client, help=_("The client's code.")
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=_("For every client."))] = False,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=_("The first day."))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=_("The last day."))
    ] = None,
    monthly: Annotated[
        str | None,
        typer.Option(
            "--monthly", metavar="25-3", help=_("From that day of every month to that other one.")
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.clients import freezes, services

    if (client is None) is not every:
        raise UsageProblemError(
            _("name one client, or --all for every client"), hint="opskit client freeze add --help"
        )
    run = context(ctx)
    today = run.today()
    first_day, last_day, days = _typed(first, last, monthly, today=today)
    actor = run.identity()
    with run.transaction() as session:
        row = freezes.add(
            session,
            client=None if client is None else services.find(session, client),
            first=first_day,
            last=last_day,
            monthly=days,
            reason=reason,
            at=run.now(),
            actor=actor,
        )
        added = freezes.as_freeze(row)
    _tell(added, today=today, as_json=as_json)


@app.command(
    "list",
    help=_(
        "List freeze periods: those of one client and of every client, or all of them. "
        "What was over before --from is left out; without it, what is over today."
    ),
    epilog=examples(
        "opskit client freeze list DELEZE",
        "opskit client freeze list --from 2027-01-01 --until 2027-12-31 --json",
    ),
)
def list_all(
    ctx: typer.Context,
    client: Annotated[
        str | None,
        typer.Argument(
            metavar="[CLIENT]", autocompletion=complete_client, help=_("Only this client.")
        ),
    ] = None,
    first: FromTodayOption = None,
    last: UpToOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.clients import freezes, services

    run = context(ctx)
    today = run.today()
    begin, end_on, _days = _typed(first, last, None, today=today)
    with run.snapshot() as session:
        if client is None:
            found = freezes.list_freezes(session)
        else:
            found = freezes.freezes_of(session, services.find(session, client).code)
        standing = [freezes.as_freeze(each) for each in found]
    rows = [each.facts() for each in standing if each.overlaps(begin or today, end_on)]
    if not as_json:
        rows = [{**row, "client": row["client"] or ANY_CLIENT} for row in rows]
    columns = {
        "number": _("Number"),
        "client": _("Client"),
        "from": _("First day"),
        "until": _("Last day"),
        "monthly": _("Monthly"),
        "reason": _("Reason"),
    }
    show_rows(rows, columns, as_json=as_json, empty=_("no freeze period"))


@app.command(
    "end",
    help=_("Withdraw a freeze period by its number: it no longer stands against a patch."),
    epilog=examples("opskit client freeze end 3"),
)
def end(
    ctx: typer.Context,
    number: Annotated[
        int,
        typer.Argument(
            metavar="NUMBER", min=1, max=MOST, help=_("The number that the list shows.")
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    from opskit.clients import freezes

    run = context(ctx)
    actor = run.identity()
    with run.transaction() as session:
        row, counted = freezes.end(session, number=number, at=run.now(), actor=actor)
        ended = freezes.as_freeze(row)
    if as_json:
        show_json({**ended.facts(), "ended": counted})
    elif counted:
        say(
            _("freeze {number} counts no more: {what}").format(number=number, what=ended.in_words())
        )
    else:
        say(_("freeze {number} was ended before").format(number=number))


def _typed(
    first: str | None, last: str | None, monthly: str | None, *, today: date
) -> "tuple[date | None, date | None, DaysOfMonth | None]":
    from opskit.core.dates import parse_date
    from opskit.core.periods import parse_days_of_month

    return (
        None if first is None else parse_date(first, today=today),
        None if last is None else parse_date(last, today=today),
        None if monthly is None else parse_days_of_month(monthly),
    )


def _tell(added: "Freeze", *, today: date, as_json: bool) -> None:
    if as_json:
        facts: dict[str, Any] = added.facts()
        show_json(facts)
    else:
        whom = added.client or _("every client")
        say(
            _("freeze {number}, {client}: {what}").format(
                number=added.number, client=whom, what=added.in_words()
            )
        )
    if added.is_over(on=today):
        say(_("these days are past already"))
