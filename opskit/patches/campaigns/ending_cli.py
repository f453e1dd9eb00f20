"""opskit patch campaign close, cancel."""

from typing import Annotated

import typer

from opskit.core.agreeing import agree
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import say, show_json
from opskit.patches.campaigns.options import CampaignArgument, YesOption

app = group(_("The end of a campaign."))


@app.command(
    "close",
    help=_("Close a campaign all of whose preparations have ended."),
    epilog=examples(
        "opskit patch campaign close C3",
        'opskit patch campaign close C3 --reason "everybody runs 12.4"',
    ),
)
def close(
    ctx: typer.Context,
    number: CampaignArgument,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=_("What is to be remembered."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.patches.campaigns.presenting import campaign_row
    from opskit.patches.campaigns.services import changing, reading

    run = context(ctx)
    actor = run.identity()
    with run.transaction() as session:
        campaign = reading.find_campaign(session, number)
        changing.close(session, campaign, reason=reason, at=run.now(), actor=actor)
        row = campaign_row(reading.line_of(session, campaign))
    if as_json:
        show_json(row)
    else:
        say(_("{campaign} is closed").format(campaign=campaign.name))


@app.command(
    "cancel",
    help=_("Give a campaign up, with every preparation that is open; ended ones stay."),
    epilog=examples('opskit patch campaign cancel C3 --reason "12.5 comes instead"'),
)
def cancel(
    ctx: typer.Context,
    number: CampaignArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why."))],
    ticket: TicketOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.refs import TicketKey
    from opskit.patches.campaigns.presenting import campaign_row
    from opskit.patches.campaigns.services import changing, reading

    run = context(ctx)
    actor = run.identity()
    key = TicketKey.parse(ticket) if ticket else None
    with run.snapshot() as session:
        campaign = reading.find_campaign(session, number)
        changing.require_open(campaign)
        still_open = reading.line_of(session, campaign).open
    question = _("Cancel {campaign} and its open preparations ({count})?")
    agree(question.format(campaign=campaign.name, count=still_open), yes=yes)
    with run.transaction() as session:
        campaign = reading.find_campaign(session, number)
        count = changing.cancel(
            session, campaign, reason=reason, at=run.now(), actor=actor, ticket=key
        )
        row = campaign_row(reading.line_of(session, campaign))
    if as_json:
        show_json(row)
    else:
        say(
            _("{campaign} was cancelled, with open preparations: {count}").format(
                campaign=campaign.name, count=count
            )
        )
