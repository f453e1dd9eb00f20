"""opskit patch: prepare a client's patch with a checklist that checks itself."""

from typing import TYPE_CHECKING, Annotated

import typer

from opskit.checklists.completion import complete_run
from opskit.checklists.listing import LateOption, StateOption, require_state
from opskit.checklists.printing_cli import Campaigns, add_printing_commands
from opskit.checklists.step_cli import Samples, add_step_commands
from opskit.checklists.template_cli import template_group
from opskit.clients.options import ClientArgument, ClientOption
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.patches.campaigns.cli import room
from opskit.patches.campaigns.completion import complete_campaign
from opskit.patches.campaigns.options import TemplateOption

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from opskit.checklists.confidential import Asker
    from opskit.checklists.models import Run
    from opskit.checklists.printing.content import Addressee
    from opskit.core.context import AppContext
    from opskit.core.identity import Identity

app = group(_("Prepare a client's patch: nineteen steps, some of which check themselves."))

RunArgument = Annotated[
    str,
    typer.Argument(
        metavar="RUN", autocompletion=complete_run("patch"), help=_("The run's number, such as P7.")
    ),
]


@app.command(
    "prepare",
    help=_("Begin the preparation of a patch."),
    epilog=examples(
        "opskit patch prepare DELEZE --to 12.4 --on 2027-01-20",
        "opskit patch prepare DELEZE --to 12.4 --on +20bd --ticket CS-1003",
    ),
)
def prepare(
    ctx: typer.Context,
    client: ClientArgument,
    version: Annotated[str, typer.Option("--to", metavar="VERSION", help=_("The new version."))],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help=_("The day of the patch."))],
    template: TemplateOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists.page import summary
    from opskit.checklists.presenting import run_row
    from opskit.clients import services as clients
    from opskit.core.business_days import CalendarSource
    from opskit.core.catalog import load_catalog
    from opskit.core.dates import parse_date
    from opskit.core.refs import TicketKey
    from opskit.patches import services
    from opskit.patches.doubts import doubts
    from opskit.patches.gate import gate_of

    run = context(ctx)
    today, actor = run.today(), run.identity()
    known_version = load_catalog(run.home).version(version).number
    calendars = run.plug(CalendarSource)
    with run.transaction() as session:
        found = clients.find(session, client)
        calendar = calendars.load(session)
        day = parse_date(on, today=today, canton=found.canton, calendar=calendar)
        said = list(doubts(session, found, version=known_version, on=day, calendar=calendar))
        made = services.prepare(
            session,
            client=found,
            version=known_version,
            on=day,
            template=services.template_for(session, template),
            calendar=calendar,
            ticket=TicketKey.parse(ticket) if ticket else None,
            at=run.now(),
            actor=actor,
            gate=gate_of(run),
        )
        row, line = run_row(made, on=today), summary(made, on=today)
    for doubt in said:
        say(_("warning: {doubt}").format(doubt=doubt))
    if as_json:
        show_json(row)
        return
    data(made.name)
    say(line)
    say(_("next: {command}").format(command=f"opskit patch check {made.name}"))


@app.command(
    "show",
    help=_("The whole preparation on a page."),
    epilog=examples("opskit patch show P7", "opskit patch show P7 --json"),
)
def show(ctx: typer.Context, number: RunArgument, as_json: JsonOption = False) -> None:
    from opskit.checklists.showing import show_run
    from opskit.patches import services

    run = context(ctx)
    with run.snapshot() as session:
        show_run(run, session, services.find(session, number), as_json=as_json)


@app.command(
    "list",
    help=_("Every preparation, the open ones first."),
    epilog=examples("opskit patch list --late", "opskit patch list --client DELEZE --json"),
)
def list_runs(
    ctx: typer.Context,
    client: ClientOption = None,
    state: StateOption = None,
    late: LateOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists import services as checklists
    from opskit.checklists.presenting import line_row
    from opskit.clients import services as clients
    from opskit.patches import services

    run = context(ctx)
    require_state(state)
    with run.snapshot() as session:
        code = clients.find(session, client).code if client else None
        found = checklists.overview(
            session, kind=services.KIND, on=run.today(), state=state, client=code
        )
    rows = [line_row(each) for each in found if not late or each.progress.late]
    columns = {
        "number": _("Run"),
        "subject": _("Client"),
        "version": _("Version"),
        "anchor_on": _("On"),
        "state": _("State"),
        "percent": "%",
        "late": _("Late"),
    }
    none = _("there is no preparation; begin one with: opskit patch prepare --help")
    show_rows(rows, columns, as_json=as_json, empty=None if code or state or late else none)


def _find(session: "Session", number: str, actor: "Identity") -> "Run":
    from opskit.patches import services

    return services.find_to_change(session, number, actor)


def _read(session: "Session", number: str, asker: "Asker") -> "Run":
    """A patch is everybody's to read."""
    from opskit.patches import services

    del asker
    return services.find(session, number)


def _closed(session: "Session", run: "Run", /, *, at: "datetime", actor: "Identity") -> None:
    from opskit.patches import services

    services.enter_version(session, run, at=at, actor=actor)


class _SignedOff:
    """Who lets a patch go, and to whom one is given, is signed off where the settings say so."""

    def deciding(
        self, here: "AppContext", session: "Session", run: "Run", /, *, actor: "Identity"
    ) -> None:
        from opskit.patches.gate import gate_of

        gate_of(here).require_for(session, run, actor=actor, on=here.today())

    def given(self, here: "AppContext", session: "Session", run: "Run", /, *, login: str) -> None:
        from opskit.patches.gate import gate_of

        gate_of(here).require_given(session, run, login=login, on=here.today())


def _addressee(here: "AppContext", session: "Session", run: "Run") -> "Addressee":
    from opskit.patches.addressee import addressee_of

    return addressee_of(session, run, settings=here.settings)


def _runs_of_campaign(session: "Session", number: str) -> "Collection[int]":
    from opskit.patches.campaigns.services.changing import runs_of
    from opskit.patches.campaigns.services.reading import find_campaign

    return [run.id for run in runs_of(session, find_campaign(session, number))]


app.add_typer(template_group("patch"), name="template")
app.add_typer(room, name="campaign")
add_step_commands(
    app,
    group="patch",
    samples=Samples(
        run="P7",
        tick='1 --answer "12.1 to 12.4"',
        waive='contacts --reason "the client has no deputy"',
        skip='customizations --reason "nothing customised here"',
        reopen='1 --reason "another version after all"',
        step="prerequisites",
        go='--reason "all green, the client is ready"',
        no_go='--reason "the client\'s server room is closed"',
        close='--answer "12.4 runs, no incident"',
        cancel='--reason "the client waits for the next version"',
    ),
    find=_find,
    read=_read,
    complete=complete_run("patch"),
    closed=_closed,
    admission=_SignedOff(),
)
add_printing_commands(
    app,
    group="patch",
    sample="P7",
    find=_read,
    complete=complete_run("patch"),
    addressee=_addressee,
    campaigns=Campaigns(_runs_of_campaign, complete_campaign),
)
