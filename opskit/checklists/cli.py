"""opskit checklist: any template as a list of its own, for internal and knowledge-base projects."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.checklists.completion import complete_run, complete_template
from opskit.checklists.listing import LateOption, StateOption, require_state
from opskit.checklists.printing_cli import add_printing_commands
from opskit.checklists.step_cli import Samples, add_step_commands
from opskit.checklists.template_cli import template_group
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json, show_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.confidential import Asker
    from opskit.checklists.models import Run
    from opskit.checklists.templates import Template
    from opskit.core.context import AppContext
    from opskit.core.identity import Identity

app = group(_("Checklists that stand by themselves, and the templates of all of them."))

RunArgument = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        autocompletion=complete_run("checklist"),
        help=_("Which list, such as {example}.").format(example="K3"),
    ),
]


@app.command(
    "start",
    help=_("Begin a list of a template, published or in a file; a file is published by it."),
    epilog=examples(
        'opskit checklist start office-move --subject "Move to Sonceboz" --on 2027-03-01',
        'opskit checklist start office-move.yaml --subject "Move to Sonceboz" --person bob',
    ),
)
def start(
    ctx: typer.Context,
    template: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE",
            autocompletion=complete_template,
            help=_("Its name (audit, or audit/2 for a version), or a file."),
        ),
    ],
    subject: Annotated[str, typer.Option("--subject", help=_("What it is about."))],
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("The day from which the dates count."))
    ] = "today",
    canton: Annotated[
        str | None,
        typer.Option(
            "--canton", help=_("Whose holidays count; else those of the template or the settings.")
        ),
    ] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="LOGIN", help=_("Who looks after it."))
    ] = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists import projects, services
    from opskit.checklists.page import summary
    from opskit.checklists.ports import CheckSource, People
    from opskit.checklists.presenting import run_row
    from opskit.checklists.template_tools.finding import is_file, read_template
    from opskit.core.business_days import CalendarSource, parse_canton
    from opskit.core.dates import parse_date
    from opskit.core.refs import TicketKey

    run = context(ctx)
    today, actor = run.today(), run.identity()
    key = TicketKey.parse(ticket).value if ticket else None
    checks = run.plug(CheckSource).names()
    own = read_template(Path(template), checks=checks) if is_file(template) else None
    with run.transaction() as session:
        calendar = run.plug(CalendarSource).load(session)
        chosen = own or _named(run, session, template)
        where = parse_canton(canton or chosen.canton or run.settings.canton)
        beginning = services.Beginning(
            subject=subject,
            anchor_on=parse_date(on, today=today, canton=where, calendar=calendar),
            canton=where,
            assignee=run.plug(People).worker_login(session, person) if person else None,
        )
        made = projects.begin(
            session,
            beginning,
            template=chosen,
            is_from_file=own is not None,
            calendar=calendar,
            at=run.now(),
            actor=actor,
            ticket=key,
        )
    if as_json:
        show_json(run_row(made, on=today))
        return
    data(made.name)
    say(summary(made, on=today))
    say(_("next: {command}").format(command=f"opskit checklist show {made.name}"))


def _named(run: "AppContext", session: "Session", typed: str) -> "Template":
    """The published or shipped template of that name, such as audit or audit/2."""
    from opskit.checklists.template_tools.finding import find_template
    from opskit.checklists.template_tools.ports import ShippedTemplates

    return find_template(session, typed, shipped=run.plug(ShippedTemplates).templates())


@app.command(
    "show",
    help=_("The whole list on a page."),
    epilog=examples("opskit checklist show K3", "opskit checklist show K3 --json"),
)
def show(ctx: typer.Context, number: RunArgument, as_json: JsonOption = False) -> None:
    from opskit.checklists import projects
    from opskit.checklists.showing import show_run

    run = context(ctx)
    with run.snapshot() as session:
        show_run(run, session, projects.find(session, number, run.identity), as_json=as_json)


@app.command(
    "list",
    help=_("Every list, the open ones first."),
    epilog=examples("opskit checklist list", "opskit checklist list --person bob --late"),
)
def list_runs(
    ctx: typer.Context,
    state: StateOption = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="LOGIN", help=_("Only those that this person has.")),
    ] = None,
    late: LateOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists import projects, services
    from opskit.checklists.confidential import kept_from
    from opskit.checklists.ports import People
    from opskit.checklists.presenting import line_row

    run = context(ctx)
    people = run.plug(People)
    require_state(state)
    with run.snapshot() as session:
        login = people.login_of(session, person) if person else None
        found = services.overview(
            session, kind=projects.KIND, on=run.today(), state=state, assignee=login
        )
        hidden = kept_from(session, run.whoever_asks)
    shown = [each for each in found if each.id not in hidden]
    rows = [line_row(each) for each in shown if not late or each.progress.late]
    columns = {
        "number": _("List"),
        "subject": _("Subject"),
        "anchor_on": _("On"),
        "state": _("State"),
        "assignee": _("Person"),
        "percent": "%",
        "late": _("Late"),
    }
    none = _("there is no list; begin one with: opskit checklist start --help")
    show_rows(rows, columns, as_json=as_json, empty=None if rows or state or person else none)


def _find(session: "Session", number: str, actor: "Identity") -> "Run":
    from opskit.checklists import projects

    return projects.find_to_change(session, number, actor)


def _read(session: "Session", number: str, asker: "Asker") -> "Run":
    from opskit.checklists import projects

    return projects.find(session, number, asker)


app.add_typer(template_group("checklist"), name="template")
add_step_commands(
    app,
    group="checklist",
    samples=Samples(
        run="K3",
        tick='1 --answer "240 GB free"',
        waive='2 --reason "the landlord does it"',
        skip='3 --reason "no lift in this house"',
        reopen='1 --reason "measured again"',
        step="4",
    ),
    find=_find,
    read=_read,
    complete=complete_run("checklist"),
)
add_printing_commands(
    app, group="checklist", sample="K3", find=_read, complete=complete_run("checklist")
)
