"""What a leaver knows: entries they read, kept once from the log, judged by the safe of today."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.leaving import services
from onboarding.leaving.models import Leaving, LeavingRead
from onboarding.leaving.services import LeaverLine
from onboarding.leaving.template import READS_KNOWN
from onboarding.ports import Knowledge, Known, SecretRead
from opskit.core.context import AppContext
from opskit.core.errors import NotFoundError, OpsError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.intents import Intent, finish
from opskit.core.text import did_you_mean
from opskit.staff.models import Person

KEEPERS = ("safe-keeper", "manager", "admin")
OVERSEERS = (*KEEPERS, "auditor")
SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of reading the logs; `problem` says why nobody knows it yet."""

    problem: OpsError | None = None


def find_out(run: AppContext, intent: Intent) -> Found:
    """Enter what the log tells that the person read. A log that cannot be read takes nothing back
    from the departure: it is named, and stands in the to-do list.
    """
    at = run.now()
    logs = [str(each) for each in intent.data["logs"]]
    with run.snapshot() as session:
        leaving = session.get_one(Leaving, intent.data["leaving_id"])
        entity_id = session.get_one(Person, leaving.person_id).entity_id
    problem = None
    reads: list[SecretRead] = []
    if entity_id is not None:
        try:
            with run.snapshot() as session:
                reads = run.plug(Knowledge).reads(session, entity_id=entity_id, logs=logs)
        except OpsError as err:
            problem = err
    with run.transaction() as session:
        if problem is None:
            leaving = session.get_one(Leaving, leaving.id)
            _enter(session, leaving, reads)
            leaving.known_at = at
            services.settle(session, leaving, READS_KNOWN, at=at, actor=intent.actor)
        finish(session, intent, at=at)
    return Found(problem)


def repair(run: AppContext, intent: Intent) -> str:
    """Find out what somebody had read who has left, where that was cut off.

    Raises:
        DeniedError: no admin.
    """
    require_role(run.identity(), "admin")
    problem = find_out(run, intent).problem
    if problem is not None:
        return _("what {login} read is not known: {reason}").format(
            login=intent.subject, reason=problem.message
        )
    return _("what {login} read is entered").format(login=intent.subject)


def everybody(run: AppContext) -> list[LeaverLine]:
    """Who leaves, or left. What is planned is confidential until that day.

    Raises:
        DeniedError: none of the roles that oversee departures.
    """
    require_role(run.identity(), *OVERSEERS)
    with run.snapshot() as session:
        return services.leavers(session)


def look(run: AppContext, leaving: Leaving) -> list[Known]:
    """What the leaver knows and nobody rotated since; what was rotated is settled for good.

    Raises:
        DeniedError: none of the roles that may see what others read.
        UnavailableError: the safe does not answer.
    """
    require_role(run.identity(), *KEEPERS)
    with run.transaction() as session:
        rows = _open_rows(session, leaving)
        if not rows:
            return []
        by_read = {_as_read(row): row for row in rows}
        known = run.plug(Knowledge).judge(session, by_read)
        for each in known:
            if each.state == SETTLED:
                by_read[each.read].settled_at = run.now()
        return [each for each in known if each.state != SETTLED]


def settle_by_hand(run: AppContext, leaving: Leaving, refs: Sequence[str]) -> None:
    """Somebody saw to it that these no longer work: guarded ones, or what the safe lost.

    Raises:
        DeniedError: neither safe-keeper nor admin.
        NotFoundError: the leaver did not read one of them, or it is settled; the hint names some.
    """
    actor, at = run.identity(), run.now()
    require_role(actor, "safe-keeper", "admin")
    with run.transaction() as session:
        rows = _open_rows(session, leaving)
        person = session.get_one(Person, leaving.person_id)
        for ref in refs:
            chosen = [row for row in rows if row.entry == ref.strip()]
            if not chosen:
                raise NotFoundError(
                    _("{login} has read no entry {ref} that is open").format(
                        login=person.login, ref=ref
                    ),
                    hint=did_you_mean(
                        ref,
                        [row.entry for row in rows],
                        otherwise=f"opskit onboarding leavers {person.login}",
                    ),
                )
            for row in chosen:
                row.settled_at = at
        services.tell(
            session, "leave-settled", person, after={"entries": sorted(refs)}, at=at, actor=actor
        )


def _open_rows(session: Session, leaving: Leaving) -> Sequence[LeavingRead]:
    query = (
        select(LeavingRead)
        .where(LeavingRead.leaving_id == leaving.id, LeavingRead.settled_at.is_(None))
        .order_by(LeavingRead.entry, LeavingRead.mount)
    )
    return session.scalars(query).all()


def _enter(session: Session, leaving: Leaving, reads: Sequence[SecretRead]) -> None:
    """Each entry once; a later read, from another log, opens it again."""
    query = select(LeavingRead).where(LeavingRead.leaving_id == leaving.id)
    known = {(row.mount, row.entry): row for row in session.scalars(query)}
    for read in reads:
        row = known.get((read.mount, read.entry))
        if row is None:
            session.add(
                LeavingRead(
                    leaving_id=leaving.id,
                    mount=read.mount,
                    entry=read.entry,
                    version=read.version,
                    ticket=read.ticket,
                    read_at=read.at,
                )
            )
        elif row.read_at < read.at:
            row.read_at, row.version, row.ticket = read.at, read.version, read.ticket
            row.settled_at = None


def _as_read(row: LeavingRead) -> SecretRead:
    return SecretRead(row.mount, row.entry, row.read_at, row.version, row.ticket)
