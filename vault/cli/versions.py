"""opskit vault history, diff, restore: what an entry was, and bringing it back."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import show_rows
from vault.cli.asking import change_entry, show_change
from vault.cli.options import RefArgument
from vault.entries import FILE_PREFIX, EntryRef, EntryValue
from vault.getting import reason_for
from vault.ports import EntryStore

if TYPE_CHECKING:
    from vault.changing.changes import Difference
    from vault.changing.writing import Write

app = group(_("Versions of an entry."))


@app.command(
    "history",
    help=_("List the versions of an entry: when, by whom, which fields. Removed entries too."),
    epilog=examples(
        "opskit vault history DELEZE/prod/erp-db", "opskit vault history DELEZE/common/vpn --json"
    ),
)
def history(ctx: typer.Context, ref: RefArgument, as_json: JsonOption = False) -> None:
    from vault.changing.versions import history as versions_of

    run = context(ctx)
    rows = versions_of(run, run.plug(EntryStore), EntryRef.parse(ref, environments=None))
    if not as_json:
        rows = [{**row, "when": _local(row["created_at"])} for row in rows]
    columns = {
        "version": _("Version"),
        "state": _("State"),
        "when": _("When"),
        "actor": _("Who"),
        "action": _("Action"),
        "ticket": _("Ticket"),
        "changed": _("Changed"),
    }
    show_rows(rows, columns, as_json=as_json)


@app.command(
    "diff",
    help=_("Show which fields differ between two versions; what is in them only with --reveal."),
    epilog=examples(
        "opskit vault diff DELEZE/prod/erp-db --ticket CS-1001",
        "opskit vault diff DELEZE/prod/erp-db --from 2 --to 5 --reveal",
    ),
)
def diff(
    ctx: typer.Context,
    ref: RefArgument,
    older: Annotated[
        int | None,
        typer.Option("--from", min=1, help=_("A version; by default the one before --to.")),
    ] = None,
    newer: Annotated[
        int | None, typer.Option("--to", min=1, help=_("A version; by default the newest."))
    ] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help=_("Print what is in the fields, secrets too."))
    ] = False,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.changing.changes import differences
    from vault.changing.removing import newest_version
    from vault.changing.versions import read_version

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    key, store = reason_for(run, ticket), run.plug(EntryStore)
    last = newer or newest_version(store, entry).number
    first = older or last - 1
    if not first:
        raise NotFoundError(
            _("{entry} has no version before the first").format(entry=entry),
            hint=f"opskit vault history {entry}",
        )
    before, after = (read_version(store, entry, number, key) for number in (first, last))
    rows = [_row(each, reveal=reveal) for each in differences(before, after)]
    columns = {"field": _("Field"), "change": _("Change")}
    if reveal:
        columns |= {"before": _("Before"), "after": _("After")}
    nothing = _("versions {first} and {last} are the same").format(first=first, last=last)
    show_rows(rows, columns, as_json=as_json, empty=nothing)


@app.command(
    "restore",
    help=_("Write the content of an older version as the newest one, and say what that changes."),
    epilog=examples("opskit vault restore DELEZE/prod/erp-db --version 2 --ticket CS-1001"),
)
def restore(
    ctx: typer.Context,
    ref: RefArgument,
    version: Annotated[int, typer.Option("--version", min=1, help=_("Which version comes back."))],
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.changing.versions import read_version, restoring

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    key, store = reason_for(run, ticket), run.plug(EntryStore)

    def change(read: EntryValue) -> "Write":
        old = read_version(store, entry, version, key)
        return restoring(run, entry, read, old, ticket=key)

    show_change(*change_entry(run, entry, key, change), as_json=as_json)


@app.command(
    "refresh",
    help=_("Let find and list see what another tool wrote into the safe, such as bao kv put."),
    epilog=examples("opskit vault refresh --ticket CS-1001"),
)
def refresh(ctx: typer.Context, ticket: TicketOption = None, as_json: JsonOption = False) -> None:
    from vault.changing.mirrors import find_lagging
    from vault.changing.mirrors import refresh as refresh_one

    run = context(ctx)
    key, store = reason_for(run, ticket), run.plug(EntryStore)
    rows = []
    for each in find_lagging(store):
        problem = refresh_one(run, store, each, ticket=key) or ""
        rows.append({"ref": each.ref.path, "version": each.version, "problem": problem})
    columns = {"ref": _("Entry"), "version": _("Version"), "problem": _("Problem")}
    show_rows(rows, columns, as_json=as_json, empty=_("everything is as it is found"))


def _row(each: "Difference", *, reveal: bool) -> dict[str, Any]:
    row = {"field": each.field, "change": each.what}
    if not reveal:
        return row
    before, after = (secret.reveal() for secret in (each.before, each.after))
    if each.field.startswith(FILE_PREFIX):  # nobody reads base64
        before, after = _size(before), _size(after)
    return {**row, "before": before, "after": after}


def _size(base64: str) -> str:
    count = len(base64) * 3 // 4 - base64.count("=")
    return _("{count} bytes").format(count=count) if base64 else ""


def _local(moment: str) -> str:
    """As the clock on the person's wall showed it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
