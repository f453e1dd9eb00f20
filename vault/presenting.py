"""How entries look: labels, columns, rows."""

import sys
from collections.abc import Iterable

from opskit.core.i18n import _
from opskit.core.output import show_rows
from opskit.core.screen import screen_of
from vault.finding.index_file import Row
from vault.kinds import FIELDS

COLUMNS = ("ref", "kind", "host", "port", "username", "url", "tags", "guarded")
ON_A_TERMINAL = ("ref", "kind", "address", "username", "guarded")


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


def address_of(row: Row) -> str:
    """Where it is, in one word: `host:port`, the host, or else its page."""
    if not row["host"]:
        return str(row["url"])
    return f"{row['host']}:{row['port']}" if row["port"] else str(row["host"])


def show_entries(rows: Iterable[Row], *, as_json: bool) -> None:
    """A line an entry; on a terminal only what tells entries apart, so that a line has room."""
    known = labels() | {"guarded": _("Guarded"), "address": labels()["host"]}
    wanted = COLUMNS if screen_of(sys.stdout).width is None else ON_A_TERMINAL
    columns = {key: known[key] for key in wanted}
    shown = [row if as_json else _shown(row) for row in rows]
    show_rows(shown, columns, as_json=as_json)


def _shown(row: Row) -> Row:
    return {**row, "address": address_of(row), "guarded": row["guarded"] or ""}
