"""New versions of the licence keys, and the spare that takes the production key's place.

What happens in the safe can be done twice, so an interrupted rotation is simply finished. Before
that there is no other: finishing the old one would undo the new.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from licenses.keyfamilies import PRODUCTION_KEYS, SPARES, KeyFamily, SigningKey, key_of
from licenses.keys import spares_there
from opskit.core import events
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.intents import Intent, begin, finish, open_intents
from opskit.core.signing import KeyFacts, KeyKeeper, Signer

ROTATE, TAKE_OVER = "license.key-rotate", "license.spare-open"
DONE = {ROTATE: "license.key-rotated", TAKE_OVER: "license.spare-opened"}


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The spare that signs next, and the one that did so until now, where there was one."""

    spare: KeyFamily
    before: KeyFamily | None


def rotate(run: AppContext, family: KeyFamily) -> SigningKey:
    """Make the next version of a key; older ones go on signing for those who know no newer.

    Raises:
        DeniedError: the role admin is missing.
        ConflictError: the key ids are used up, or a rotation was interrupted.
        NotFoundError: the safe has no such key. UnavailableError: no answer; it may be done.
    """
    version = _next_version(run, family)
    _carry_out(run, ROTATE, family.name, {"version": version})
    return key_of(family, version)


def to_spare(run: AppContext) -> tuple[SigningKey, SigningKey]:
    """Let the next spare sign in the place of every production key that there was until now.

    The production key gets a next version for the ERP's next release: the second of the two.

    Raises:
        as `rotate`; ConflictError: no spare is left.
    """
    version = _next_version(run, PRODUCTION_KEYS)
    found = next_take_over(run.plug(Signer))
    facts = {
        "version": version,
        "spare": found.spare.name,
        "before": found.before.name if found.before else None,
    }
    _carry_out(run, TAKE_OVER, PRODUCTION_KEYS.name, facts)
    return key_of(found.spare, 1), key_of(PRODUCTION_KEYS, version)


def next_take_over(signer: Signer) -> TakeOver:
    """The spare after the one that signs, else the first.

    Raises:
        ConflictError: the last one signs already. NotFoundError: the safe has no such key.
    """
    opened = opened_spare(spares_there(signer))
    following = SPARES if opened is None else SPARES[SPARES.index(opened) + 1 :]
    if not following:
        raise ConflictError(
            _("no spare is left"), hint="opskit license keys rotate --kind production"
        )
    signer.key_facts(following[0].name)
    return TakeOver(following[0], opened)


def opened_spare(there: Iterable[tuple[KeyFamily, KeyFacts]]) -> KeyFamily | None:
    """The spare that signs, the last one where several do; None where all are cold."""
    signing = [family for family, facts in there if family in SPARES and facts.signs(1)]
    return signing[-1] if signing else None


def repair(run: AppContext, intent: Intent) -> str:
    """Finish what was interrupted; an admin has to."""
    _act(run, intent.subject, intent.data)
    _record(run, intent)
    return _("finished; see {command}").format(command="opskit license keys list")


def _next_version(run: AppContext, family: KeyFamily) -> int:
    require_role(run.identity(), "admin")
    newest = max(run.plug(Signer).key_facts(family.name).public_keys)
    if newest >= family.versions:
        raise ConflictError(
            _("the key ids of {name} are used up").format(name=family.name),
            hint="docs/spec/license-key-v1.md",
        )
    return newest + 1


def _carry_out(run: AppContext, kind: str, name: str, facts: Mapping[str, Any]) -> None:
    actor = run.identity()
    with run.transaction() as session:
        _require_none_open(session)
        intent = begin(session, kind=kind, subject=name, data=facts, at=run.now(), actor=actor)
    try:
        _act(run, name, facts)
    except UnavailableError:
        raise  # nobody knows how far it came: the doctor finishes it
    except OpsError:
        if not _is_begun(run, name, facts):
            with run.transaction() as session:
                finish(session, intent, at=run.now())
        raise
    _record(run, intent)


def _require_none_open(session: Session) -> None:
    if open_intents(session, kinds=DONE):
        raise ConflictError(
            _("a rotation was interrupted, or goes on now"), hint="opskit doctor --repair"
        )


def _act(run: AppContext, name: str, facts: Mapping[str, Any]) -> None:
    """The compromised keys are stopped first: for a moment nothing signs, never too much."""
    keeper, version = run.plug(KeyKeeper), int(facts["version"])
    if not _is_begun(run, name, facts):
        keeper.rotate(name)
    if "spare" not in facts:
        return
    keeper.retire_before(name, version)
    if facts["before"] is not None:
        keeper.close(facts["before"])
    keeper.open(facts["spare"])


def _is_begun(run: AppContext, name: str, facts: Mapping[str, Any]) -> bool:
    """Whether the first step was done: what was refused after it has to be finished."""
    return max(run.plug(Signer).key_facts(name).public_keys) >= int(facts["version"])


def _record(run: AppContext, intent: Intent) -> None:
    with run.transaction() as session:
        if session.get_one(Intent, intent.id, with_for_update=True).finished_at is not None:
            return  # somebody finished it meanwhile
        events.record(
            session,
            actor=intent.actor,
            at=run.now(),
            action=DONE[intent.kind],
            subject=intent.subject,
            after=intent.data,
        )
        finish(session, intent, at=run.now())
