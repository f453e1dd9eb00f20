"""How entries look: labels, columns, rows."""

from collections.abc import Iterable

from opskit.core.i18n import _
from opskit.core.output import show_rows
from vault.entries import Entry
from vault.kinds import FIELDS

COLUMNS = ("ref", "kind", "host", "port", "username", "url", "tags")


def labels() -> dict[str, str]:
    """What each key of `Entry.to_row` is called on the page of one entry."""
    return {
        "ref": _("Entry"),
        "kind": _("Kind"),
        **{name: field.label() for name, field in FIELDS.items()},
        "tags": _("Tags"),
        "holds": _("Holds"),
        "rotated_at": _("Rotated"),
        "pending_since": _("New password waits since"),
        "checked_at": _("Checked"),
        "check": _("Check"),
        "version": _("Version"),
        "updated_at": _("Changed"),
    }


def show_entries(entries: Iterable[Entry], *, as_json: bool) -> None:
    """A table of entries, without what is worth no column."""
    known = labels()
    columns = {key: known[key] for key in COLUMNS}
    show_rows([entry.to_row() for entry in entries], columns, as_json=as_json)
