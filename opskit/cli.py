"""The front door: a table of names, each group loaded only when it is used."""

from typing import Annotated

import typer

from opskit.core.cliapp import AppRef, RootGroup, examples
from opskit.core.i18n import _


class FrontDoor(RootGroup):
    """`opskit NAME ...`"""

    table = {  # noqa: RUF012 (declared as a ClassVar in RootGroup)
        "init": AppRef(
            "opskit.setup.cli", lambda: _("Make a home: safe, database, first admin."), "init_app"
        ),
        "doctor": AppRef(
            "opskit.setup.cli",
            lambda: _("Look whether everything is well, and mend it."),
            "doctor_app",
        ),
        "upgrade": AppRef(
            "opskit.setup.cli", lambda: _("Bring the database up to date."), "upgrade_app"
        ),
        "backup": AppRef("opskit.setup.cli", lambda: _("Copy the database."), "backup_app"),
        "local": AppRef("opskit.local.cli", lambda: _("The safe's own server on this machine.")),
        "login": AppRef("vault.login.cli", lambda: _("Log in to the safe."), "login_app"),
        "logout": AppRef(
            "vault.login.cli", lambda: _("Log out, and revoke the token."), "logout_app"
        ),
        "whoami": AppRef(
            "vault.login.cli", lambda: _("Who is logged in, with which roles."), "whoami_app"
        ),
        "todo": AppRef("opskit.todo", lambda: _("What waits for somebody.")),
        "client": AppRef("opskit.clients.cli", lambda: _("The client companies.")),
        "vault": AppRef("vault.cli", lambda: _("The digital safe: client credentials.")),
        "license": AppRef(
            "licenses.cli", lambda: _("Licence keys: request, approve, issue, verify.")
        ),
        "patch": AppRef("opskit.patches.cli", lambda: _("Patch preparation that checks itself.")),
        "onboarding": AppRef(
            "onboarding.cli", lambda: _("New consultants: paths, steps, the board.")
        ),
        "staff": AppRef("opskit.staff.cli", lambda: _("The people of the team.")),
        "user": AppRef("opskit.staff.user_cli", lambda: _("Logins and roles.")),
        "audit": AppRef("opskit.audit.cli", lambda: _("The event log, and the proof of it.")),
    }


def _version(wanted: bool) -> None:
    if wanted:
        from opskit import __version__
        from opskit.core.output import data

        data(__version__)
        raise typer.Exit


def front_door() -> typer.Typer:
    """Made after the settings are read, since they choose the language of the help."""
    root = typer.Typer(
        cls=FrontDoor,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
        no_args_is_help=True,
    )

    @root.callback(
        help=_("Operations of Customer Services: the safe, licence keys, patches, onboarding."),
        epilog=examples(
            "opskit init --admin alice",
            "opskit vault get DELEZE/prod/erp-db --ticket CS-1001",
            "opskit patch prepare DELEZE --to 12.4 --on 2027-01-20",
        ),
    )
    def front(
        version: Annotated[
            bool,
            typer.Option(
                "--version", callback=_version, is_eager=True, help=_("Print the version.")
            ),
        ] = False,
    ) -> None:
        del version

    return root
