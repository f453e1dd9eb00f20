"""opskit login, logout, whoami: three commands that stand alone at the front door."""

import os
import sys
from typing import Annotated

import typer

from opskit.core.cliapp import ask, context, examples, single
from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_facts, show_json
from opskit.core.secret import Secret, read_secret
from vault.finding.index import forget_index
from vault.login.login_methods import Method, log_in_with_role
from vault.login.session import WhoAmI, keep, log_in, log_out, look_up
from vault.ports import DatabaseLogins, LastIdentity, Login
from vault.store.lean_store import anonymous_http, open_http

REDIRECT_PORT = 8250  # the one of the server's own command line: one redirect address serves both
NONCE_BYTES = 20

login_app, logout_app, whoami_app = single(), single(), single()


@login_app.command(
    "login",
    help=_(
        "Log in to the safe: with a password, in the browser (oidc), as a machine (approle), or"
        " with a token."
    ),
    epilog=examples(
        "opskit login bob",
        "opskit login bob --password-file -",
        "opskit login --method oidc",
        "opskit login --method approle 7d2f0c1e-59b1-4c5e-8f0a-1d2e3f4a5b6c --password-file FILE",
        "opskit login --method token --password-file -",
    ),
)
def login(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help=_("Your login; the role's id with approle; with oidc a role, if not the usual."),
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            "--method",
            help=_("userpass, oidc, approle or token; without it what the team has set."),
        ),
    ] = None,
    password_file: Annotated[
        str | None,
        typer.Option(
            "--password-file",
            metavar="FILE",
            help=_("Read the password, secret id or token from FILE, or - for stdin."),
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            help=_("oidc: where this machine waits for the browser's answer; 0 is any."),
        ),
    ] = REDIRECT_PORT,
    as_json: JsonOption = False,
) -> None:
    run = context(ctx)
    safe = run.plug(Login)  # before anything is asked: there may be no home here
    way = Method.parse(method or run.settings.login_method)
    match way:
        case Method.USERPASS:
            token = _by_password(run, _needed(name, _("Your login")), password_file)
        case Method.OIDC:
            token = _by_browser(run, name, port)
        case Method.APPROLE:
            token = _as_machine(run, _needed(name, _("The role's id")), password_file)
        case Method.TOKEN:
            token = read_secret(password_file, prompt=_("Token"))
    who = keep(safe, token, at=run.now())
    run.plug(LastIdentity).keep(token, who.identity)
    forget_index(run)  # it may be another person's
    if as_json:
        show_json(_row(who))
        return
    say(
        _("logged in as {name} until {time}, with the roles: {roles}").format(
            name=who.identity.name,
            time=who.expires_at.astimezone().strftime("%Y-%m-%d %H:%M") if who.expires_at else "-",
            roles=" ".join(sorted(who.identity.roles)) or "-",
        )
    )


def _by_password(run: AppContext, name: str, source: str | None) -> Secret:
    password = read_secret(source, prompt=_("Password"))
    with anonymous_http(run.plug(Login).connection) as http:
        return log_in(http, name=name, password=password, mount=_mount(run, Method.USERPASS))


def _as_machine(run: AppContext, role_id: str, source: str | None) -> Secret:
    secret_id = read_secret(source, prompt=_("Secret id"))
    with anonymous_http(run.plug(Login).connection) as http:
        return log_in_with_role(
            http, role_id=role_id, secret_id=secret_id, mount=_mount(run, Method.APPROLE)
        )


def _by_browser(run: AppContext, role: str | None, port: int) -> Secret:
    from secrets import token_urlsafe

    from vault.login.browser import open_page
    from vault.login.callback import Callback
    from vault.login.oidc import log_in_by_browser

    def show(url: str) -> None:
        say(_("log in with the browser; if none opens, at this address:"))
        say(url)
        if not open_page(url, os.environ):
            say(
                _("from another machine first: ssh -L {port}:localhost:{port} THIS-MACHINE").format(
                    port=callback.port
                )
            )

    with Callback(port) as callback, anonymous_http(run.plug(Login).connection) as http:
        return log_in_by_browser(
            http,
            callback,
            role=role,
            nonce=Secret(token_urlsafe(NONCE_BYTES)),
            show=show,
            mount=_mount(run, Method.OIDC),
        )


def _mount(run: AppContext, method: Method) -> str:
    """Where the server has it: the setting speaks of the team's own method alone."""
    settings = run.settings
    return (
        settings.login_mount if method == settings.login_method and settings.login_mount else method
    )


def _needed(name: str | None, label: str) -> str:
    """Ask for it on a terminal.

    Raises:
        UsageProblemError: stdin is none.
    """
    if name is not None:
        return name
    if not sys.stdin.isatty():
        raise UsageProblemError(
            _("{name} is missing").format(name="'NAME'"), hint="opskit login --help"
        )
    return ask(label)


def _row(who: WhoAmI) -> dict[str, object]:
    return {
        "name": who.identity.name,
        "entity_id": who.identity.entity_id,
        "roles": sorted(who.identity.roles),
        "expires_at": None if who.expires_at is None else who.expires_at.isoformat(),
    }


@logout_app.command(
    "logout",
    help=_("Log out: the safe forgets the token, and so does this machine."),
    epilog=examples("opskit logout"),
)
def logout(ctx: typer.Context) -> None:
    run = context(ctx)
    safe = run.plug(Login)
    forget_index(run)
    token = safe.tokens.load()
    if token is None:
        say(_("nobody was logged in"))
        return
    with open_http(safe.connection, token) as http:
        log_out(http)
    safe.tokens.forget()
    run.plug(LastIdentity).forget()
    if run.settings.database_logins:
        run.plug(DatabaseLogins).forget()  # the safe drops it with the token
    say(_("logged out"))


@whoami_app.command(
    "whoami",
    help=_("Show who is logged in, with which roles, until when."),
    epilog=examples("opskit whoami", "opskit whoami --json"),
)
def whoami(ctx: typer.Context, as_json: JsonOption = False) -> None:
    safe = context(ctx).plug(Login)
    with open_http(safe.connection, safe.tokens.load()) as http:
        who = look_up(http)
    row = _row(who)
    if as_json:
        show_json(row)
    else:
        labels = {"name": _("Name"), "roles": _("Roles"), "expires_at": _("Logged in until")}
        show_facts(row, labels)
