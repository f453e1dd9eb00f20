"""A file of requests and a batch, as facts for JSON and for a page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from licenses.batching.checking import Preview
from licenses.batching.reading import Sheet
from licenses.batching.standing import Standing
from licenses.directory import Directory
from licenses.errors import WrongRowsError
from licenses.models import LicenseBatch
from licenses.payload import LicenseKind
from opskit.core.i18n import _
from opskit.core.refs import format_number


def preview_facts(sheet: Sheet, preview: Preview, made: LicenseBatch | None) -> dict[str, Any]:
    """JSON keys of a file that was looked at."""
    return {
        "file": str(sheet.table.path),
        "digest": sheet.digest,
        "batch": format_number("B", made.number) if made else None,
        "requests": len(preview.asked),
        "clients": len({each.client for each in preview.asked}),
        "kinds": counted(Counter(each.wish.terms.kind for each in preview.asked)),
        "wrong": len(preview.rejected),
        "rejected": [
            {
                "line": each.row.line,
                "problems": [{"field": p.field, "reason": p.reason} for p in each.problems],
            }
            for each in preview.rejected
        ],
        "doubts": [{"line": each.line, "doubt": each.what} for each in preview.doubts],
    }


def preview_lines(
    sheet: Sheet, preview: Preview, made: LicenseBatch | None
) -> list[tuple[str, str]]:
    """The same as label and value."""
    facts = preview_facts(sheet, preview, made)
    return [
        *([(_("Asked for already"), facts["batch"])] if made else []),
        (_("Requests"), str(facts["requests"])),
        (_("Clients"), str(facts["clients"])),
        (_("Kinds"), in_a_line(facts["kinds"])),
        (_("Wrong rows"), str(facts["wrong"])),
        (_("Doubts"), str(len(facts["doubts"]))),
        (_("Digest"), sheet.digest),
    ]


def wrong_rows(sheet: Sheet, preview: Preview) -> WrongRowsError:
    return WrongRowsError(
        _("rows that are wrong: {wrong} of {rows}; nothing was asked for").format(
            wrong=len(preview.rejected), rows=sheet.rows
        ),
        hint=_("mend them in {file} and look again with --dry-run").format(file=sheet.table.path),
    )


def batch_facts(
    found: Standing, kinds: Mapping[LicenseKind, int], known: Directory
) -> dict[str, Any]:
    """JSON keys of a batch."""
    batch = found.batch
    return {
        "number": found.name,
        "file": batch.file_name,
        "digest": batch.digest,
        "requests": found.total,
        "states": {state.value: count for state, count in found.states.items()},
        "kinds": counted(kinds),
        "requested_by": batch.requested_by,
        "requested_by_name": known.name_of(batch.requested_by),
        "requested_at": batch.requested_at,
    }


def counted(kinds: Mapping[LicenseKind, int]) -> dict[str, int]:
    return {kind.value: kinds[kind] for kind in LicenseKind if kinds.get(kind)}


def in_a_line(counts: Mapping[str, int]) -> str:
    """`production 20, demo 3`."""
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def in_words(found: Standing) -> str:
    """How many are in which state, in the person's language."""
    return in_a_line({state.in_words(): count for state, count in found.states.items()})


def names(numbers: Iterable[int]) -> list[str]:
    return [format_number("R", number) for number in numbers]
