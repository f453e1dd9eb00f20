"""opskit vault note, attach, save: what does not fit on a line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret, read_secret
from vault.cli.asking import change_entry, show_change
from vault.cli.editing import edited
from vault.cli.options import RefArgument
from vault.entries import EntryRef, EntryValue
from vault.errors import no_field
from vault.getting import reason_for
from vault.kinds import NOTE
from vault.ports import EntryStore

if TYPE_CHECKING:
    from vault.changing.writing import Write

app = group(_("Notes and files of an entry."))


@app.command(
    "note",
    help=_("Print the note of an entry; with --edit or --file change it."),
    epilog=examples(
        "opskit vault note DELEZE/common/vpn --ticket CS-1001",
        "opskit vault note DELEZE/common/vpn --edit",
        "opskit vault note DELEZE/common/vpn --file how-to-connect.txt",
    ),
)
def note(
    ctx: typer.Context,
    ref: RefArgument,
    edit: Annotated[bool, typer.Option("--edit", help=_("Change it in your editor."))] = False,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="FILE", help=_("Take it from FILE, or - for stdin.")),
    ] = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    if edit and file is not None:
        raise UsageProblemError(
            _("--edit and --file exclude each other"), hint=_("leave one of them away")
        )
    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    key = reason_for(run, ticket)
    if edit:
        show_change(*edited(run, entry, key, only_note=True), as_json=as_json)
    elif file is not None:
        text = read_secret(file, prompt=NOTE, option="--file")
        show_change(*_stored(run, entry, NOTE, text, key), as_json=as_json)
    else:
        found = _kept(run, entry, NOTE, key).reveal()
        if as_json:
            show_json({"ref": entry.path, "note": found})
        else:
            data(found)


@app.command(
    "attach",
    help=_("Keep a file in an entry, such as an .ovpn or a certificate."),
    epilog=examples("opskit vault attach DELEZE/common/vpn client.ovpn --ticket CS-1001"),
)
def attach(
    ctx: typer.Context,
    ref: RefArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file to keep."))],
    name: Annotated[
        str | None, typer.Option("--name", help=_("What it is called there; by default as here."))
    ] = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.changing.attaching import field_of, read_file

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    field, content = field_of(name or file.name), read_file(file)
    write, version = _stored(run, entry, field, content, reason_for(run, ticket))
    show_change(write, version, as_json=as_json)


@app.command(
    "save",
    help=_("Write a file that an entry keeps, for you alone; nothing is overwritten."),
    epilog=examples(
        "opskit vault save DELEZE/common/vpn client.ovpn --out client.ovpn --ticket CS-1001"
    ),
)
def save(
    ctx: typer.Context,
    ref: RefArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("The file, as `show` calls it."))],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write it."))],
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.private_files import require_place, write_asked_for
    from vault.changing.attaching import content_of, field_of

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    field, key = field_of(name), reason_for(run, ticket)
    require_place(out)
    content = content_of(_kept(run, entry, field, key))
    is_new = write_asked_for(out, content)
    if as_json:
        show_json({"ref": entry.path, "file": str(out), "bytes": len(content)})
    elif is_new:
        say(_("{file} written; remove it when it is no longer needed").format(file=out))
    else:
        say(_("{file} holds the same already").format(file=out))


def _kept(run: AppContext, entry: EntryRef, field: str, key: TicketKey | None) -> Secret:
    """Raises EntryNotFoundError, NotFoundError: the entry keeps no such field."""
    from vault.changing.changes import read_newest

    secrets = read_newest(run.plug(EntryStore), entry, key).secrets
    if field not in secrets:
        raise no_field(entry.path, field, list(secrets))
    return secrets[field]


def _stored(
    run: AppContext, entry: EntryRef, field: str, content: Secret, key: TicketKey | None
) -> "tuple[Write, int]":
    from vault.changing.changes import next_version

    def change(read: EntryValue) -> "Write":
        return next_version(entry, read, facts={}, secrets={field: content}, ticket=key)

    return change_entry(run, entry, key, change)
