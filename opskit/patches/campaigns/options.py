"""What several commands of campaigns take."""

from typing import Annotated

import typer

from opskit.core.i18n import _
from opskit.patches.campaigns.completion import complete_campaign

CampaignArgument = Annotated[
    str,
    typer.Argument(
        metavar="CAMPAIGN",
        autocompletion=complete_campaign,
        help=_("The campaign's number, such as C3."),
    ),
]
FromOption = Annotated[
    str, typer.Option("--from", metavar="DATE", help=_("The first day on which a patch may be."))
]
TemplateOption = Annotated[
    str | None, typer.Option("--template", metavar="ID", help=_("Another published template."))
]
YesOption = Annotated[bool, typer.Option("--yes", help=_("Do not ask."))]
