"""What KeePassXC exports as CSV: every text in quotes, the root group before each group."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from opskit.core.i18n import _
from opskit.core.tabular import records_in
from vault.importing.otp import from_otp_field
from vault.importing.records import (
    GroupsByReading,
    Leftover,
    Record,
    is_recycled,
    moment_of,
    secret_or_none,
)

HEADER = ("Group", "Title", "Username", "Password", "URL", "Notes")
MODIFIED = "Last Modified"


class KeePassXCFile(GroupsByReading):
    """A text in this form: a `Source`."""

    format = "keepassxc-csv"

    def __init__(self, path: Path, text: str) -> None:
        self.skipped = 0
        self._path = path
        self._text = text

    def __iter__(self) -> Iterator[Record | Leftover]:
        self.skipped = 0
        records = records_in(self._text, ",")
        header = next(records).cells
        for each in records:
            if not any(each.cells) and not each.fault:
                continue
            if each.fault or len(each.cells) != len(header):
                # What stands in a broken row may be a password: its line has to be enough.
                yield broken_row(self._path, each.line, each.fault)
                continue
            record = _record(dict(zip(header, each.cells, strict=True)))
            if is_recycled(record.group):
                self.skipped += 1
            else:
                yield record


def is_keepassxc(header: tuple[str, ...]) -> bool:
    return header[: len(HEADER)] == HEADER


def broken_row(path: Path, line: int, fault: str | None) -> Leftover:
    reason = fault or _("it has more or fewer cells than the first line")
    return Leftover((), _("{file}, line {line}").format(file=path.name, line=line), reason)


def _record(cells: Mapping[str, str]) -> Record:
    seed = cells.get("TOTP", "")
    return Record(
        group=tuple(cells["Group"].split("/")[1:]),
        title=cells["Title"],
        username=cells["Username"],
        password=secret_or_none(cells["Password"]),
        url=cells["URL"],
        note=secret_or_none(cells["Notes"]),
        totp=secret_or_none(from_otp_field(seed) if seed else None),
        modified=moment_of(cells.get(MODIFIED)),
    )
