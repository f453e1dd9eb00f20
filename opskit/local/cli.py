"""opskit local: the embedded server of this home."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.config import require_home
from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.options import JsonOption, PasswordFileOption
from opskit.core.output import data, say, show_json, show_rows

app = group(_("The embedded server: a real OpenBao in the home folder."))


@app.command(
    "start",
    help=_("Start the server, or find it running."),
    epilog=examples("opskit local start"),
)
def start(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from opskit.local import services

    started = services.start(_safe_folder(context(ctx)))
    words = _("already running at {address}") if started.was_running else _("running at {address}")
    say(words.format(address=started.address))
    if as_json:
        show_json(asdict(started))


@app.command("stop", help=_("Stop the server."), epilog=examples("opskit local stop"))
def stop(ctx: typer.Context) -> None:
    from opskit.local import services

    say(_("stopped") if services.stop(_safe_folder(context(ctx))) else _("not running"))


@app.command(
    "status",
    help=_("Show where the server listens, and how it is."),
    epilog=examples("opskit local status", "opskit local status --json"),
)
def status(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from opskit.local import services

    facts = asdict(services.status(_safe_folder(context(ctx))))
    if as_json:
        show_json(facts)
        return
    columns = {
        "address": _("Address"),
        "running": _("Running"),
        "sealed": _("Sealed"),
        "pid": _("Process"),
        "version": _("Version"),
        "data": _("Data"),
    }
    show_rows([facts], columns)


@app.command(
    "logs",
    help=_("Show the end of the server's log."),
    epilog=examples("opskit local logs", "opskit local logs --lines 200"),
)
def logs(
    ctx: typer.Context,
    lines: Annotated[int, typer.Option("--lines", min=1, help=_("How many lines."))] = 50,
    as_json: JsonOption = False,
) -> None:
    from opskit.local import services

    found = services.log_lines(_safe_folder(context(ctx)), count=lines)
    if as_json:
        show_json(found)
        return
    for line in found:
        data(line)


@app.command(
    "recovery-key",
    help=_(
        "Make the recovery key and print it, this once. It opens no data; its holder can give"
        " an admin who forgot the password a new one, with 'opskit local recover'. Keep it on"
        " paper, away from this machine."
    ),
    epilog=examples("opskit local recovery-key"),
)
def recovery_key(ctx: typer.Context) -> None:
    from opskit.local import recovery
    from opskit.local.ports import AdminLogin
    from opskit.local.recording import record_key_made

    run = context(ctx)
    login = run.plug(AdminLogin)
    require_role(run.identity(), "admin")
    key = recovery.recovery_key(login.address(), login.token().reveal())
    data(key.reveal())
    record_key_made(run)
    say(_("This key is shown once. Write it down and lock it away from this machine."))
    say(_("When the last admin's password is forgotten: opskit local recover NAME"))


@app.command(
    "recover",
    help=_(
        "Give an admin who forgot the password a new one, with the recovery key. The key is"
        " asked for, or read from a file; so is the new password."
    ),
    epilog=examples(
        "opskit local recover alice",
        "opskit local recover alice --key-file key.txt --password-file -",
    ),
)
def recover(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(metavar="NAME", help=_("The admin's login."))],
    key_file: Annotated[
        str | None,
        typer.Option(
            "--key-file",
            metavar="FILE",
            help=_("Read the recovery key from FILE, or - for stdin."),
        ),
    ] = None,
    password_file: PasswordFileOption = None,
) -> None:
    from opskit.core.secret import read_secret
    from opskit.local import recovery
    from opskit.local.recording import record_recovered
    from opskit.local.state import find_address

    run = context(ctx)
    address = find_address(_safe_folder(run))
    if key_file == password_file == "-":
        raise UsageProblemError(
            _("stdin cannot be both the recovery key and the password"),
            hint=_("give a file for one of them"),
        )
    key = read_secret(key_file, prompt=_("Recovery key"), option="--key-file")
    password = read_secret(password_file, prompt=_("New password"), twice=True)
    recovery.let_in(address, key=key, login=login, password=password)
    record_recovered(run, login)
    say(_("{login} has a new password: opskit login {login}").format(login=login))


def _safe_folder(run: AppContext) -> Path:
    """Where the safe is, or would be; one that `opskit init` left half made can be asked too."""
    folder = run.home.safe_folder
    if not folder.is_dir():
        require_home(run.home)
    return folder
