"""Every message in its turn; one that fails does not keep the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, DeniedError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.intents import Intent
from opskit.core.mail_errors import MailUnconfirmedError
from opskit.core.progress import counted
from opskit.todo.channels import Channel
from opskit.todo.errors import WebhookUnconfirmedError
from opskit.todo.letters import Letter
from opskit.todo.models import Outcome
from opskit.todo.planning import Message
from opskit.todo.recording import claim, settle

IN_DOUBT = (MailUnconfirmedError, WebhookUnconfirmedError)


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a message; None: it was never tried, and the error says why."""

    message: Message
    outcome: Outcome | None
    message_id: str | None = None
    error: OpsError | None = None


def send_all(
    run: AppContext,
    messages: Sequence[Message],
    channel: Channel,
    write: Callable[[Message], Letter],
) -> list[Posted]:
    """Send them one after the other.

    Raises:
        DeniedError: the person may send nothing.
        UnavailableError: a message went out and that could not be recorded; nothing more is sent.
    """
    posted: list[Posted] = []
    refused: OpsError | None = None
    for message in counted(_("sending"), messages, len(messages)):
        if refused is not None:  # a login that is refused once more may lock the account
            posted.append(Posted(message, None, error=refused))
            continue
        posted.append(_send(run, message, channel, write(message)))
        error = posted[-1].error
        refused = error if isinstance(error, DeniedError) else None
    return posted


def _send(run: AppContext, message: Message, channel: Channel, letter: Letter) -> Posted:
    message_id = channel.new_id()
    try:
        with run.transaction() as session:
            intent = claim(
                session,
                message=message,
                channel=channel.name,
                message_id=message_id,
                at=run.now(),
                actor=run.identity(),
            )
    except ConflictError as err:
        return Posted(message, None, error=err)
    error: OpsError | None = None
    try:
        channel.post(letter, message.receiver, at=run.now(), message_id=message_id)
    except OpsError as err:
        error = err
    outcome = _outcome_of(error)
    _record(run, intent, message, outcome, error)
    return Posted(message, outcome, message_id, error)


def _outcome_of(error: OpsError | None) -> Outcome:
    if error is None:
        return Outcome.SENT
    return Outcome.UNKNOWN if isinstance(error, IN_DOUBT) else Outcome.FAILED


def _record(
    run: AppContext, intent: Intent, message: Message, outcome: Outcome, error: OpsError | None
) -> None:
    try:
        with run.transaction() as session:
            settle(
                session,
                intent=intent,
                outcome=outcome,
                at=run.now(),
                reference=None if error is None else error.reference,
                login=message.receiver.login,
            )
    except OpsError as err:
        if outcome is Outcome.FAILED:
            raise
        raise UnavailableError(
            _("the reminder to {name} went out, but that could not be recorded: {reason}").format(
                name=message.receiver.name, reason=err.message
            ),
            hint=_("it is not sent again by itself; later: opskit doctor --repair"),
        ) from err


def repair(run: AppContext, intent: Intent) -> str:
    """Record that nobody knows. Doctor calls this."""
    with run.transaction() as session:
        settle(session, intent=intent, outcome=Outcome.UNKNOWN, at=run.now())
    return _(
        "nobody knows whether the reminder to {receiver} went out (Message-ID {message_id}); "
        "to send it again: opskit remind --send --again"
    ).format(receiver=intent.subject, message_id=intent.data["message_id"])
