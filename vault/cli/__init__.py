"""opskit vault: the digital safe. A table of commands, each module imported when it is typed."""

from opskit.core.cliapp import rooms
from opskit.core.i18n import _

COMMANDS = {
    "find": "vault.cli.finding",
    "list": "vault.cli.finding",
    "show": "vault.cli.reading",
    "get": "vault.cli.reading",
    "add": "vault.cli.adding",
    "provision": "vault.cli.provisioning",
    "database": "vault.cli.provisioning",
}

app = rooms(_("The digital safe: client credentials."), COMMANDS)
