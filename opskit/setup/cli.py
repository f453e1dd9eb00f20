"""opskit init, doctor, upgrade and backup: a home from its first minute on."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from opskit.core.cliapp import ask, context, examples, single
from opskit.core.errors import CheckFailedError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, PasswordFileOption
from opskit.core.output import data, say, show_json
from opskit.core.screen import screen_of

init_app = single()
doctor_app = single()
upgrade_app = single()
backup_app = single()


@init_app.command(
    "init",
    help=_(
        "Make a home: a safe on this machine, a database, and a first admin with every role. "
        "Interrupted, it is simply run again. With --team, only note where the team's safe is."
    ),
    epilog=examples(
        "opskit init --admin alice",
        "printf 'a long passphrase' | opskit init --admin alice --password-file -",
        "opskit init --team --vault-address https://vault.example:8200 "
        "--database-url postgresql+psycopg://db.example/opskit --database-logins",
    ),
)
def init(
    ctx: typer.Context,
    admin: Annotated[
        str | None, typer.Option("--admin", metavar="LOGIN", help=_("The first admin's login."))
    ] = None,
    password_file: PasswordFileOption = None,
    keep_in: Annotated[
        str | None,
        typer.Option(
            "--keep-in",
            help=_(
                "Where the unseal key and the login are kept: keyring (if there is one) or file."
            ),
        ),
    ] = None,
    team: Annotated[
        bool, typer.Option("--team", help=_("Use the team's own Vault or OpenBao."))
    ] = False,
    vault_address: Annotated[
        str, typer.Option("--vault-address", metavar="URL", help=_("With --team: its address."))
    ] = "",
    database_url: Annotated[
        str, typer.Option("--database-url", metavar="URL", help=_("With --team: the database."))
    ] = "",
    database_logins: Annotated[
        bool,
        typer.Option(
            "--database-logins", help=_("With --team: let the safe make logins to the database.")
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from dataclasses import asdict, replace

    from opskit.core.secret import read_secret
    from opskit.setup.first_admin import initialise
    from opskit.setup.places import require_new
    from opskit.setup.team import join_team
    from opskit.wiring import context_of

    run = context(ctx)
    require_new(run.home)  # before a password is asked for
    if keep_in not in (None, "keyring", "file"):
        raise UsageProblemError(
            _("--keep-in is keyring or file"), hint="opskit init --keep-in file"
        )
    settings = replace(run.settings, token_store=keep_in) if keep_in else run.settings
    if team:
        join_team(
            run.home,
            settings,
            vault_address=vault_address,
            database_url=database_url,
            database_logins=database_logins,
        )
        if as_json:
            show_json({"home": run.home.folder, "profile": "team"})
            return
        say(_("the home {folder} uses the team's safe").format(folder=run.home.folder))
        if database_logins:
            say(_("next: opskit login NAME; docs/setup.md has an admin's first steps for the team"))
            return
        say(_("next: opskit login NAME; the first time an admin also types:"))
        say("  opskit upgrade && opskit vault provision")
        return
    if admin is None:
        admin = _ask_for_admin()
    made = initialise(
        run.home,
        settings,
        admin=admin,
        password=read_secret(
            password_file, prompt=_("New password of {admin}").format(admin=admin), twice=True
        ),
        context_of=context_of,
        progress=say,
    )
    if as_json:
        show_json({**asdict(made), "home": run.home.folder})
        return
    data(made.address)
    say(_("the home is {folder}").format(folder=run.home.folder))
    if made.key_place == "file":
        say(_("no keyring is used: the safe's key and the login are in files only you can read"))
    say(_("{admin} is logged in, with every role").format(admin=made.admin))
    say(_("one forgotten password must not close the safe: opskit local recovery-key"))
    say(_("next: opskit doctor"))


@doctor_app.command(
    "doctor",
    help=_("Look whether everything is well; exit 8 when something is broken."),
    epilog=examples("opskit doctor", "opskit doctor --repair"),
)
def doctor(
    ctx: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help=_("First finish what was interrupted."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from dataclasses import asdict

    from opskit.core.health import Condition
    from opskit.setup import doctor as doctors
    from opskit.setup.report import report_lines

    run = context(ctx)
    mended = list(doctors.repair(run)) if repair else []
    found = [*mended, *doctors.examine(run)]
    if as_json:
        show_json([asdict(diagnosis) for diagnosis in found])
    else:
        alone = len(found) == 1  # then the error says what to type
        for line in report_lines(found, screen_of(sys.stdout), hints=not alone):
            data(line)
    broken = [each for each in found if each.condition is Condition.BROKEN]
    if broken:
        raise CheckFailedError(
            _those_that_need_you(list(dict.fromkeys(each.part for each in broken))),
            hint=broken[0].hint or "opskit doctor --repair",
        )


@upgrade_app.command(
    "upgrade",
    help=_("Back up the database and bring it up to date; with --check only look (exit 8)."),
    epilog=examples(
        "opskit upgrade --check",
        "opskit upgrade",
        "opskit upgrade --username opskit_vault --password-file -",
    ),
)
def upgrade(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help=_("Only look; exit 8 if needed."))] = False,
    username: Annotated[
        str | None,
        typer.Option(
            "--username",
            metavar="USER",
            help=_("A team's first upgrade: as this user, before the safe can make logins."),
        ),
    ] = None,
    password_file: PasswordFileOption = None,
    as_json: JsonOption = False,
) -> None:
    from sqlalchemy import Engine

    from opskit.core.secret import read_secret
    from opskit.setup import upgrading

    run = context(ctx)
    if username is None:
        engine = run.plug(Engine)
    else:
        password = read_secret(password_file, prompt=_("Password of {name}").format(name=username))
        engine = upgrading.open_as(run.settings, username=username, password=password)
    done = upgrading.plan(engine) if check else upgrading.upgrade(engine, run.home, at=run.now())
    if as_json:
        show_json(
            {"from": done.stored, "to": done.wanted, "needed": done.needed, "backup": done.backup}
        )
    elif not done.needed:
        data(_("the database is up to date ({revision})").format(revision=done.wanted))
    elif not check:
        data(
            _("upgraded from {stored} to {wanted}").format(
                stored=done.stored or "-", wanted=done.wanted
            )
        )
        if done.backup:
            say(_("the old one is kept: {file}").format(file=done.backup))
    if done.missing_roles:
        say(
            _("the database lacks the roles {roles}: docs/setup.md says who makes them").format(
                roles=" ".join(done.missing_roles)
            )
        )
    if check and done.needed:
        raise CheckFailedError(
            _("the database is at {stored}, this program wants {wanted}").format(
                stored=done.stored or "-", wanted=done.wanted
            ),
            hint="opskit upgrade",
        )


@backup_app.command(
    "backup",
    help=_("Copy the database into the home's folder backups; others may go on working."),
    epilog=examples("opskit backup", "opskit backup --out opskit-monday.db"),
)
def backup(
    ctx: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=_("Copy it into this new file instead.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from sqlalchemy import Engine

    from opskit.setup.backup import back_up

    run = context(ctx)
    made = back_up(run.plug(Engine), run.home, at=run.now(), out=out)
    if as_json:
        show_json({"backup": made})
        return
    data(str(made))
    say(_("the safe is not in it: docs/setup.md says what else to keep"))


def _those_that_need_you(parts: list[str]) -> str:
    names = ", ".join(parts)
    if len(parts) == 1:
        return _("1 part needs you: {part}").format(part=names)
    return _("{count} parts need you: {parts}").format(count=len(parts), parts=names)


def _ask_for_admin() -> str:
    if not sys.stdin.isatty():
        raise UsageProblemError(
            _("the first admin's login is missing"), hint="opskit init --admin alice"
        )
    return ask(_("Login of the first admin"), default="admin")
