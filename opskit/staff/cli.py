"""opskit staff: the directory of the team."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.i18n import _, colon
from opskit.core.options import DryRunOption, JsonOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.staff import absence_cli
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from opskit.core.import_output import Outcome
    from opskit.staff.bulk import MadeLogins

app = group(_("The people of the team."))
app.add_typer(absence_cli.app, name="absence")


@app.command(
    "import",
    help=_(
        "Add and update people from a CSV file. Rows with an error are reported and put beside "
        "the file; the others are stored. With --logins everybody gets a login with the role of "
        "the job; the first passwords are put into a private file beside the input."
    ),
    epilog=examples("opskit staff import staff.csv", "opskit staff import --logins staff.csv"),
)
def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The CSV file."))],
    logins: Annotated[
        bool, typer.Option("--logins", help=_("Make a login for everybody who has none."))
    ] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.core import import_output

    run = context(ctx)
    outcome = _import(run, file, dry_run=dry_run)
    more: dict[str, Any] = {}
    made = None
    if logins and not dry_run:
        made = _make_logins(run, outcome)
        more = {
            "logins": made.made,
            "logins_refused": [
                {"login": each.login, "reason": each.error.message} for each in made.refused
            ],
        }
    import_output.show(outcome, as_json=as_json, more=more)
    if made is not None and made.refused:
        raise made.refused[0].error


@app.command(
    "list",
    help=_("List the people of the team by login."),
    epilog=examples("opskit staff list", "opskit staff list --json"),
)
def list_all(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from opskit.staff import services
    from opskit.staff.presenting import person_facts

    with context(ctx).snapshot() as session:
        rows = [person_facts(person) for person in services.list_people(session)]
    columns = {
        "login": _("Login"),
        "name": _("Name"),
        "role": _("Job"),
        "pole": _("Pole"),
        "site": _("Site"),
        "state": _("State"),
        "has_login": _("Can log in"),
    }
    show_rows(rows, columns, as_json=as_json)


@app.command(
    "show",
    help=_("Show one person, by login or name."),
    epilog=examples("opskit staff show cperret", 'opskit staff show "Camille Perret" --json'),
)
def show(
    ctx: typer.Context,
    person: Annotated[
        str,
        typer.Argument(
            metavar="PERSON", autocompletion=complete_login, help=_("A login or a name.")
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    from opskit.staff import services
    from opskit.staff.presenting import card, person_facts

    with context(ctx).snapshot() as session:
        facts = person_facts(services.find(session, person))
    if as_json:
        show_json(facts)
        return
    for line in card(facts):
        data(line)


def _import(run: AppContext, file: Path, *, dry_run: bool) -> "Outcome":
    from opskit.core import import_output
    from opskit.core.tabular import read_table
    from opskit.staff import services
    from opskit.staff.importing import COLUMNS

    table = read_table(file, COLUMNS)
    if dry_run:
        with run.snapshot() as session:
            report = services.preview_import(session, rows=table.rows)
            return import_output.keep(table, report, dry_run=True)
    actor = run.identity()
    with run.transaction() as session:
        before = services.poles(session)
        report = services.import_staff(session, rows=table.rows, at=run.now(), actor=actor)
        outcome = import_output.keep(table, report, dry_run=False)
        moved = dict(services.poles(session).items() - before.items())
    _let_clients_follow(run, moved)
    return outcome


def _let_clients_follow(run: AppContext, moved: Mapping[str, str]) -> None:
    """With the pole change the clients one reaches; the import is done, whatever the safe says."""
    from opskit.staff.ports import Accounts

    try:
        for entity_id, pole in moved.items():
            run.plug(Accounts).place(entity_id, pole)
    except OpsError as err:
        why = err.message
        say(_("the agents' rights in the safe do not follow yet: {why}").format(why=why))
        say(_("next, an admin types: opskit vault provision"))


def _make_logins(run: AppContext, outcome: "Outcome") -> "MadeLogins":
    from opskit.staff.acts import Desk
    from opskit.staff.bulk import make_logins, missing_logins
    from opskit.staff.passwords import first_password, list_beside
    from opskit.staff.ports import Accounts

    report = outcome.report
    desk = Desk(run.transaction, run.plug(Accounts), run.identity(), run.now())
    waiting = missing_logins(desk, [*report.added, *report.changed, *report.unchanged])
    password_list = list_beside(outcome.table.path)
    done = make_logins(desk, waiting, password_list=password_list, make=first_password)
    if not waiting:
        say(_("everybody has a login already"))
    if done.made:
        say(
            _("{count} logins made; their first passwords are in {file}").format(
                count=len(done.made), file=password_list
            )
        )
        say(_("hand them out, then delete that file"))
    for each in done.refused:
        say(f"{colon(each.login)} {each.error.message}")
    return done
