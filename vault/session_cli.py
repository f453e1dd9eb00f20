"""opskit login, logout, whoami: three commands that stand alone at the front door."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, single
from opskit.core.i18n import _
from opskit.core.options import JsonOption, PasswordFileOption
from opskit.core.output import say, show_facts, show_json
from opskit.core.secret import read_secret
from vault.lean_store import anonymous_http, open_http
from vault.ports import DatabaseLogins, Login
from vault.session import log_in, log_out, look_up

login_app, logout_app, whoami_app = single(), single(), single()


@login_app.command(
    "login",
    help=_("Log in to the safe with name and password; the login lasts a working day."),
    epilog=examples("opskit login bob", "opskit login bob --password-file -"),
)
def login(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Your login."))],
    password_file: PasswordFileOption = None,
    as_json: JsonOption = False,
) -> None:
    run = context(ctx)
    safe = run.plug(Login)
    password = read_secret(password_file, prompt=_("Password"))
    with anonymous_http(safe.connection) as http:
        fresh = log_in(http, name=name, password=password, at=run.now())
    safe.tokens.save(fresh.token)
    if as_json:
        show_json(
            {
                "name": fresh.name,
                "entity_id": fresh.entity_id,
                "roles": sorted(fresh.roles),
                "expires_at": fresh.expires_at,
            }
        )
        return
    say(
        _("logged in as {name} until {time}, with the roles: {roles}").format(
            name=fresh.name,
            time=fresh.expires_at.astimezone().strftime("%Y-%m-%d %H:%M"),
            roles=" ".join(sorted(fresh.roles)) or "-",
        )
    )


@logout_app.command(
    "logout",
    help=_("Log out: the safe forgets the token, and so does this machine."),
    epilog=examples("opskit logout"),
)
def logout(ctx: typer.Context) -> None:
    run = context(ctx)
    safe = run.plug(Login)
    token = safe.tokens.load()
    if token is None:
        say(_("nobody was logged in"))
        return
    with open_http(safe.connection, token) as http:
        log_out(http)
    safe.tokens.forget()
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
    row = {
        "name": who.identity.name,
        "entity_id": who.identity.entity_id,
        "roles": sorted(who.identity.roles),
        "expires_at": None if who.expires_at is None else who.expires_at.isoformat(),
    }
    if as_json:
        show_json(row)
    else:
        labels = {"name": _("Name"), "roles": _("Roles"), "expires_at": _("Logged in until")}
        show_facts(row, labels)
