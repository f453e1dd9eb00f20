"""A change to the safe itself on its way: intent, act, outcome, so that no crash is silent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opskit.core.context import AppContext
from opskit.core.errors import OpsError, UnavailableError
from opskit.core.events import record
from opskit.core.i18n import _
from opskit.core.intents import Intent, begin, finish

PROVISION = "vault.provision"
ROTATE = "vault.database-rotate"
DONE = {PROVISION: "vault.provisioned", ROTATE: "vault.database-rotated"}


@contextmanager
def recorded(run: AppContext, kind: str, facts: Mapping[str, Any]) -> Iterator[None]:
    """Surround an act in the safe; a refusal closes the intent, silence leaves it open.

    Raises:
        whatever the act raises. UnavailableError: the database is away, before anything is done.
    """
    actor = run.identity()
    with run.transaction() as session:
        intent = begin(session, kind=kind, subject="vault", data=facts, at=run.now(), actor=actor)
    try:
        yield
    except UnavailableError:
        raise
    except OpsError:
        with run.transaction() as session:
            finish(session, intent, at=run.now())
        raise
    _record_outcome(run, intent, facts)


def repair_change(run: AppContext, intent: Intent) -> str:
    """Close an interrupted change; nobody can tell whether it came about, so the log says that."""
    _record_outcome(run, intent, {**intent.data, "certain": False})
    return _("what became of it, opskit vault provision --check shows")


def _record_outcome(run: AppContext, intent: Intent, after: Mapping[str, Any]) -> None:
    with run.transaction() as session:
        record(
            session,
            actor=intent.actor,
            at=run.now(),
            action=DONE[intent.kind],
            subject=intent.subject,
            after=after,
        )
        finish(session, intent, at=run.now())
