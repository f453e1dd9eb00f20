"""The verbs that change a login: in the safe and in the database, and never only half.

Each records its intent and commits before it acts, so they open their transactions themselves.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from opskit.core.database_roles import leading_role
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import ROLES, require_role
from opskit.core.secret import Secret
from opskit.core.text import did_you_mean
from opskit.staff import services
from opskit.staff.acts import Act, Desk, begin_act, carry_out, overtake_opposite
from opskit.staff.admins import keep_an_admin
from opskit.staff.errors import LoginExistsError, NoLoginError
from opskit.staff.importing import JOBS
from opskit.staff.models import Person
from opskit.staff.turns import refuse_leaver


def add(
    desk: Desk,
    *,
    login: str,
    roles: frozenset[str],
    password: Secret,
    facts: Mapping[str, str | None] | None = None,
    password_list: str | None = None,
) -> Person:
    """Give a person a login. `facts` are those of `ensure_person`: name, email, pole, site.

    Who has no job in the team yet gets the leading one of the roles.

    `password_list` is the file in which the password was put down, for a repair.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown role.
        LoginExistsError: the person has a login. InvalidError: no usable login or password.
    """
    require_role(desk.actor, "admin")
    _check_roles(roles)
    with desk.transaction() as session:
        refuse_leaver(session, login)
        job = services.job_of(session, login) or leading_role(roles & frozenset(JOBS))
        person = services.ensure_person(
            session, login=login, **{"role": job, **(facts or {})}, at=desk.at, actor=desk.actor
        )
        if person.login_made_at is not None:
            raise LoginExistsError(
                _("{login} has a login already").format(login=person.login),
                hint=f"opskit user grant {person.login} --role ROLE",
            )
        data = {"roles": sorted(roles), "password_list": password_list}
        intent = begin_act(session, desk, Act.ADD, person, data)
    return carry_out(desk, intent, password=password)


def make_known(desk: Desk, *, login: str, role: str) -> Person:
    """Give a person of the staff an entity with a role in the safe, and no login yet.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person or role.
    """
    require_role(desk.actor, "admin")
    _check_roles(frozenset({role}))
    with desk.transaction() as session:
        refuse_leaver(session, login)
        person = services.by_login(session, login)
        intent = begin_act(session, desk, Act.ENTITY, person, {"role": role})
    return carry_out(desk, intent)


def grant(desk: Desk, *, login: str, role: str) -> bool:
    """Give a role; False where the person has it already.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person or role. NoLoginError.
        ConflictError: a departure is under way.
    """
    return _change_role(desk, Act.GRANT, login, role)


def revoke(desk: Desk, *, login: str, role: str) -> bool:
    """Take a role away; False where the person does not have it.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person or role. NoLoginError.
        LastAdminError: nobody else is admin.
    """
    return _change_role(desk, Act.REVOKE, login, role)


def reset(desk: Desk, *, login: str, password: Secret) -> Person:
    """Set another password, and end the logins made with the old one.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person. NoLoginError.
        InvalidError: no usable password.
    """
    require_role(desk.actor, "admin")
    with desk.transaction() as session:
        person = _account(session, login)
        intent = begin_act(session, desk, Act.RESET, person, {"entity_id": person.entity_id})
    return carry_out(desk, intent, password=password)


def disable(desk: Desk, *, login: str) -> Person:
    """Refuse the person every login from now on; the roles stay for the day of return.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person. NoLoginError.
        LastAdminError: nobody else is admin.
    """
    require_role(desk.actor, "admin")
    with desk.transaction() as session:
        person = _account(session, login)
        keep_an_admin(session, desk.accounts, person)
        data = {"entity_id": person.entity_id}
        overtake_opposite(session, desk, Act.DISABLE, person, data)
        intent = begin_act(session, desk, Act.DISABLE, person, data)
    return carry_out(desk, intent)


def enable(desk: Desk, *, login: str) -> Person:
    """Let the person log in again, with the roles of before.

    Raises:
        DeniedError: no admin. NotFoundError: an unknown person. NoLoginError.
        ConflictError: a departure is under way, which would shut the person out again.
    """
    require_role(desk.actor, "admin")
    with desk.transaction() as session:
        refuse_leaver(session, login)
        person = _account(session, login)
        data = {"entity_id": person.entity_id}
        overtake_opposite(session, desk, Act.ENABLE, person, data)
        intent = begin_act(session, desk, Act.ENABLE, person, data)
    return carry_out(desk, intent)


def _change_role(desk: Desk, act: Act, login: str, role: str) -> bool:
    require_role(desk.actor, "admin")
    _check_roles(frozenset({role}))
    with desk.transaction() as session:
        if act is Act.GRANT:
            refuse_leaver(session, login)
        person = _account(session, login)
        data = {"entity_id": person.entity_id, "role": role}
        is_overtaking = overtake_opposite(session, desk, act, person, data)
        has_it = role in desk.accounts.roles_of(str(person.entity_id))
        if has_it == (act is Act.GRANT) and not is_overtaking:
            return False
        if act is Act.REVOKE and role == "admin":
            keep_an_admin(session, desk.accounts, person)
        intent = begin_act(session, desk, act, person, data)
    carry_out(desk, intent)
    return True


def _account(session: Session, login: str) -> Person:
    """A person who has a login."""
    person = services.by_login(session, login)
    if person.login_made_at is None or person.entity_id is None:
        raise NoLoginError(
            _("{login} has no login yet").format(login=person.login),
            hint=f"opskit user add {person.login} --role ROLE",
        )
    return person


def _check_roles(roles: frozenset[str]) -> None:
    for role in sorted(roles):
        if role not in ROLES:
            raise NotFoundError(
                _("there is no role {role}").format(role=role),
                hint=did_you_mean(role, ROLES, otherwise=" ".join(ROLES)),
            )
