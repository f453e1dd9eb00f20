"""What goes wrong with mail, as errors that say what to do."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from opskit.core.errors import DeniedError, InvalidError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.mail_server import MailServer
from opskit.core.system_errors import reason_of

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_FIRST_PERMANENT = 500  # replies below it say "not now"
_LONGEST_REASON = 200


class MailUnconfirmedError(UnavailableError):
    """The line broke after the whole mail was sent: nobody knows whether the server took it."""

    reference = "mail-unconfirmed"


@contextmanager
def explained(server: MailServer, to: str) -> Iterator[None]:
    """One error for each way to fail. What the server says to a login is never repeated."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as err:
        code = err.smtp_code
        raise _login_refused(server, code) from None  # its reply may quote what was sent
    except smtplib.SMTPRecipientsRefused as err:
        code, reply = err.recipients[to]
        raise _recipient_refused(server, to, code, reply) from err
    except smtplib.SMTPSenderRefused as err:
        raise _sender_refused(server, err.smtp_code, err.smtp_error) from err
    except ssl.SSLError as err:
        raise _not_proven(server, err) from err
    except smtplib.SMTPNotSupportedError as err:
        raise _not_offered(server) from err
    except smtplib.SMTPResponseException as err:
        raise _unavailable(server, _reply(err.smtp_code, err.smtp_error)) from err
    except (smtplib.SMTPException, OSError, UnicodeError) as err:  # the last: a host that is none
        reason = reason_of(err)
        raise _unavailable(server, reason) from err


def unconfirmed(message_id: str) -> MailUnconfirmedError:
    return MailUnconfirmedError(
        _("the mail was sent, but the mail server did not say whether it took it"),
        hint=_(
            "look for {message_id} in the mail server's log, or ask the receiver, "
            "before you send it again"
        ).format(message_id=message_id),
    )


def accents_refused(server: MailServer, to: str) -> InvalidError:
    """The server knows no SMTPUTF8 (RFC 6531), which letters beyond ASCII need in an address."""
    of_receiver = not to.isascii()
    return InvalidError(
        _("the mail server {place} does not take addresses with accents: {address}").format(
            place=server.place, address=to if of_receiver else server.sender
        ),
        hint=_("nothing was sent: use another address of the receiver")
        if of_receiver
        else _("nothing was sent: choose a mail_from without accents"),
    )


def _login_refused(server: MailServer, code: int) -> OpsError:
    if code < _FIRST_PERMANENT:
        return _unavailable(server, str(code))
    return DeniedError(
        _("the mail server {place} does not take the login {user} ({code})").format(
            place=server.place, user=server.user, code=code
        ),
        hint=_("check mail_user, and the password: keyring set opskit-mail {user}").format(
            user=server.user
        ),
    )


def _recipient_refused(server: MailServer, to: str, code: int, reply: bytes | str) -> OpsError:
    if code < _FIRST_PERMANENT:
        return _unavailable(server, _reply(code, reply))
    return InvalidError(
        _("the mail server {place} does not deliver to {address}: {reason}").format(
            place=server.place, address=to, reason=_reply(code, reply)
        ),
        hint=_("check the address; nothing was sent"),
    )


def _sender_refused(server: MailServer, code: int, reply: bytes | str) -> OpsError:
    if code < _FIRST_PERMANENT:
        return _unavailable(server, _reply(code, reply))
    return DeniedError(
        _("the mail server {place} does not take mail from {address}: {reason}").format(
            place=server.place, address=server.sender, reason=_reply(code, reply)
        ),
        hint=_("check mail_from, and mail_user where the server wants a login"),
    )


def _not_proven(server: MailServer, err: ssl.SSLError) -> OpsError:
    reason = getattr(err, "verify_message", "") or err.reason or type(err).__name__
    return UnavailableError(
        _("the mail server {place} does not prove who it is: {reason}").format(
            place=server.place, reason=reason
        ),
        hint=_("nothing was sent: check mail_server, mail_port and mail_security, or mail_ca_file"),
    )


def _not_offered(server: MailServer) -> OpsError:
    return UnavailableError(
        _("the mail server {place} does not offer what the settings ask").format(
            place=server.place
        ),
        hint=_("check mail_port, mail_security and mail_user; nothing was sent"),
    )


def _unavailable(server: MailServer, reason: str) -> OpsError:
    return UnavailableError(
        _("the mail server {place} does not take the mail: {reason}").format(
            place=server.place, reason=reason
        ),
        hint=_("nothing was sent: try again, or check mail_server and mail_port"),
    )


def _reply(code: int, reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(CONTROL.sub(' ', text).split())[:_LONGEST_REASON]}"
