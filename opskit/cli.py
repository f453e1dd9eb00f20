"""The front door: a table of names, each group loaded only when it is used."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import AppRef, RootGroup, examples
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.output import say

if TYPE_CHECKING:
    from opskit.core.context import AppContext

PATIENCE = 1.0  # seconds; whoever typed nothing else wants no more than a glance


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
        "todo": AppRef("opskit.todo.cli", lambda: _("What waits for somebody.")),
        "remind": AppRef(
            "opskit.todo.remind_cli", lambda: _("Tell everybody what waits for them, once.")
        ),
        "client": AppRef("opskit.clients.cli", lambda: _("The client companies.")),
        "vault": AppRef("vault.cli", lambda: _("The digital safe: client credentials.")),
        "license": AppRef(
            "licenses.cli", lambda: _("Licence keys: request, approve, issue, verify.")
        ),
        "checklist": AppRef(
            "opskit.checklists.cli",
            lambda: _("Any checklist by itself, and the templates of all of them."),
        ),
        "patch": AppRef("opskit.patches.cli", lambda: _("Patch preparation that checks itself.")),
        "calendar": AppRef(
            "opskit.calendar.cli", lambda: _("Closures and half days beside the public holidays.")
        ),
        "onboarding": AppRef(
            "onboarding.cli", lambda: _("New consultants: paths, steps, the board.")
        ),
        "staff": AppRef("opskit.staff.cli", lambda: _("The people of the team.")),
        "user": AppRef("opskit.staff.user_cli", lambda: _("Logins and roles.")),
        "audit": AppRef("opskit.audit.cli", lambda: _("The event log, and the proof of it.")),
    }

    def parse_args(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 (as Typer has it)
        """A bare `opskit` on a terminal shows what waits for whoever sits before it."""
        if not args and not ctx.resilient_parsing and _own_list_was_shown(ctx.obj):
            raise typer.Exit
        return super().parse_args(ctx, args)


def _own_list_was_shown(run: "AppContext") -> bool:
    """False where nobody sits there, or nobody is logged in, or the safe does not say who."""
    sits_there = all(each and each.isatty() for each in (sys.stdin, sys.stdout))
    if not sits_there or not run.home.ready_marker.exists():
        return False
    from opskit.todo.own import show_own
    from opskit.wiring import context_of
    from vault.ports import LoginTokens

    hasty = replace(run.settings, vault_timeout=min(PATIENCE, run.settings.vault_timeout))
    door = context_of(run.home, hasty, must_be_complete=True)
    try:
        if door.plug(LoginTokens).load() is None:
            return False
        show_own(door)
    except OpsError as err:
        say(_("without your list: {reason}").format(reason=err.message) + "\n")
        return False
    return True


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
