"""How entries look: labels, columns, rows."""

from collections.abc import Iterable

from opskit.core.i18n import _
from opskit.core.output import show_rows
from vault.finding.index_file import Row
from vault.kinds import FIELDS

COLUMNS = ("ref", "kind", "host", "port", "username", "url", "tags", "guarded")


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


def show_entries(rows: Iterable[Row], *, as_json: bool) -> None:
    """A table of what the index has, without what is worth no column."""
    known = labels() | {"guarded": _("Guarded")}
    columns = {key: known[key] for key in COLUMNS}
    shown = [row if as_json else {**row, "guarded": row["guarded"] or ""} for row in rows]
    show_rows(shown, columns, as_json=as_json)
