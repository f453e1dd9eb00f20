"""opskit patch campaign: a table of commands, each module imported when it is typed."""

from opskit.core.cliapp import group
from opskit.core.i18n import _
from opskit.core.rooms import rooms

COMMANDS = {
    "create": "opskit.patches.campaigns.planning_cli",
    "list": "opskit.patches.campaigns.reading_cli",
    "show": "opskit.patches.campaigns.reading_cli",
    "board": "opskit.patches.campaigns.board_cli",
    "add": "opskit.patches.campaigns.planning_cli",
    "replan": "opskit.patches.campaigns.replanning_cli",
    "close": "opskit.patches.campaigns.ending_cli",
    "cancel": "opskit.patches.campaigns.ending_cli",
}

room = rooms(_("One version for many clients: the dates, the board, the end."), COMMANDS)
app = group(_("Campaigns."))
app.add_typer(room, name="campaign")
