"""opskit vault import, export: files of other password keepers."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group, says_yes
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.errors import (
    DeniedError,
    NotFoundError,
    OpsError,
    UnavailableError,
    UsageProblemError,
)
from opskit.core.i18n import _
from opskit.core.options import DryRunOption, JsonOption, PasswordFileOption, TicketOption
from opskit.core.output import say, show_json
from opskit.core.secret import read_secret
from vault.errors import LoginNeededError
from vault.importing.records import FORMATS
from vault.ports import EntryStore

if TYPE_CHECKING:
    from vault.importing.matching import Directory
    from vault.importing.records import Source
    from vault.importing.settling import Manner
    from vault.importing.storing import Storing
    from vault.importing.survey import Survey

app = group(_("Files of other password keepers."))


@app.command(
    "import",
    help=_(
        "Bring the entries of a KeePass, KeePassXC, Bitwarden or CSV file into the safe. "
        "What is there already stays; what finds no place is reported."
    ),
    epilog=examples(
        "opskit vault import team.kdbx --dry-run",
        "opskit vault import team.kdbx --yes --password-file pass.txt --report left.csv",
        "opskit vault import bitwarden.json --update --ticket CS-1001",
        "opskit vault import access.csv --map client=Kunde,name=System,password=Passwort",
    ),
)
def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The file."))],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            autocompletion=choices(FORMATS),
            help=_("What it is, where that cannot be seen: ") + " ".join(FORMATS),
        ),
    ] = "auto",
    client: Annotated[
        str | None,
        typer.Option(
            "--client",
            metavar="CODE",
            autocompletion=complete_client,
            help=_("Everything belongs to this client."),
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--map",
            metavar="NAME=COLUMN,...",
            help=_("What the columns of a CSV file are: client env name kind username ..."),
        ),
    ] = None,
    password_file: PasswordFileOption = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help=_("The key file of a kdbx."))
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help=_("Write a next version of what differs."))
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help=_("Ask nothing: only clients that are named exactly."))
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help=_("Write what stays behind, as CSV.")),
    ] = None,
    ticket: TicketOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.private_files import require_free
    from vault.getting import reason_for
    from vault.importing.generic_csv import parse_map
    from vault.importing.opening import open_source, require_form
    from vault.importing.printing import conclude
    from vault.importing.settling import Manner

    run = context(ctx)
    if report is not None:
        require_free(report)  # before anything is done that it should tell of
    manner = Manner(update=update, dry_run=dry_run, ticket=reason_for(run, ticket))
    source = open_source(
        file,
        form=require_form(form),
        columns=parse_map(columns or ""),
        unlock=lambda path: _unlock(path, password_file, key_file),
    )
    storing = _import(run, file, source, manner, client=client, asking=not (yes or dry_run))
    conclude(storing.report, file=file, source=source, manner=manner, out=report, as_json=as_json)


def _import(
    run: AppContext,
    file: Path,
    source: "Source",
    manner: "Manner",
    *,
    client: str | None,
    asking: bool,
) -> "Storing":
    from opskit.core.progress import progress
    from vault.importing.placing import Placer
    from vault.importing.settling import Settler
    from vault.importing.storing import Storing, begin
    from vault.importing.survey import placed_of, survey
    from vault.provisioning.poles import REACH_ALL

    directory, code = _directory(run, client)
    found = survey(source, Placer(directory, client=code))
    agreed = _agree(found) if asking else {}
    placer = Placer(directory, client=code, agreed=agreed)
    store = run.plug(EntryStore)
    known, guarded = frozenset(store.names()), _guarded(run)
    intent = None if manner.dry_run else begin(run, store, file=file.name, ticket=manner.ticket)
    settler = Settler(
        store,
        known,
        manner,
        at=run.now(),
        guarded=guarded,
        reaches_all=not run.identity().roles.isdisjoint(REACH_ALL),
    )
    storing = Storing(run, settler, intent=intent)
    try:
        with progress(_("Importing"), found.count) as step:
            storing.store(placed_of(source, placer), step=step)
    except (UnavailableError, LoginNeededError) as err:
        raise _broken_off(storing, err) from err
    except KeyboardInterrupt:
        say("\n" + _how_far(storing))
        raise
    return storing


def _guarded(run: AppContext) -> frozenset[str]:
    """Refs of the guarded entries; none of a server without them, or where a role sees none."""
    from vault.breakglass.ports import GuardedReader

    try:
        return frozenset(each.ref.path for each in run.plug(GuardedReader).list_entries())
    except LoginNeededError:
        raise
    except (NotFoundError, DeniedError):
        return frozenset()


def _broken_off(storing: "Storing", err: OpsError) -> OpsError:
    return type(err)(
        f"{err.message}; {_how_far(storing)}",
        hint=_("{hint}, and then the same command again").format(hint=err.hint),
    )


def _how_far(storing: "Storing") -> str:
    from vault.importing.report import STORED

    return _("entries stored: {count}; typed again, the command goes on from there").format(
        count=storing.report.total(*STORED)
    )


def _directory(run: AppContext, client: str | None) -> "tuple[Directory, str | None]":
    from opskit.clients.services import find, list_clients
    from vault.importing.matching import Directory

    with run.snapshot() as session:
        code = None if client is None else find(session, client).code
        names = {each.code: each.name for each in list_clients(session)}
    if not names:
        raise NotFoundError(
            _("the directory knows no client yet"), hint="opskit client import FILE"
        )
    return Directory(names), code


def _agree(found: "Survey") -> dict[str, str | None]:
    """Ask for each folder whether it means the client that it resembles."""
    if found.guesses and not sys.stdin.isatty():
        raise UsageProblemError(
            _("stdin is no terminal, and folders that only resemble a client: {count}").format(
                count=len(found.guesses)
            ),
            hint=_("--yes leaves them out and reports them, --dry-run shows them"),
        )
    agreed: dict[str, str | None] = {}
    for guess, count in found.guesses.items():
        question = _("Is {folder} (entries: {count}) the client {code}, {name}?").format(
            folder=repr(guess.folder), count=count, code=guess.code, name=guess.name
        )
        agreed[guess.folder] = guess.code if says_yes(question, default=False) else None
    return agreed


def _unlock(path: Path, password_file: str | None, key_file: Path | None) -> "Source":
    """Open a kdbx; with a key file alone first, since most files with one have no password."""
    from vault.importing.keepass import WrongKeyError, open_keepass
    from vault.importing.opening import read_bytes

    key = None if key_file is None else read_bytes(key_file)
    if key is not None and password_file is None:
        try:
            return open_keepass(path, password=None, key=key)
        except WrongKeyError:
            if not sys.stdin.isatty():
                raise
    prompt = _("Password of {name}").format(name=path.name)
    return open_keepass(path, password=read_secret(password_file, prompt=prompt), key=key)


@app.command(
    "export",
    help=_(
        "Write all entries of clients into an encrypted KeePass file: for a client that leaves, "
        "or for the day when the safe cannot be reached."
    ),
    epilog=examples(
        "opskit vault export DELEZE --out deleze.kdbx --ticket CS-1001",
        "opskit vault export DELEZE PERRET --out both.kdbx --password-file pass.txt",
    ),
)
def export_file(
    ctx: typer.Context,
    clients: Annotated[
        list[str],
        typer.Argument(
            metavar="CLIENT...", autocompletion=complete_client, help=_("The clients' codes.")
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("The new file."))],
    password_file: PasswordFileOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from secrets import token_bytes

    from opskit.core.identity import require_role
    from opskit.core.private_files import require_free
    from vault.exporting.export import ROLES, export, guarded_of
    from vault.getting import reason_for

    run = context(ctx)
    reason = reason_for(run, ticket)
    require_role(run.identity(), *ROLES)  # before anybody types a password twice
    require_free(out)
    prompt = _("Password of the new file")
    outcome = export(
        run,
        clients=clients,
        out=out,
        password=read_secret(password_file, prompt=prompt, twice=True),
        ticket=reason,
        random=token_bytes,
    )
    counts, pending = outcome.counts, outcome.pending
    guarded = guarded_of(run, counts)
    if as_json:
        show_json({"file": str(out), "clients": counts, "guarded": guarded, "pending": pending})
        return
    if guarded:
        say(_("guarded, and so not in it: {names}").format(names=" ".join(guarded)))
    if pending:
        names = " ".join(pending)
        say(_("a new secret waits, and only the old one is in it: {names}").format(names=names))
    say(
        _("entries in {file}: {count}; whoever has its password can read them all").format(
            count=sum(counts.values()), file=out
        )
    )
