"""opskit staff absence: who is away when."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import FromTodayOption, JsonOption, UpToOption
from opskit.core.output import say, show_json, show_rows
from opskit.staff.completion import complete_login

app = group(_("Absences: who is away when."))

MOST = 999_999_999
REASONS = ("holiday", "training", "illness", "other")


@app.command(
    "add",
    help=_(
        "Record an absence: your own, or as a manager or admin anybody's. The reason is one word "
        "of holiday, training, illness, other; only the person, managers and admins see it."
    ),
    epilog=examples(
        "opskit staff absence add cperret --from 2027-02-15 --until 2027-02-26",
        "opskit staff absence add cperret --from 2027-03-08 --until 2027-03-08 --reason training",
    ),
)
def add(
    ctx: typer.Context,
    person: Annotated[
        str,
        typer.Argument(
            metavar="PERSON", autocompletion=complete_login, help=_("A login or a name.")
        ),
    ],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help=_("The first day."))],
    last: Annotated[str, typer.Option("--until", metavar="DATE", help=_("The last day."))],
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            metavar="WORD",
            autocompletion=choices(REASONS),
            help=_("holiday, training, illness or other."),
        ),
    ] = "holiday",
    as_json: JsonOption = False,
) -> None:
    from opskit.core.choosing import one_of
    from opskit.core.periods import parse_period
    from opskit.staff import absences, services
    from opskit.staff.models import AbsenceReason

    run = context(ctx)
    today = run.today()
    period = parse_period(first, last, today=today)
    why = one_of(AbsenceReason, reason, otherwise=_("{text} is no reason of an absence"))
    actor = run.identity()
    with run.transaction() as session:
        away = absences.add(
            session,
            person=services.find(session, person),
            period=period,
            reason=why,
            at=run.now(),
            actor=actor,
        )
    if as_json:
        show_json(away.facts())
    else:
        say(
            _("absence {number}: {name} is away, {when}").format(
                number=away.number, name=away.name, when=away.period.in_words()
            )
        )
    if period.last < today:
        say(_("these days are past already"))


@app.command(
    "list",
    help=_(
        "List who is away, from today on or in a period. The reason is shown for your own "
        "absences, and to managers and admins."
    ),
    epilog=examples(
        "opskit staff absence list",
        "opskit staff absence list cperret --from 2027-01-01 --until 2027-12-31 --json",
    ),
)
def list_all(
    ctx: typer.Context,
    person: Annotated[
        str | None,
        typer.Argument(
            metavar="[PERSON]", autocompletion=complete_login, help=_("Only this person.")
        ),
    ] = None,
    first: FromTodayOption = None,
    last: UpToOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.dates import parse_date
    from opskit.staff import absences, services

    run = context(ctx)
    today = run.today()
    begin = today if first is None else parse_date(first, today=today)
    end_on = None if last is None else parse_date(last, today=today)
    asker = run.identity()
    with run.snapshot() as session:
        found = absences.list_absences(
            session,
            asker=asker,
            first=begin,
            last=end_on,
            person=None if person is None else services.find(session, person),
        )
    rows = [each.facts() for each in found]
    if not as_json:
        rows = [{**row, "absence": row["reason"] or ""} for row in rows]
    columns = {
        "number": _("Number"),
        "person": _("Login"),
        "name": _("Name"),
        "from": _("First day"),
        "until": _("Last day"),
        "absence": _("Reason"),
    }
    show_rows(rows, columns, as_json=as_json, empty=_("nobody is away"))


@app.command(
    "end",
    help=_("Withdraw an absence by its number: the person is there after all."),
    epilog=examples("opskit staff absence end 3"),
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
    from opskit.staff import absences

    run = context(ctx)
    actor = run.identity()
    with run.transaction() as session:
        away, counted = absences.end(session, number=number, at=run.now(), actor=actor)
    if as_json:
        show_json({**away.facts(), "ended": counted})
    elif counted:
        say(
            _("absence {number} counts no more: {name}, {when}").format(
                number=away.number, name=away.name, when=away.period.in_words()
            )
        )
    else:
        say(_("absence {number} was ended before").format(number=number))
