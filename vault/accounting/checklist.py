"""The checklist for the day somebody leaves: what they read, by client, with a box to tick."""

from collections.abc import Iterable, Sequence
from typing import Any

from opskit.core.i18n import _
from opskit.core.output import data, show_json
from opskit.core.screen import Screen, Tone
from opskit.core.tables import Cell
from vault.accounting.exposure import Exposed, Exposure
from vault.accounting.printing import local, table_of
from vault.store.metadata import GUARDED, MOUNT

KEYS = ("client", "ref", "kind", "read_at", "ticket", "rotated_at", "state")


def row_of(exposed: Exposed) -> dict[str, Any]:
    """The keys that `--json` promises."""
    read, entry = exposed.read, exposed.entry
    return {
        "client": read.client,
        "ref": read.entry,
        "guarded": read.mount == GUARDED,
        "kind": entry.facts.kind if entry else None,
        "read_at": read.at.isoformat(timespec="seconds"),
        "ticket": read.ticket,
        "rotated_at": (entry.stamps.rotated or None) if entry else None,
        "state": exposed.state.value,
    }


def show_checklist(exposed: Sequence[Exposed], *, as_json: bool, screen: Screen) -> None:
    """JSON, plain lines in a pipe, or on a terminal a page to work through."""
    rows = [row_of(each) for each in exposed]
    if as_json:
        show_json(rows)
    elif screen.width is None:
        for row in rows:
            data("\t".join(str(row[key] or "") for key in KEYS))
    else:
        gone = [row for row in rows if row["state"] == Exposure.GONE]
        for line in _page([row for row in rows if row not in gone], gone, screen):
            data(line)


def rotatable(exposed: Iterable[Exposed]) -> list[str]:
    """What `opskit vault rotate` can begin with: not what waits for a confirmation already."""
    return [
        each.read.entry
        for each in exposed
        if each.state in {Exposure.OPEN, Exposure.EARLY} and each.read.mount == MOUNT
    ]


def _page(
    rows: Sequence[dict[str, Any]], gone: Sequence[dict[str, Any]], screen: Screen
) -> list[str]:
    lines = table_of(_columns(rows), _labels(), screen)
    if gone:
        heading = _("No longer in the safe under this name; the client's system may still take it")
        lines += [""] * bool(lines) + [screen.paint(heading, Tone.HEADING)]
        lines += table_of(_columns(gone), _labels(), screen)
    return lines


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Cell]]:
    clients = [row["client"] for row in rows]
    first = [client not in clients[:place] for place, client in enumerate(clients)]
    return {
        "client": [
            Cell(client if is_first else "", Tone.HEADING)
            for client, is_first in zip(clients, first, strict=True)
        ],
        "ref": [Cell(f"[ ] {_name(row)}") for row in rows],
        "kind": [Cell(row["kind"] or "") for row in rows],
        "read_at": [Cell(local(row["read_at"])) for row in rows],
        "ticket": [Cell(row["ticket"]) for row in rows],
        "rotated_at": [_rotated(row) for row in rows],
    }


def _name(row: dict[str, Any]) -> str:
    """Below its client an entry is called by the rest of its name."""
    name = str(row["ref"]).partition("/")[2] or str(row["ref"])
    return _("{entry} (guarded)").format(entry=name) if row["guarded"] else name


def _rotated(row: dict[str, Any]) -> Cell:
    if row["state"] == Exposure.PENDING:
        return Cell(_("begun, not confirmed"), Tone.DOUBT)
    if row["state"] == Exposure.EARLY:
        return Cell(_("{at}, begun before").format(at=local(row["rotated_at"])), Tone.DOUBT)
    if row["state"] == Exposure.GONE:
        return Cell("")
    return Cell(local(row["rotated_at"])) if row["rotated_at"] else Cell(_("never"), Tone.BAD)


def _labels() -> dict[str, str]:
    return {
        "client": _("Client"),
        "ref": _("Entry"),
        "kind": _("Kind"),
        "read_at": _("Last read"),
        "ticket": _("Ticket"),
        "rotated_at": _("Rotated"),
    }
