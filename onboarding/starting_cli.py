"""start: a new consultant is put on a path, or all those in a table."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.names import POLES
from onboarding.options import ModulesOption, SiteOption
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption
from opskit.core.output import data, say, show_json
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from onboarding.paths import Wish
    from onboarding.services import Walk
    from opskit.core.import_output import Outcome
    from opskit.staff.acts import Desk

app = group(_("New consultants begin."))


@app.command(
    "start",
    help=_(
        "Put a new consultant on a path; due dates count from the first day. "
        "With --file all those in a table (CSV or Excel: name, login, pole, site, modules or path, "
        "start, mentor); rows that do not fit are kept in a new file beside it."
    ),
    epilog=examples(
        'opskit onboarding start "Camille Perret" --pole back-office --site sonceboz '
        "--start 2026-12-01 --mentor jmettler15",
        'opskit onboarding start "Camille Perret" --path back-office --start 2026-12-01 '
        "--mentor jmettler15",
        "opskit onboarding start --file newcomers.csv --dry-run",
    ),
)
def start(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help=_("The person's full name, or the login of a colleague.")
        ),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(
            "--path",
            autocompletion=choices(POLES),
            help=_("A path by its name; else a pole, a site and modules."),
        ),
    ] = None,
    pole: Annotated[
        str | None,
        typer.Option("--pole", autocompletion=choices(POLES), help=_("back-office or logistics.")),
    ] = None,
    site: SiteOption = None,
    modules: ModulesOption = None,
    start_on: Annotated[
        str | None, typer.Option("--start", metavar="DATE", help=_("The first day."))
    ] = None,
    mentor: Annotated[
        str | None,
        typer.Option(
            "--mentor", metavar="LOGIN", autocompletion=complete_login, help=_("Who goes along.")
        ),
    ] = None,
    login: Annotated[
        str | None,
        typer.Option("--login", help=_("The login, where several people have the same name.")),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=_("A table of newcomers."))
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    from onboarding.paths import Wish

    run = context(ctx)
    if file is not None:
        _refuse_besides(name, path, pole, site, modules, start_on, mentor, login)
        _start_file(run, file, dry_run=dry_run, as_json=as_json)
        return
    if name is None or start_on is None or mentor is None:
        missing = {"NAME": name, "--start": start_on, "--mentor": mentor}
        raise _missing(next(each for each, value in missing.items() if value is None))
    wish = Wish(path, pole, site, tuple(modules or ()))
    if dry_run:
        raise UsageProblemError(
            _("--dry-run is for a table"), hint="opskit onboarding start --file newcomers.csv"
        )
    walk = _start_one(run, name, wish, start_on, mentor, login)
    _tell(run, walk, as_json=as_json)


def _start_one(
    run: AppContext, name: str, wish: "Wish", start_on: str, mentor: str, login: str | None
) -> "Walk":
    from onboarding.paths import choose_path
    from onboarding.starting import Newcomer, start_newcomer
    from opskit.core.business_days import CalendarSource
    from opskit.core.dates import parse_date
    from opskit.staff.importing import check_facts

    today = run.today()
    full_name = check_facts(name=name)["name"]
    with run.snapshot() as session:
        calendar = run.plug(CalendarSource).load(session)
        chosen = choose_path(session, wish)
    canton = chosen.canton or run.settings.canton
    first_day = parse_date(start_on, today=today, canton=canton, calendar=calendar)
    why = calendar.why_closed(first_day, canton)
    newcomer = Newcomer(full_name, chosen.template.id, first_day, mentor, login)
    walk = start_newcomer(_desk(run), newcomer, canton=run.settings.canton, calendar=calendar)
    if why:
        say(_("{day} is no business day: {why}").format(day=first_day, why=why))
    if first_day < today:
        say(_("{day} is past: steps that were due before today are late").format(day=first_day))
    return walk


def _tell(run: AppContext, walk: "Walk", *, as_json: bool) -> None:
    from onboarding.presenting import walk_row

    if as_json:
        with run.snapshot() as session:
            show_json(walk_row(session, walk, on=run.today()))
        return
    data(walk.run.name)
    say(
        _("{name} ({login}) starts on {day}, with {mentor} as mentor").format(
            name=walk.person.name,
            login=walk.person.login,
            day=walk.consultant.start_on,
            mentor=walk.mentor.name,
        )
    )


def _start_file(run: AppContext, file: Path, *, dry_run: bool, as_json: bool) -> None:
    from onboarding.entry_file import COLUMNS, examine
    from onboarding.starting import start_newcomers
    from opskit.core import import_output
    from opskit.core.business_days import CalendarSource
    from opskit.core.identity import require_role
    from opskit.core.tabular import read_bytes
    from opskit.core.workbooks import parse_file

    require_role(run.identity(), "manager", "admin")
    table = parse_file(read_bytes(file), file, COLUMNS)
    with run.snapshot() as session:
        found = examine(session, table.rows)
        calendar = run.plug(CalendarSource).load(session)
    outcome: Outcome = import_output.keep(table, found.report, dry_run=dry_run)
    numbers = list[str]()
    if not dry_run and found.newcomers:
        canton = run.settings.canton
        made = start_newcomers(_desk(run), found.newcomers, canton=canton, calendar=calendar)
        numbers = [walk.run.name for walk in made]
    import_output.show(outcome, as_json=as_json, more={"numbers": numbers})


def _desk(run: AppContext) -> "Desk":
    from opskit.staff.acts import Desk
    from opskit.staff.ports import Accounts

    return Desk(run.transaction, run.plug(Accounts), run.identity(), run.now())


def _refuse_besides(*given: object) -> None:
    if any(given):
        raise UsageProblemError(
            _("the table says who starts where: --file goes with none of the others"),
            hint="opskit onboarding start --file newcomers.csv",
        )


def _missing(what: str) -> UsageProblemError:
    return UsageProblemError(
        _("{name} is missing").format(name=repr(what)), hint="opskit onboarding start --help"
    )
