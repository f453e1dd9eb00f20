"""opskit vault add: a new entry."""

from collections.abc import Sequence
from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json
from opskit.core.secret import Secret, read_secret
from vault.cli.asking import new_secret, warn_of_way
from vault.cli.options import FactsGiven, GenerateOption, RefArgument, with_day, with_facts
from vault.entries import ENVIRONMENTS, EntryRef
from vault.facts import EntryFacts, check_tag
from vault.kinds import KINDS, NOTE, PASSWORD
from vault.ports import EntryStore

app = group(_("New entries."))


@app.command(
    "add",
    help=_("Put a new credential into the safe; an existing one is never overwritten."),
    epilog=examples(
        "opskit vault add DELEZE/prod/erp-db --kind database --host db.deleze.example "
        "--port 1521 --username SYSTEM",
        "opskit vault add DELEZE/common/vpn --kind vpn --field shared-key --password-file -",
        "opskit vault add DELEZE/common/fw --kind web --field password --field pin --generate",
    ),
)
@with_facts
def add(
    ctx: typer.Context,
    ref: RefArgument,
    kind: Annotated[
        str,
        typer.Option("--kind", autocompletion=choices(KINDS), help=_("One of: ") + " ".join(KINDS)),
    ],
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help=_("A word to find it by; may be repeated."))
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", help=_("Which secret; may be repeated, each is asked for.")),
    ] = None,
    password_file: Annotated[
        list[str] | None,
        typer.Option(
            "--password-file",
            metavar="FILE",
            help=_("Read the secret from FILE, or - for stdin; the first for the first --field."),
        ),
    ] = None,
    generate: GenerateOption = False,
    note_file: Annotated[
        str | None,
        typer.Option("--note-file", metavar="FILE", help=_("A note from FILE, or - for stdin.")),
    ] = None,
    as_json: JsonOption = False,
    *,
    facts: FactsGiven,
) -> None:
    from vault.changing.changes import explaining_taken, facts_of
    from vault.changing.naming import require_free
    from vault.changing.writing import Write, write_entry

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=ENVIRONMENTS)
    for each in tag or ():
        check_tag(each)
    said = facts_of({**with_day(run, facts), "kind": kind, "tags": " ".join(tag or ())})
    fields, files = field or [PASSWORD], password_file or []
    _require_sources(fields, files, note_file)
    store = run.plug(EntryStore)
    beside_guarded = require_free(run, store, entry)
    secrets = _secrets(said, fields, files, generate=generate)
    if note_file is not None:
        secrets[NOTE] = read_secret(note_file, prompt=NOTE, option="--note-file")
    with explaining_taken(store, entry):
        version = write_entry(run, store, Write(entry, said, secrets))
    warn_of_way(run, entry, said.via)
    if beside_guarded:
        say(
            _("until you type this every agent of the pole reads it: {command}").format(
                command=f"opskit vault break-glass guard {entry}"
            )
        )
    if as_json:
        show_json({"ref": entry.path, **said.to_metadata(), "version": version})
        return
    say(_("{entry} is in the safe, version {version}").format(entry=entry, version=version))


def _secrets(
    facts: EntryFacts, fields: Sequence[str], files: Sequence[str], *, generate: bool
) -> dict[str, Secret]:
    """One for each field, from its file, made up, or asked for."""
    sources = [*files, *[None] * (len(fields) - len(files))]
    return {
        name: new_secret(name, facts, (source, generate and source is None))
        for name, source in zip(fields, sources, strict=True)
    }


def _require_sources(fields: Sequence[str], files: Sequence[str], note_file: str | None) -> None:
    """Raises UsageProblemError."""
    if len(files) > len(fields) or [*files, note_file].count("-") > 1:
        raise UsageProblemError(
            _("there are more files than secrets, or stdin is named twice"),
            hint=_("one --password-file for each --field, in the same order"),
        )
