"""leave, leavers: somebody of the team leaves, and what they knew is rotated."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.leaving.words import LeaveReason
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from onboarding.leaving.models import Leaving
    from onboarding.leaving.services import Office, Wish
    from opskit.core.context import AppContext
    from opskit.staff.models import Person

REASONS = tuple(each.value for each in LeaveReason)

app = group(_("Who leaves the team."))

NameArgument = Annotated[
    str,
    typer.Argument(metavar="NAME", autocompletion=complete_login, help=_("Name or login.")),
]


@app.command(
    "leave",
    help=_(
        "Somebody of the team leaves: out of the safe at once, path ended, list of the last day. "
        "With a day to come it is planned, and done when it is typed again on that day."
    ),
    epilog=examples(
        "opskit onboarding leave cperret --on today --reason resigned --mentor echatriant0 --yes",
        "opskit onboarding leave cperret --on 2027-03-31 --reason contract-ended",
        "opskit onboarding leave cperret --withdraw",
        "opskit onboarding leave cperret --log audit.log --yes",
    ),
)
def leave(
    ctx: typer.Context,
    name: NameArgument,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=_("The last day; at first needed."))
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            metavar="WORD",
            autocompletion=choices(REASONS),
            help=_("resigned, contract-ended, dismissed, retired or other; at first needed."),
        ),
    ] = None,
    mentor: Annotated[
        str | None,
        typer.Option(
            "--mentor",
            metavar="LOGIN",
            autocompletion=complete_login,
            help=_("Who goes along with this person's newcomers from now on."),
        ),
    ] = None,
    logs: Annotated[
        list[str] | None,
        typer.Option(
            "--log",
            metavar="FILE",
            help=_("The audit log of the safe's server, where it is another machine's."),
        ),
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help=_("What was planned is off: the person stays."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding.leaving import acts
    from onboarding.leaving.desk import asking_desk, leave_desk
    from onboarding.leaving.presenting import leaving_facts, tell_left, tell_planned, tell_stays
    from onboarding.leaving.reads import find_out, look
    from opskit.core.agreeing import agree

    run = context(ctx)
    person = _person(run, name)
    if withdraw:
        was_under_way = acts.withdraw(leave_desk(run), login=person.login)
        facts = leaving_facts(run, person.login)
        tell_stays(facts, was_under_way=was_under_way)
        if as_json:
            show_json(facts)
        return
    wish = _wish(run, person, on=on, reason=reason, mentor=mentor, logs=logs)
    office = _office(run)
    if wish.leaves_on > run.today():
        acts.plan(leave_desk(run), login=person.login, wish=wish, office=office)
        facts = leaving_facts(run, person.login)
        tell_planned(facts)
    else:
        question = _("shut {name} ({login}) out of the safe now?")
        agree(question.format(name=person.name, login=person.login), yes=yes)
        reads = acts.leave(asking_desk(run), login=person.login, wish=wish, office=office)
        found = find_out(run, reads)
        with run.snapshot() as session:
            leaving = _leaving(session, person.login)
        known = look(run, leaving)
        facts = leaving_facts(run, person.login, known=known)
        tell_left(facts, problem=found.problem)
    if as_json:
        show_json(facts)
    elif facts["list"]:
        data(facts["list"])


@app.command(
    "leavers",
    help=_("Who leaves or left; of one person, the entries they read and nobody rotated since."),
    epilog=examples(
        "opskit onboarding leavers",
        "opskit onboarding leavers cperret --json",
        "opskit onboarding leavers cperret --settle DELEZE/prod/old-vpn",
    ),
)
def leavers(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", autocompletion=complete_login, help=_("Name or login.")),
    ] = None,
    settle: Annotated[
        list[str] | None,
        typer.Option(
            "--settle",
            metavar="ENTRY",
            help=_("This one no longer works at the client's, though the safe cannot tell."),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.leaving import presenting
    from onboarding.leaving.reads import KEEPERS, everybody, look, settle_by_hand
    from opskit.core.errors import UsageProblemError
    from opskit.core.identity import require_role

    run = context(ctx)
    if name is None:
        if settle:
            raise UsageProblemError(
                _("whose entry is settled?"),
                hint=f"opskit onboarding leavers NAME --settle {settle[0]}",
            )
        rows = [presenting.leaver_row(each) for each in everybody(run)]
        columns, none = presenting.leaver_columns(), _("nobody leaves")
        show_rows(rows, columns, as_json=as_json, empty=none)
        return
    require_role(run.identity(), *KEEPERS)
    person = _person(run, name)
    with run.snapshot() as session:
        leaving = _leaving(session, person.login)
    if settle:
        settle_by_hand(run, leaving, settle)
    rows = [presenting.known_row(each) for each in look(run, leaving)]
    if leaving.known_at is None:
        say(presenting.not_known(person.login))
    none = _("nothing that {login} read is left to rotate").format(login=person.login)
    show_rows(
        rows,
        presenting.known_columns(),
        as_json=as_json,
        empty=none if leaving.known_at is not None else None,
    )


def _person(run: "AppContext", name: str) -> "Person":
    from onboarding.access.naming import find_person

    with run.snapshot() as session:
        return find_person(session, name)


def _leaving(session: "Session", login: str) -> "Leaving":
    """Raises NotFoundError: the person does not leave."""
    from onboarding.leaving import services
    from opskit.core.errors import NotFoundError
    from opskit.staff import services as staff

    person = staff.by_login(session, login)
    found = services.latest(session, person)
    if found is None:
        raise NotFoundError(
            _("{name} does not leave").format(name=person.name), hint="opskit onboarding leavers"
        )
    return found


def _wish(
    run: "AppContext",
    person: "Person",
    *,
    on: str | None,
    reason: str | None,
    mentor: str | None,
    logs: list[str] | None,
) -> "Wish":
    """What was typed, else what was planned.

    Raises:
        UsageProblemError: nothing was planned, and the day or the reason is missing.
    """
    from onboarding.leaving import services
    from opskit.core.errors import UsageProblemError

    with run.snapshot() as session:
        planned = services.current(session, person)
    day = on if on or planned is None else planned.leaves_on.isoformat()
    word = reason if reason or planned is None else planned.reason
    if day is None or word is None:
        raise UsageProblemError(
            _("the last day and the reason are missing"),
            hint=f"opskit onboarding leave {person.login} --on today --reason resigned",
        )
    return services.Wish(
        leaves_on=_day(run, day),
        reason=services.parse_reason(word),
        mentor=None if mentor is None else _person(run, mentor).login,
        logs=tuple(each if each == "-" else str(Path(each).absolute()) for each in logs or ()),
    )


def _day(run: "AppContext", text: str) -> "date":
    from opskit.core.dates import parse_date

    office = _office(run)
    return parse_date(text, today=run.today(), canton=office.canton, calendar=office.calendar)


def _office(run: "AppContext") -> "Office":
    from onboarding.leaving.services import Office
    from opskit.core.business_days import CalendarSource

    with run.snapshot() as session:
        calendar = run.plug(CalendarSource).load(session)
    return Office(calendar, run.settings.canton)
