"""From rows of a table to records, and what became of each: the same for every import."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from opskit.core.cells import Reader
from opskit.core.errors import OpsError
from opskit.core.i18n import _, colon
from opskit.core.tabular import Row

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; `row` where it is the row as a whole."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    row: Row
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return "; ".join(f"{colon(problem.field)} {problem.reason}" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class ParsedRow(Generic[Record]):
    row: Row
    record: Record


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The keys of what was added, changed or found unchanged, and the rows nobody could use."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    rejected: tuple[RejectedRow, ...]


def parse_rows(
    rows: Iterable[Row],
    readers: Mapping[str, Reader],
    make: Callable[..., Record],
    *,
    unique: Sequence[str],
) -> tuple[list[ParsedRow[Record]], list[RejectedRow]]:
    """Read every cell by its reader; a row with a problem, or a second one of a key, is rejected.

    All problems of a row are found at once, so that it has to be mended only once.
    """
    parsed: list[ParsedRow[Record]] = []
    rejected: list[RejectedRow] = []
    seen: dict[tuple[str, Any], int] = {}
    for row in rows:
        values, problems = _read_cells(row, readers)
        if not problems:
            problems = _repeated(values, unique, seen)
        if problems:
            rejected.append(RejectedRow(row, tuple(problems)))
            continue
        seen |= {(field, values[field]): row.line for field in unique}
        parsed.append(ParsedRow(row, make(**values)))
    return parsed, rejected


def _read_cells(row: Row, readers: Mapping[str, Reader]) -> tuple[dict[str, Any], list[Problem]]:
    if row.fault is not None:
        return {}, [Problem("row", row.fault)]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field, read in readers.items():
        try:
            values[field] = read(row.values[field])
        except OpsError as err:
            problems.append(Problem(field, err.message))
    return values, problems


def _repeated(
    values: Mapping[str, Any], unique: Sequence[str], seen: Mapping[tuple[str, Any], int]
) -> list[Problem]:
    return [
        Problem(
            field,
            _("{value} stands on line {line} already").format(
                value=values[field], line=seen[field, values[field]]
            ),
        )
        for field in unique
        if (field, values[field]) in seen
    ]
