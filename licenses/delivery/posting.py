"""A licence goes out by mail: noted, sent, recorded; after a crash nobody knows, and it says so."""

from collections.abc import Sequence

from licenses.delivery.forms import Form
from licenses.models import LicenseRecord
from licenses.services.deliveries import FAILED, UNKNOWN, begin_mail, deliver, end_mail
from opskit.core.context import AppContext
from opskit.core.errors import OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.intents import Intent, finish
from opskit.core.mail import Mail, new_message_id, send
from opskit.core.mail_errors import MailUnconfirmedError
from opskit.core.mail_server import MailServer
from opskit.core.progress import progress
from opskit.core.refs import format_number


def post(
    run: AppContext,
    *,
    record: LicenseRecord,
    forms: Sequence[Form],
    mail: Mail,
    server: MailServer,
) -> str:
    """Send the mail and record its receiver; its Message-ID.

    Raises:
        DeniedError, InvalidError, UnavailableError: as `opskit.core.mail.send`: not sent.
        MailUnconfirmedError: nobody knows whether it was.
        UnavailableError: it was, and could not be recorded.
    """
    message_id = new_message_id(server)
    with run.transaction() as session:
        intent = begin_mail(
            session,
            record=record,
            forms=forms,
            message_id=message_id,
            at=run.now(),
            actor=run.identity(),
        )
    _send(run, intent, mail, server)
    try:
        with run.transaction() as session:
            deliver(
                session,
                record=record,
                forms=forms,
                received_by=mail.to,
                at=run.now(),
                actor=run.identity(),
                message_id=message_id,
            )
            finish(session, intent, at=run.now())
    except OpsError as err:
        raise _unrecorded(record, err) from err
    return message_id


def _send(run: AppContext, intent: Intent, mail: Mail, server: MailServer) -> None:
    """Where it was not sent, or nobody knows, that is recorded before the error goes on."""
    try:
        with progress(_("sending"), 1) as step:
            send(server, mail, at=run.now(), message_id=intent.data["message_id"])
            step(1)
    except OpsError as err:
        outcome = UNKNOWN if isinstance(err, MailUnconfirmedError) else FAILED
        with run.transaction() as session:
            end_mail(session, intent=intent, outcome=outcome, at=run.now(), reference=err.reference)
        raise


def repair_mail(run: AppContext, intent: Intent) -> str:
    """Record that nobody knows; a second mail is for a person to send. Doctor calls this."""
    with run.transaction() as session:
        end_mail(session, intent=intent, outcome=UNKNOWN, at=run.now())
    return _(
        "nobody knows whether the mail with {license} went out (Message-ID {message_id}); "
        "to send it again: {command}"
    ).format(
        license=intent.subject,
        message_id=intent.data.get("message_id", "?"),
        command=f"opskit license deliver {intent.subject} --mail",
    )


def _unrecorded(record: LicenseRecord, err: OpsError) -> UnavailableError:
    return UnavailableError(
        _("the mail with {license} went out, but that could not be recorded: {reason}").format(
            license=format_number("L", record.serial), reason=err.message
        ),
        hint=_("do not send it again; later: opskit doctor --repair"),
    )
