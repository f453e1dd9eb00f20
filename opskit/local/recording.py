"""The recovery in the event log; where no database answers, it works all the same."""

from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.output import say
from opskit.staff.admins import RECOVERY_KEY_MADE
from opskit.staff.services import by_login

HOLDER = Identity("recovery-key", "the recovery key's holder", frozenset())


def record_key_made(run: AppContext) -> None:
    """From now on the doctor asks no second admin."""
    try:
        with run.transaction() as session:
            record(
                session,
                actor=run.identity(),
                at=run.now(),
                action=RECOVERY_KEY_MADE,
                subject="home",
            )
    except OpsError as err:
        _say_unrecorded(err)


def record_recovered(run: AppContext, login: str) -> None:
    """Nobody is logged in: the log names the key's holder."""
    try:
        with run.transaction() as session:
            person = by_login(session, login)
            record(
                session,
                actor=HOLDER,
                at=run.now(),
                action="user.recovered",
                subject=person.subject,
                personal={"login": person.login, "name": person.name},
            )
    except OpsError as err:
        _say_unrecorded(err)


def _say_unrecorded(err: OpsError) -> None:
    say(_("not in the event log: {reason}").format(reason=err.message))
