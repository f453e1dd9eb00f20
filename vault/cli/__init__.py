"""opskit vault: the digital safe. A table of commands, each module imported when it is typed."""

from opskit.core.i18n import _
from opskit.core.rooms import rooms

COMMANDS = {
    "find": "vault.cli.finding",
    "list": "vault.cli.finding",
    "tree": "vault.cli.finding",
    "sheet": "vault.cli.finding",
    "show": "vault.cli.reading",
    "get": "vault.cli.reading",
    "totp": "vault.cli.using",
    "connect": "vault.cli.connecting",
    "run": "vault.cli.running",
    "generate": "vault.cli.using",
    "add": "vault.cli.adding",
    "set": "vault.cli.changing",
    "edit": "vault.cli.editing",
    "note": "vault.cli.files",
    "attach": "vault.cli.files",
    "save": "vault.cli.files",
    "rotate": "vault.cli.changing",
    "history": "vault.cli.versions",
    "diff": "vault.cli.versions",
    "restore": "vault.cli.versions",
    "refresh": "vault.cli.versions",
    "move": "vault.cli.removing",
    "remove": "vault.cli.removing",
    "undelete": "vault.cli.removing",
    "purge": "vault.cli.removing",
    "share": "vault.cli.sharing",
    "receive": "vault.cli.sharing",
    "intake": "vault.cli.intake",
    "access-report": "vault.cli.accounting",
    "exposure": "vault.cli.accounting",
    "health": "vault.cli.caring",
    "check": "vault.cli.caring",
    "break-glass": "vault.cli.breakglass",
    "import": "vault.cli.importing",
    "export": "vault.cli.importing",
    "provision": "vault.cli.provisioning",
    "database": "vault.cli.provisioning",
}

app = rooms(_("The digital safe: client credentials."), COMMANDS)
