"""opskit user: who can log in, and what each may do. For admins."""

from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.options import JsonOption, PasswordFileOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from opskit.staff.acts import Desk
    from opskit.staff.models import Person

app = group(_("Logins and roles; for admins."))

LoginArgument = Annotated[
    str,
    typer.Argument(metavar="LOGIN", autocompletion=complete_login, help=_("The person's login.")),
]
RoleOption = Annotated[
    str, typer.Option("--role", metavar="ROLE", autocompletion=choices(ROLES), help=_("The role."))
]


@app.command(
    "add",
    help=_(
        "Give a person a login with these roles: sales, agent, consultant, safe-keeper, "
        "license-issuer, manager, auditor, admin."
    ),
    epilog=examples(
        "opskit user add bob --role agent --role license-issuer",
        "opskit user add bob --role agent --password-file bob.txt",
    ),
)
def add(
    ctx: typer.Context,
    login: LoginArgument,
    roles: Annotated[
        list[str],
        typer.Option(
            "--role",
            metavar="ROLE",
            autocompletion=choices(ROLES),
            help=_("A role; give it several times."),
        ),
    ],
    name: Annotated[str | None, typer.Option("--name", help=_("The full name."))] = None,
    email: Annotated[str | None, typer.Option("--email", help=_("The mail address."))] = None,
    pole: Annotated[str | None, typer.Option("--pole", help=_("back-office or logistics."))] = None,
    site: Annotated[str | None, typer.Option("--site", help=_("Where the person works."))] = None,
    password_file: PasswordFileOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.secret import read_secret
    from opskit.staff import user_services
    from opskit.staff.importing import check_facts

    run = context(ctx)
    facts = check_facts(name=name, email=email, pole=pole, site=site)
    prompt = _("Password of {login}").format(login=login)
    password = read_secret(password_file, prompt=prompt, twice=True)
    person = user_services.add(
        _desk(run), login=login, roles=frozenset(roles), password=password, facts=facts
    )
    done = _("{login} can log in now").format(login=person.login)
    _show_done(run, person.login, done, as_json=as_json)


@app.command(
    "list",
    help=_("List who can log in, with their roles."),
    epilog=examples("opskit user list", "opskit user list --json"),
)
def list_all(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from opskit.core.identity import require_role
    from opskit.staff import services
    from opskit.staff.admins import roles_by_entity
    from opskit.staff.ports import Accounts
    from opskit.staff.presenting import user_facts

    run = context(ctx)
    require_role(run.identity(), "admin")
    roles = roles_by_entity(run.plug(Accounts))
    with run.snapshot() as session:
        people = [each for each in services.list_people(session) if each.login_made_at is not None]
    rows = [user_facts(each, roles.get(str(each.entity_id), ())) for each in people]
    columns = {
        "login": _("Login"),
        "name": _("Name"),
        "roles": _("Roles"),
        "state": _("State"),
    }
    show_rows(rows, columns, as_json=as_json)


@app.command(
    "show",
    help=_("Show one login with its roles."),
    epilog=examples("opskit user show bob", "opskit user show bob --json"),
)
def show(ctx: typer.Context, login: LoginArgument, as_json: JsonOption = False) -> None:
    from opskit.core.identity import require_role
    from opskit.staff import services
    from opskit.staff.presenting import card

    run = context(ctx)
    require_role(run.identity(), "admin")
    with run.snapshot() as session:
        person = services.find(session, login)
    facts = _facts(run, person)
    if as_json:
        show_json(facts)
        return
    for line in card(facts):
        data(line)


@app.command(
    "grant",
    help=_("Give a role."),
    epilog=examples("opskit user grant bob --role safe-keeper"),
)
def grant(
    ctx: typer.Context, login: LoginArgument, role: RoleOption, as_json: JsonOption = False
) -> None:
    from opskit.staff import user_services

    run = context(ctx)
    changed = user_services.grant(_desk(run), login=login, role=role)
    done = _("{login} has the role {role} now") if changed else _("{login} has {role} already")
    _show_done(run, login, done.format(login=login, role=role), as_json=as_json)


@app.command(
    "revoke",
    help=_("Take a role away."),
    epilog=examples("opskit user revoke bob --role license-issuer"),
)
def revoke(
    ctx: typer.Context, login: LoginArgument, role: RoleOption, as_json: JsonOption = False
) -> None:
    from opskit.staff import user_services

    run = context(ctx)
    changed = user_services.revoke(_desk(run), login=login, role=role)
    done = _("{login} no longer has {role}") if changed else _("{login} does not have {role}")
    _show_done(run, login, done.format(login=login, role=role), as_json=as_json)


@app.command(
    "reset",
    help=_("Set another password; logins made with the old one end at once."),
    epilog=examples("opskit user reset bob --password-file bob.txt"),
)
def reset(
    ctx: typer.Context, login: LoginArgument, password_file: PasswordFileOption = None
) -> None:
    from opskit.core.secret import read_secret
    from opskit.staff import user_services

    run = context(ctx)
    prompt = _("New password of {login}").format(login=login)
    password = read_secret(password_file, prompt=prompt, twice=True)
    user_services.reset(_desk(run), login=login, password=password)
    say(_("{login} has the new password now; older logins have ended").format(login=login))


@app.command(
    "disable",
    help=_("Refuse a person every login from now on; the roles stay for a return."),
    epilog=examples("opskit user disable bob"),
)
def disable(ctx: typer.Context, login: LoginArgument, as_json: JsonOption = False) -> None:
    from opskit.staff import user_services

    run = context(ctx)
    person = user_services.disable(_desk(run), login=login)
    done = _("{login} can no longer log in").format(login=person.login)
    _show_done(run, person.login, done, as_json=as_json)


@app.command(
    "enable",
    help=_("Let a disabled person log in again, with the roles of before."),
    epilog=examples("opskit user enable bob"),
)
def enable(ctx: typer.Context, login: LoginArgument, as_json: JsonOption = False) -> None:
    from opskit.staff import user_services

    run = context(ctx)
    person = user_services.enable(_desk(run), login=login)
    done = _("{login} can log in again").format(login=person.login)
    _show_done(run, person.login, done, as_json=as_json)


def _desk(run: AppContext) -> "Desk":
    from opskit.staff.acts import Desk
    from opskit.staff.ports import Accounts

    return Desk(run.transaction, run.plug(Accounts), run.identity(), run.now())


def _show_done(run: AppContext, login: str, done: str, *, as_json: bool) -> None:
    """Say what was done, and give scripts the login as `user show` has it."""
    from opskit.staff import services

    say(done)
    if as_json:
        with run.snapshot() as session:
            person = services.by_login(session, login)
        show_json(_facts(run, person))


def _facts(run: AppContext, person: "Person") -> dict[str, object]:
    from opskit.staff.ports import Accounts
    from opskit.staff.presenting import user_facts

    entity = person.entity_id
    roles = frozenset[str]() if entity is None else run.plug(Accounts).roles_of(entity)
    return user_facts(person, roles)
