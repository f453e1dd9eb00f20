"""opskit license: licence keys. A table of commands, each module imported when it is typed."""

from opskit.core.i18n import _
from opskit.core.rooms import rooms

COMMANDS = {
    "request": "licenses.cli.requesting",
    "batch": "licenses.cli.batch",
    "approve": "licenses.cli.deciding",
    "reject": "licenses.cli.deciding",
    "withdraw": "licenses.cli.deciding",
    "issue": "licenses.cli.issuing",
    "countersign": "licenses.cli.countersigning",
    "deliver": "licenses.cli.delivering",
    "verify": "licenses.cli.verifying",
    "list": "licenses.cli.reading",
    "show": "licenses.cli.reading",
    "catalog": "licenses.cli.reading",
    "renew": "licenses.cli.following",
    "extend": "licenses.cli.following",
    "add-modules": "licenses.cli.following",
    "move": "licenses.cli.following",
    "revoke": "licenses.cli.following",
    "supersede": "licenses.cli.correcting",
    "emergency": "licenses.cli.emergency",
    "history": "licenses.cli.overview",
    "check": "licenses.cli.overview",
    "expiring": "licenses.cli.overview",
    "export": "licenses.cli.overview",
    "chart": "licenses.cli.overview",
    "register": "licenses.cli.register",
    "kit": "licenses.cli.kit",
    "keys": "licenses.cli.keys",
}

app = rooms(
    _("Licence keys: requested, approved by a second person, signed in the safe."), COMMANDS
)
