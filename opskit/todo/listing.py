"""The list as lines, the way it is shown to whoever asks for it."""

from collections.abc import Sequence
from typing import Any

from opskit.core.i18n import _
from opskit.core.output import show_rows

SPARED = ("role", "person", "subject")  # on a narrow terminal, from the first on


def show_list(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    columns = {
        "due": _("Due"),
        "subject": _("Subject"),
        "client": _("Client"),
        "what": _("What"),
        "person": _("Person"),
        "role": _("Role"),
        "command": _("Command"),
    }
    show_rows(rows, columns, as_json=as_json, empty=_("nothing to do"), spared=SPARED)
