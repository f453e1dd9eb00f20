"""opskit license batch: many licences from one file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples, group, says_yes
from opskit.core.errors import ConflictError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from licenses.batching.checking import Preview
    from licenses.batching.reading import Sheet
    from licenses.models import LicenseBatch
    from opskit.core.context import AppContext

SHOWN_DOUBTS = 20
STDIN = "-"

app = group(_("Many licences from one file."))


@app.command(
    "batch",
    help=_("Ask for all licences of an Excel or CSV file; opskit license request makes the form."),
    epilog=examples(
        "opskit license batch requests.xlsx --dry-run",
        "opskit license batch requests.xlsx --digest SHA256",
        "opskit license batch requests.csv",
    ),
)
def batch(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("The Excel or CSV file, or - for stdin."))
    ],
    dry_run: DryRunOption = False,
    digest: Annotated[
        str | None,
        typer.Option(
            "--digest", metavar="SHA256", help=_("Only the file that --dry-run looked at.")
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.batching import asking, checking, reading
    from opskit.core.catalog import load_catalog
    from opskit.core.tabular import read_bytes

    run = context(ctx)
    content = sys.stdin.buffer.read() if str(file) == STDIN else read_bytes(file)
    sheet = reading.read(content, file, load_catalog(run.home), today=run.today())
    with run.snapshot() as session:
        preview = checking.check(session, sheet, today=run.today())
        made = asking.known(session, sheet.digest)
    _require_asked_digest(sheet, digest)
    if dry_run or preview.rejected or (made is None and sys.stdin.isatty()):
        _show(sheet, preview, made, dry_run=dry_run, as_json=as_json)
    if not dry_run:
        _finish(run, made or _agree_and_ask(run, sheet, digest=digest), made, as_json=as_json)


def _require_asked_digest(sheet: "Sheet", digest: str | None) -> None:
    """Raises ConflictError for another file than the one that was looked at."""
    if digest is not None and digest.strip().lower() != sheet.digest:
        raise ConflictError(
            _("{file} is not the file that was looked at: its digest is {digest}").format(
                file=sheet.table.path, digest=sheet.digest
            ),
            hint=f"opskit license batch {sheet.table.path} --dry-run",
        )


def _show(
    sheet: "Sheet",
    preview: "Preview",
    made: "LicenseBatch | None",
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """What the file asks for.

    Raises:
        WrongRowsError: at the end, where a row is wrong.
    """
    from licenses.batching.output import preview_facts, preview_lines, wrong_rows
    from licenses.folding import say_page
    from licenses.pages import page
    from opskit.core.refs import format_number

    for each in preview.rejected:
        say(f"{sheet.table.path}:{each.row.line}: {each}")
    if sheet.table.ignored:
        say(_("columns not used: {columns}").format(columns=", ".join(sheet.table.ignored)))
    for doubt in preview.doubts[:SHOWN_DOUBTS]:
        warning = _("warning: {doubt}").format(doubt=doubt.what)
        say(f"{sheet.table.path}:{doubt.line}: {warning}")
    if len(preview.doubts) > SHOWN_DOUBTS:
        say(_("further warnings: {count}").format(count=len(preview.doubts) - SHOWN_DOUBTS))
    if as_json and (dry_run or preview.rejected):
        show_json(preview_facts(sheet, preview, made))
    else:
        say_page(page(str(sheet.table.path), preview_lines(sheet, preview, made)))
    if preview.rejected:
        raise wrong_rows(sheet, preview)
    if dry_run:
        if not as_json:
            data(sheet.digest)
        say(_("this was a trial; nothing was stored; next:"))
        say(
            f"  opskit license show {format_number('B', made.number)}"
            if made
            else f"  opskit license batch {sheet.table.path} --digest {sheet.digest}"
        )


def _agree_and_ask(run: "AppContext", sheet: "Sheet", *, digest: str | None) -> "LicenseBatch":
    """Raises UsageProblemError where nobody is there to agree, and nobody did before."""
    from licenses.batching import asking, checking
    from licenses.batching.output import wrong_rows
    from opskit.core.progress import progress

    if digest is None:
        if not sys.stdin.isatty():
            raise UsageProblemError(
                _("{name} is missing").format(name=repr("--digest")),
                hint=f"opskit license batch {sheet.table.path} --dry-run",
            )
        if not says_yes(_("ask for them?"), default=False):
            raise typer.Abort
    actor = run.identity()
    with (
        progress(_("Requests"), len(sheet.asked)) as step,
        run.transaction() as session,
    ):
        preview = checking.check(session, sheet, today=run.today())
        if preview.rejected:  # a client that was there a moment ago
            raise wrong_rows(sheet, preview)
        return asking.ask(
            session,
            rows=preview.asked,
            digest=sheet.digest,
            file_name=sheet.table.path.name,
            at=run.now(),
            actor=actor,
            step=step,
        )


def _finish(
    run: "AppContext", made: "LicenseBatch", before: "LicenseBatch | None", *, as_json: bool
) -> None:
    """Name the batch; a file that was asked for before is only named."""
    from licenses.batching.output import batch_facts
    from licenses.batching.standing import kinds_of, standing
    from licenses.directory import Directory

    with run.snapshot() as session:
        found = standing(session, made.number)
        kinds = kinds_of(session, made.number)
        facts = batch_facts(found, kinds, Directory(session))
    if as_json:
        show_json(facts)
        return
    data(found.name)
    if before is not None:
        say(_("requested before; nothing was changed"))
        say(f"  opskit license show {found.name}")
        return
    say(_("requests: {count}; a second person types:").format(count=found.total))
    say(f"  opskit license approve {found.name}")
