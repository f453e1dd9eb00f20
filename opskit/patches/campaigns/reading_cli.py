"""opskit patch campaign list, show."""

import sys

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, show_json, show_rows
from opskit.core.screen import screen_of
from opskit.patches.campaigns.options import CampaignArgument

app = group(_("Campaigns, and who takes part."))


@app.command(
    "list",
    help=_("Every campaign, the open ones first."),
    epilog=examples("opskit patch campaign list", "opskit patch campaign list --json"),
)
def list_all(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from opskit.patches.campaigns.presenting import campaign_columns, campaign_row
    from opskit.patches.campaigns.services.reading import list_campaigns

    with context(ctx).snapshot() as session:
        rows = [campaign_row(line) for line in list_campaigns(session)]
    show_rows(
        rows,
        campaign_columns(),
        as_json=as_json,
        empty=_("there is no campaign yet"),
        spared=("capacity", "closed"),
    )


@app.command(
    "show",
    help=_("Who takes part in a campaign, by the day of the patch."),
    epilog=examples("opskit patch campaign show C3", "opskit patch campaign show C3 --json"),
)
def show(ctx: typer.Context, number: CampaignArgument, as_json: JsonOption = False) -> None:
    from opskit.patches.campaigns.presenting import campaign_row, member_columns, member_row
    from opskit.patches.campaigns.services import reading

    run = context(ctx)
    with run.snapshot() as session:
        campaign = reading.find_campaign(session, number)
        facts = campaign_row(reading.line_of(session, campaign))
        found = reading.members(session, campaign, on=run.today())
    rows = [member_row(each) for each in found]
    if as_json:
        show_json({**facts, "members": rows})
        return
    if screen_of(sys.stdout).width is not None:
        for line in (_about(facts), ""):
            data(line)
    show_rows(rows, member_columns(), spared=("from_version", "assignee"))


def _about(facts: dict[str, object]) -> str:
    from opskit.core.words import in_words

    parts = [
        str(facts["number"]),
        str(facts["version"]),
        _("{first} to {last}").format(first=facts["from"], last=facts["until"]),
        str(facts["capacity"]),
        in_words(str(facts["state"])),
        str(facts["query"] or ""),
    ]
    return "  ".join(part for part in parts if part)
