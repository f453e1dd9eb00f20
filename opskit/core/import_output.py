"""What `client import` and `staff import` say: the counts, and one line for each rejected row."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.importing import ImportReport
from opskit.core.output import data, say, show_json
from opskit.core.tabular import Table, keep_rejected


class RejectedRowsError(InvalidError):
    """Some rows were rejected; the others were imported."""

    reference = "rejected-rows"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One import, done or only tried."""

    table: Table
    report: ImportReport
    rejected_file: Path | None
    dry_run: bool


def keep(table: Table, report: ImportReport, *, dry_run: bool) -> Outcome:
    """Put the rejected rows beside the input; before the commit, so that no row is ever lost."""
    rejected_file = None
    if report.rejected and not dry_run:
        rejected_file = keep_rejected(table, [each.row for each in report.rejected])
    return Outcome(table, report, rejected_file, dry_run)


def show(outcome: Outcome, *, as_json: bool, more: dict[str, Any] | None = None) -> None:
    """Print the outcome.

    JSON keys: `file`, `dry_run`, `added`, `changed`, `unchanged` (lists of keys), `rejected`
    (a list of `line` and `problems`, each with `field` and `reason`), `rejected_file`, and
    what the caller adds.

    Raises:
        RejectedRowsError: at the end, when there was one.
    """
    report = outcome.report
    for each in report.rejected:
        say(f"{outcome.table.path}:{each.row.line}: {each}")
    if outcome.table.ignored:
        say(_("columns not used: {columns}").format(columns=", ".join(outcome.table.ignored)))
    if as_json:
        show_json({**_facts(outcome), **(more or {})})
    else:
        data(_counts(report))
    if outcome.dry_run:
        say(_("this was a trial; nothing was stored"))
    elif not report.added and not report.changed and not report.rejected:
        say(_("every row was known already"))
    if report.rejected:
        raise _rejected(outcome)


def _counts(report: ImportReport) -> str:
    return _("{added} added, {changed} changed, {unchanged} unchanged, {rejected} rejected").format(
        added=len(report.added),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
        rejected=len(report.rejected),
    )


def _facts(outcome: Outcome) -> dict[str, Any]:
    report = outcome.report
    return {
        "file": str(outcome.table.path),
        "dry_run": outcome.dry_run,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "rejected": [
            {
                "line": each.row.line,
                "problems": [{"field": p.field, "reason": p.reason} for p in each.problems],
            }
            for each in report.rejected
        ],
        "rejected_file": None if outcome.rejected_file is None else str(outcome.rejected_file),
    }


def _rejected(outcome: Outcome) -> RejectedRowsError:
    message = _("{count} of {total} rows were rejected; the others are fine").format(
        count=len(outcome.report.rejected), total=len(outcome.table.rows)
    )
    if outcome.rejected_file is None:
        return RejectedRowsError(message, hint=_("mend these lines before you import the file"))
    return RejectedRowsError(
        message,
        hint=_("mend {file} and import it in the same way").format(file=outcome.rejected_file),
    )
