"""opskit license: licence keys. A table of commands, each module imported when it is typed."""

from opskit.core.i18n import _
from opskit.core.rooms import rooms

COMMANDS = {
    "request": "licenses.cli.requesting",
    "approve": "licenses.cli.deciding",
    "reject": "licenses.cli.deciding",
    "withdraw": "licenses.cli.deciding",
    "issue": "licenses.cli.issuing",
    "verify": "licenses.cli.verifying",
    "list": "licenses.cli.reading",
    "show": "licenses.cli.reading",
    "catalog": "licenses.cli.reading",
    "publish-keys": "licenses.cli.publishing",
}

app = rooms(
    _("Licence keys: requested, approved by a second person, signed in the safe."), COMMANDS
)
