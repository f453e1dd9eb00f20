"""opskit patch campaign replan: other days for those who cannot keep theirs."""

from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.agreeing import agree
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption, TicketOption
from opskit.core.output import say, show_json, show_rows
from opskit.patches.campaigns.options import CampaignArgument, FromOption, YesOption
from opskit.patches.campaigns.planning_cli import frame_of, planner

if TYPE_CHECKING:
    from datetime import date

    from opskit.patches.campaigns.plans import Timeframe
    from opskit.patches.campaigns.services.replanning import Replan
    from opskit.patches.models import Campaign

app = group(_("Days that no longer fit."))


@app.command(
    "replan",
    help=_(
        "Give another day to the preparations whose day is past, frozen or off, or before the "
        "first day given. What was let go, confirmed by the client or pinned stays."
    ),
    epilog=examples(
        "opskit patch campaign replan C3 --from today --dry-run",
        "opskit patch campaign replan C3 --from +5bd --until 2027-04-30 --capacity 8/week --yes",
    ),
)
def replan(
    ctx: typer.Context,
    number: CampaignArgument,
    first: FromOption = "today",
    last: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help=_("Another last day for the campaign.")),
    ] = None,
    capacity: Annotated[
        str | None,
        typer.Option("--capacity", metavar="6/week", help=_("Another capacity from now on.")),
    ] = None,
    ticket: TicketOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.dates import parse_date
    from opskit.patches.campaigns.services import reading, replanning

    run = context(ctx)
    today = run.today()
    actor = planner(run)
    with run.snapshot() as session:
        frame = frame_of(run, session, actor, template=None, ticket=ticket)
        campaign = reading.find_campaign(session, number)
        period = _period(
            campaign,
            parse_date(first, today=today),
            parse_date(last, today=today) if last else None,
            capacity,
        )
        made = replanning.draft_replan(session, campaign, period, frame=frame)
    _show(made, as_json=as_json and dry_run)
    if dry_run:
        return
    if made.shifted:
        agree(_("Move {count} preparations?").format(count=len(made.shifted)), yes=yes)
    if made.shifted or last or capacity:
        with run.transaction() as session:
            frame = frame_of(run, session, actor, template=None, ticket=ticket)
            campaign = reading.find_campaign(session, number)
            replanning.replan(session, campaign, period, shown=made, frame=frame)
    if as_json:
        _show(made, as_json=True)
    else:
        say(
            _("{campaign}: moved {count}, kept {kept}, fixed {fixed}").format(
                campaign=campaign.name,
                count=len(made.shifted),
                kept=made.kept,
                fixed=made.fixed,
            )
        )


def _period(
    campaign: "Campaign", first: "date", last: "date | None", capacity: str | None
) -> "Timeframe":
    from opskit.patches.campaigns.capacity import parse_capacity
    from opskit.patches.campaigns.plans import Timeframe

    begin = max(first, campaign.first)  # nobody is called earlier than the campaign said
    return Timeframe(
        begin, last or max(campaign.last, begin), parse_capacity(capacity or campaign.capacity)
    )


def _show(made: "Replan", *, as_json: bool) -> None:
    from opskit.patches.campaigns.presenting import shifted_columns, shifted_rows

    rows = shifted_rows(made)
    if as_json:
        stuck = [{"client": each.client, "reason": each.reason} for each in made.stuck]
        show_json({"shifted": rows, "stuck": stuck, "kept": made.kept, "fixed": made.fixed})
        return
    show_rows(rows, shifted_columns(), empty=_("every day can stay"))
    for each in made.stuck:
        say(_("not planned, {reason}: {clients}").format(reason=each.reason, clients=each.client))
