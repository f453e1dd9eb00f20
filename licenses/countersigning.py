"""A second person lets the safe sign: intent, act, outcome (ADR 0022)."""

from collections.abc import Sequence

from licenses.models import LicenseRequest
from licenses.services import countersigning
from opskit.core.catalog import load_catalog
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.intents import Intent, finish
from opskit.core.second_signer import SecondSigner, WaitingSignature
from opskit.core.signing import Signer


def look(run: AppContext, accessor: str) -> tuple[WaitingSignature, list[LicenseRequest]]:
    """What waits under that name: only what was approved is shown, the rest is refused.

    Raises:
        ConflictError: nothing waits there any more. InvalidError: it is no signature.
        Others as `services.countersigning.approved_requests`.
    """
    waiting = run.plug(SecondSigner).look(accessor)
    if waiting is None:
        raise ConflictError(
            _("no signature waits under {accessor}: it was made, or its time is over").format(
                accessor=accessor
            ),
            hint=_("whoever asked types the command again, which names another one"),
        )
    with run.snapshot() as session:
        found = countersigning.approved_requests(
            session,
            waiting,
            signer=run.plug(Signer),
            catalog=load_catalog(run.home),
            actor=run.identity(),
        )
    return waiting, found


def agree(run: AppContext, accessor: str, found: Sequence[LicenseRequest]) -> None:
    """Let the safe sign what was looked at: the server keeps the request as it was.

    Raises:
        DeniedError, UnavailableError.
    """
    with run.transaction() as session:
        intent = countersigning.begin_agreement(
            session, accessor=accessor, found=found, at=run.now(), actor=run.identity()
        )
    try:
        run.plug(SecondSigner).approve(accessor)
    except UnavailableError:
        raise  # nobody knows: the intent stays open
    except OpsError:
        _give_up(run, intent)
        raise
    with run.transaction() as session:
        countersigning.record(session, intent=intent, at=run.now())


def repair(run: AppContext, intent: Intent) -> str:
    """Settle what was interrupted, by what the safe says; doctor calls this.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    waiting = run.plug(SecondSigner).look(intent.data["accessor"])
    if waiting is not None and intent.actor_id not in waiting.agreed_by:
        _give_up(run, intent)
        return _("{name} did not agree to the signature for {subject}").format(
            name=intent.actor_name, subject=intent.subject
        )
    certain = waiting is not None
    with run.transaction() as session:
        countersigning.record(session, intent=intent, at=run.now(), certain=certain)
    if not certain:
        return _("nobody knows who agreed to the signature for {subject}; the log says so").format(
            subject=intent.subject
        )
    return _("the signature for {subject} was agreed to").format(subject=intent.subject)


def _give_up(run: AppContext, intent: Intent) -> None:
    with run.transaction() as session:
        finish(session, intent, at=run.now())
