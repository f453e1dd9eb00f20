"""What the doctor asks of staff: enough admins, and no login left half made."""

from collections.abc import Iterator
from pathlib import Path

from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.events import record
from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.intents import Intent, finish
from opskit.staff import services
from opskit.staff.acts import DONE, Act, Desk, carry_out
from opskit.staff.admins import active_admins, has_recovery_key
from opskit.staff.passwords import first_password, read_list
from opskit.staff.ports import Accounts

PART = "staff"


def examine(run: AppContext) -> Iterator[Diagnosis]:
    """Warn when a forgotten password would end the safe; only an admin can see that."""
    try:
        with run.snapshot() as session:
            count = len(active_admins(session, run.plug(Accounts)))
            has_key = has_recovery_key(session)
    except OpsError:
        return  # the safe and the database have told it themselves
    if count > 1:
        yield Diagnosis(PART, Condition.OK, _("{count} admins").format(count=count))
    elif has_key:
        yield Diagnosis(PART, Condition.OK, _("one admin, and a recovery key"))
    else:
        yield Diagnosis(
            PART,
            Condition.WARNING,
            _("only one admin: give a second person the role, or keep a recovery key"),
            _("opskit user grant LOGIN --role admin, or opskit local recovery-key"),
        )


def repair(run: AppContext, intent: Intent) -> str:
    """Finish a change to a login that was interrupted, and say what became of it.

    Raises:
        DeniedError: no admin. UnavailableError: the safe does not answer.
    """
    require_role(run.identity(), "admin")
    desk = Desk(run.transaction, run.plug(Accounts), run.identity(), run.now())
    match Act(intent.kind):
        case Act.ADD:
            return _finish_add(desk, intent)
        case Act.RESET:
            return _close_reset(desk, intent)
        case _:
            carry_out(desk, intent)
            return _("{act} for {login} is done").format(act=intent.kind, login=intent.subject)


def _finish_add(desk: Desk, intent: Intent) -> str:
    """The password died with the first try, unless a list kept it."""
    file = intent.data["password_list"]
    listed = None if file is None else read_list(Path(file)).get(intent.subject)
    carry_out(desk, intent, password=listed or first_password())
    if listed is not None:
        return _("{login} has the login and the password of {file}").format(
            login=intent.subject, file=file
        )
    return _("{login} has the login; now give a password: opskit user reset {login}").format(
        login=intent.subject
    )


def _close_reset(desk: Desk, intent: Intent) -> str:
    """Nobody can tell whether the new password arrived, so the log says just that."""
    with desk.transaction() as session:
        person = services.by_login(session, intent.subject)
        record(
            session,
            actor=intent.actor,
            at=desk.at,
            action=DONE[Act.RESET],
            subject=person.subject,
            after={"certain": False},
            personal={"login": person.login, "name": person.name},
        )
        finish(session, intent, at=desk.at)
    return _(
        "the password of {login} may be the old or the new one: opskit user reset {login}"
    ).format(login=intent.subject)
