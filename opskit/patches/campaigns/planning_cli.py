"""opskit patch campaign create, add: the plan is shown before it is made."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.agreeing import agree
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption, TicketOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.patches.campaigns.options import (
    CampaignArgument,
    FromOption,
    TemplateOption,
    YesOption,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.core.context import AppContext
    from opskit.core.identity import Identity
    from opskit.patches.campaigns.services.creating import Frame
    from opskit.patches.campaigns.services.drafting import Draft

app = group(_("Planning campaigns."))


@app.command(
    "create",
    help=_(
        "Plan a day for every client that needs the version, and begin their preparations. "
        "QUERY is words as in opskit client list, and filters: pole, canton, language, contract, "
        "module, version."
    ),
    epilog=examples(
        "opskit patch campaign create --to 12.4 --from +20bd --until +60bd --capacity 6/week "
        "--dry-run",
        "opskit patch campaign create --to 12.4 --clients 'pole:logistics version<12.3' "
        "--from 2027-01-11 --until 2027-03-26 --capacity 6/week",
        "opskit patch campaign create --to 12.4 --clients 'canton:BE,JU contract:gold' "
        "--from 2027-01-11 --until 2027-03-26 --capacity 2/day --yes",
    ),
)
def create(
    ctx: typer.Context,
    version: Annotated[str, typer.Option("--to", metavar="VERSION", help=_("The new version."))],
    first: FromOption,
    last: Annotated[
        str, typer.Option("--until", metavar="DATE", help=_("The last day for a patch."))
    ],
    capacity: Annotated[
        str,
        typer.Option(
            "--capacity", metavar="6/week", help=_("What the team takes on: 6/week or 2/day.")
        ),
    ],
    query: Annotated[
        str | None,
        typer.Option("--clients", metavar="QUERY", help=_("Only these; without it, all clients.")),
    ] = None,
    template: TemplateOption = None,
    ticket: TicketOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.catalog import load_catalog
    from opskit.core.dates import parse_date
    from opskit.patches.campaigns.capacity import parse_capacity
    from opskit.patches.campaigns.plans import Timeframe
    from opskit.patches.campaigns.presenting import campaign_row
    from opskit.patches.campaigns.services import creating, drafting, reading

    run = context(ctx)
    today = run.today()
    wish = drafting.Wish(
        version=load_catalog(run.home).version(version).number,
        query=query,
        period=Timeframe(
            parse_date(first, today=today),
            parse_date(last, today=today),
            parse_capacity(capacity),
        ),
    )
    actor = planner(run)
    with run.snapshot() as session:
        frame = frame_of(run, session, actor, template=template, ticket=ticket)
        draft = drafting.draft(
            session,
            wish,
            template=frame.template,
            calendar=frame.calendar,
            today=today,
            gate=frame.gate,
        )
    _show(draft, as_data=dry_run, as_json=as_json)
    if dry_run:
        return
    creating.require_plan(draft, None)
    agree(_begin_them(draft), yes=yes)
    with run.transaction() as session:
        frame = frame_of(run, session, actor, template=template, ticket=ticket)
        campaign = creating.create(session, wish, shown=draft.plan, frame=frame)
        row = campaign_row(reading.line_of(session, campaign))
    if as_json:
        show_json(row)
        return
    data(campaign.name)
    say(_("preparations begun: {count}").format(count=row["clients"]))
    say(_("next: {command}").format(command=f"opskit patch campaign board {campaign.name}"))


@app.command(
    "add",
    help=_("Plan further clients into the room that a campaign has left, and begin with them."),
    epilog=examples(
        "opskit patch campaign add C3 DELEZE BETSCH --dry-run",
        "opskit patch campaign add C3 DELEZE --yes",
    ),
)
def add(
    ctx: typer.Context,
    number: CampaignArgument,
    codes: Annotated[
        list[str],
        typer.Argument(
            metavar="CLIENT...", autocompletion=complete_client, help=_("The clients' codes.")
        ),
    ],
    template: TemplateOption = None,
    ticket: TicketOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.patches.campaigns.presenting import campaign_row
    from opskit.patches.campaigns.services import changing, creating, reading

    run = context(ctx)
    actor = planner(run)
    with run.snapshot() as session:
        frame = frame_of(run, session, actor, template=template, ticket=ticket)
        campaign = reading.find_campaign(session, number)
        draft = changing.draft_more(session, campaign, codes, frame=frame)
    _show(draft, as_data=dry_run, as_json=as_json)
    if dry_run:
        return
    creating.require_plan(draft, None)
    agree(_begin_them(draft), yes=yes)
    with run.transaction() as session:
        frame = frame_of(run, session, actor, template=template, ticket=ticket)
        campaign = reading.find_campaign(session, number)
        changing.add(session, campaign, codes, shown=draft.plan, frame=frame)
        row = campaign_row(reading.line_of(session, campaign))
    if as_json:
        show_json(row)
        return
    say(
        _("{campaign}: preparations begun: {count}").format(
            campaign=campaign.name, count=len(draft.plan.placed)
        )
    )


def _begin_them(draft: "Draft") -> str:
    return _("Begin preparations for {count} clients?").format(count=len(draft.plan.placed))


def planner(run: "AppContext") -> "Identity":
    """Whoever plans is told first if they may not. Raises DeniedError."""
    from opskit.core.identity import require_role
    from opskit.patches.services import PREPARERS

    actor = run.identity()
    require_role(actor, *PREPARERS)
    return actor


def frame_of(
    run: "AppContext",
    session: "Session",
    actor: "Identity",
    *,
    template: str | None,
    ticket: str | None,
) -> "Frame":
    """As things are now: made again after the person agreed, who may have taken their time."""
    from opskit.core.business_days import CalendarSource
    from opskit.core.refs import TicketKey
    from opskit.patches import services
    from opskit.patches.campaigns.services.creating import Frame
    from opskit.patches.gate import gate_of

    return Frame(
        template=services.template_for(session, template),
        calendar=run.plug(CalendarSource).load(session),
        today=run.today(),
        at=run.now(),
        actor=actor,
        ticket=TicketKey.parse(ticket) if ticket else None,
        gate=gate_of(run),
    )


def _show(draft: "Draft", *, as_data: bool, as_json: bool) -> None:
    """The plan: as what was asked for, or for the person before they agree."""
    from opskit.core.screen import screen_of
    from opskit.patches.campaigns import presenting

    if as_data and as_json:
        show_json(presenting.draft_facts(draft))
        return
    if as_data and screen_of(sys.stdout).width is None:
        show_rows(presenting.placed_rows(draft.plan), presenting.placed_columns())
    else:
        screen = screen_of(sys.stdout if as_data else sys.stderr)
        if screen.width is not None and draft.plan.placed:
            for line in presenting.plan_lines(draft.plan, screen):
                if as_data:
                    data(line)
                else:
                    say(line)
    for line in presenting.remarks(draft):
        say(line)
