"""Any other CSV file, once somebody says which column is what: `client=Kunde,name=System,...`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from opskit.core.errors import InvalidError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.core.tabular import Column, guess_delimiter, records_in
from vault.importing.keepassxc_csv import broken_row
from vault.importing.records import CustomField, GroupsByReading, Leftover, Record, secret_or_none
from vault.kinds import FIELDS, KINDS, NOTE, PASSWORD, TOTP_SEED

OWN = ("client", "env", "name", "kind", "tags", PASSWORD, TOTP_SEED, NOTE)
SECRETS = tuple(dict.fromkeys(name for kind in KINDS.values() for name in kind.secrets))
TARGETS = tuple(dict.fromkeys((*OWN, *FIELDS, *SECRETS)))


class MappedFile(GroupsByReading):
    """A text and what its columns mean: a `Source`. Other columns become fields of their own."""

    format = "csv"

    def __init__(self, path: Path, text: str, columns: Mapping[str, str]) -> None:
        """Raises InvalidError: a column of the map is not there."""
        self.skipped = 0
        self._path = path
        self._text = text
        wanted = [Column(name) for name in columns.values()]
        self._delimiter = guess_delimiter(text, wanted)
        header = next(records_in(text, self._delimiter)).cells
        self._header = tuple(cell.strip() for cell in header)
        self._targets = {column: target for target, column in columns.items()}
        missing = [name for name in columns.values() if name not in self._header]
        if missing:
            raise InvalidError(
                _("{file} has no column {name}").format(file=path, name=", ".join(missing)),
                hint=_("its columns: {names}").format(names=", ".join(self._header)),
            )

    def __iter__(self) -> Iterator[Record | Leftover]:
        records = records_in(self._text, self._delimiter)
        next(records)
        for each in records:
            if not any(each.cells) and not each.fault:
                continue
            if each.fault or len(each.cells) != len(self._header):
                yield broken_row(self._path, each.line, each.fault)
            else:
                yield self._record(each.cells)

    def _record(self, cells: tuple[str, ...]) -> Record:
        known: dict[str, str] = {}
        fields = []
        for column, cell in zip(self._header, cells, strict=True):
            target = self._targets.get(column)
            if target in OWN or target in ("username", "url"):
                known[str(target)] = cell
            elif cell and column:
                fields.append(CustomField(target or column, Secret(cell), target in SECRETS))
        own = {name: cell.strip() for name, cell in known.items() if name != PASSWORD}
        said = (CustomField(name, Secret(own[name])) for name in ("env", "kind") if own.get(name))
        return Record(
            group=(own["client"],) if own.get("client") else (),
            title=own.get("name", ""),
            username=own.get("username", ""),
            password=secret_or_none(known.get(PASSWORD)),
            url=own.get("url", ""),
            note=secret_or_none(own.get(NOTE)),
            totp=secret_or_none(own.get(TOTP_SEED)),
            fields=(*said, *fields),
            tags=tuple(own.get("tags", "").replace(",", " ").split()),
        )


def parse_map(text: str) -> dict[str, str]:
    """Read `client=Kunde,env=Umgebung,...` into our name -> their column.

    Raises:
        UsageProblemError: a name that we do not have, or one that comes twice.
    """
    columns: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        target, equals, column = (each.strip() for each in part.partition("="))
        if not equals or not column or target not in TARGETS or target in columns:
            raise UsageProblemError(
                _("--map cannot use {part}").format(part=repr(part)),
                hint=_("NAME=COLUMN, each NAME once: {names}").format(names=" ".join(TARGETS)),
            )
        columns[target] = column
    return columns


def map_needed(path: Path, header: tuple[str, ...]) -> UsageProblemError:
    """Of a CSV file in no form that we know."""
    return UsageProblemError(
        _("{file} is a CSV file with columns of its own: say what they are").format(file=path),
        hint=_("--map client=COLUMN,name=COLUMN,password=COLUMN; its columns: {names}").format(
            names=", ".join(header)
        ),
    )
