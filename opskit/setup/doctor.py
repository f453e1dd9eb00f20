"""The doctor: asks every part how it is, and finishes what was interrupted."""

import os
import stat
from collections.abc import Iterable, Iterator

from opskit.core.config import NoHomeError, require_home
from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.health import Condition, Diagnosis, Examination
from opskit.core.i18n import _
from opskit.wiring import examinations, repair_of

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine(run: AppContext) -> list[Diagnosis]:
    """Everything: a part that cannot be asked is a finding too."""
    try:
        require_home(run.home)
    except NoHomeError as err:
        return [Diagnosis(_("home"), Condition.BROKEN, err.message, err.hint)]
    asked = (_home, *examinations(), _database, _interrupted)
    return list(_told_once(each for examination in asked for each in _ask(run, examination)))


def repair(run: AppContext) -> Iterator[Diagnosis]:
    """Finish or undo every action that was interrupted, one line each."""
    from opskit.core.intents import open_intents

    if not run.home.ready_marker.exists():
        return
    with run.snapshot() as session:
        waiting = open_intents(session)
    for intent in waiting:
        mend = repair_of(intent.kind)
        part = f"{intent.kind} {intent.subject}"
        if mend is None:
            yield Diagnosis(part, Condition.BROKEN, _("nobody knows how to finish this"))
            continue
        try:
            yield Diagnosis(part, Condition.OK, mend(run, intent))
        except OpsError as err:
            yield Diagnosis(part, Condition.BROKEN, err.message, err.hint)


def _ask(run: AppContext, examination: Examination) -> Iterable[Diagnosis]:
    try:
        return list(examination(run))
    except OpsError as err:
        return [Diagnosis(_part_of(examination), Condition.BROKEN, err.message, err.hint)]


def _told_once(found: Iterable[Diagnosis]) -> Iterator[Diagnosis]:
    """What stops several parts is told by the first of them."""
    told = set()
    for diagnosis in found:
        if diagnosis.condition is Condition.OK or diagnosis.message not in told:
            yield diagnosis
        told.add(diagnosis.message)


def _part_of(examination: Examination) -> str:
    """`vault` for `vault.health.examine`, `database` for one of this module."""
    if examination.__module__ == __name__:
        return examination.__name__.strip("_")
    return examination.__module__.split(".")[-2]


def _home(run: AppContext) -> Iterator[Diagnosis]:
    folder = run.home.folder
    if os.name == "posix" and folder.stat().st_mode & OTHERS:
        yield Diagnosis(
            _("home"),
            Condition.WARNING,
            _("others on this machine can look into {folder}").format(folder=folder),
            f"chmod 700 {folder}",
        )
    else:
        yield Diagnosis(_("home"), Condition.OK, str(folder))


def _database(run: AppContext) -> Iterator[Diagnosis]:
    from sqlalchemy import text

    from opskit.setup.places import birth_of

    own = run.home.ready_marker.read_text(encoding="ascii").strip()
    with run.snapshot() as session:
        dialect = session.connection().dialect.name
        if dialect == "sqlite":
            answer = session.execute(text("PRAGMA quick_check(1)")).scalar()
            if answer != "ok":
                yield Diagnosis(
                    _("database"),
                    Condition.BROKEN,
                    str(answer),
                    _("restore a copy from {folder}").format(folder=run.home.backup_folder),
                )
                return
        if own and birth_of(session) != own:
            yield Diagnosis(
                _("database"),
                Condition.BROKEN,
                _("this is not the database that this home began with"),
                _("restore a copy from {folder}").format(folder=run.home.backup_folder),
            )
            return
    yield Diagnosis(_("database"), Condition.OK, dialect)


def _interrupted(run: AppContext) -> Iterator[Diagnosis]:
    from opskit.core.intents import open_intents

    with run.snapshot() as session:
        waiting = open_intents(session)
    for intent in waiting:
        yield Diagnosis(
            _("interrupted"),
            Condition.BROKEN,
            _("{kind} {subject}, begun {at}").format(
                kind=intent.kind,
                subject=intent.subject,
                at=intent.begun_at.isoformat(timespec="minutes"),
            ),
            "opskit doctor --repair",
        )
