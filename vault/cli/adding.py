"""opskit vault add: a new entry."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption, PasswordFileOption
from opskit.core.output import say, show_json
from opskit.core.secret import read_secret
from vault.cli.options import FactsGiven, RefArgument, with_facts
from vault.entries import ENVIRONMENTS, EntryRef, check_secret_name
from vault.facts import EntryFacts
from vault.kinds import KINDS, PASSWORD
from vault.ports import EntryStore

app = group(_("New entries."))


@app.command(
    "add",
    help=_("Put a new credential into the safe; an existing one is never overwritten."),
    epilog=examples(
        "opskit vault add DELEZE/prod/erp-db --kind database --host db.deleze.example "
        "--port 1521 --username SYSTEM",
        "opskit vault add DELEZE/common/vpn --kind vpn --field shared-key --password-file -",
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
        str, typer.Option("--field", help=_("Which secret the password is."))
    ] = PASSWORD,
    password_file: PasswordFileOption = None,
    as_json: JsonOption = False,
    *,
    facts: FactsGiven,
) -> None:
    from vault.writing import Write, write_entry

    run = context(ctx)
    entry = EntryRef.parse(ref, environments=ENVIRONMENTS)
    said = EntryFacts(kind, tags=tuple(tag or ()), **facts)
    check_secret_name(field)
    secret = read_secret(password_file, prompt=_("Password"), twice=True)
    version = write_entry(run, run.plug(EntryStore), Write(entry, said, {field: secret}))
    if as_json:
        show_json({"ref": entry.path, **said.to_metadata(), "version": version})
        return
    say(_("{entry} is in the safe, version {version}").format(entry=entry, version=version))
