"""Mail through SMTP: the line is encrypted and the server proves who it is, or nothing is sent."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.mail_errors import CONTROL, accents_refused, explained, unconfirmed
from opskit.core.mail_server import MailServer, checked_address
from opskit.core.secret import Secret

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail; `media_type` is such as `application/pdf`."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent to one address. The subject is one line, the body has LF line ends."""

    to: str
    subject: str
    body: str
    attachments: Sequence[Attachment] = ()
    to_name: str = ""


def new_message_id(server: MailServer) -> str:
    """By which the server's log will know a mail; nothing in it is personal."""
    return make_msgid(domain=server.sender.rpartition("@")[2])


def send(server: MailServer, mail: Mail, *, at: datetime, message_id: str = "") -> str:
    """Hand the mail over; its Message-ID, a new one unless it was noted before.

    Raises:
        InvalidError: an address or a header is none, or the server does not take an address.
        DeniedError: the server does not take the login or the sender.
        UnavailableError: it does not answer, proves nothing, or says "not now".
        MailUnconfirmedError: it may have taken the mail; after any other error it has not.
    """
    message = compose(server, mail, at=at, message_id=message_id)
    found = str(message["Message-ID"])
    with explained(server, mail.to), _connected(server) as line:
        try:
            line.send_message(message, from_addr=server.sender, to_addrs=[mail.to])
        except smtplib.SMTPNotSupportedError as err:
            raise accents_refused(server, mail.to) from err
        except _UnansweredError as err:
            raise unconfirmed(found) from err
    return found


def compose(server: MailServer, mail: Mail, *, at: datetime, message_id: str = "") -> EmailMessage:
    """The message as it goes over the line.

    Raises:
        InvalidError: a name or a subject would make a header of its own.
    """
    names = [each.name for each in mail.attachments]
    for text in (mail.subject, mail.to_name, server.sender_name, *names):
        _refuse_control_characters(text)
    message = EmailMessage()
    message["From"] = _address(server.sender_name, server.sender)
    message["To"] = _address(mail.to_name, mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id or new_message_id(server)
    message.set_content(mail.body)
    for each in mail.attachments:
        main, _slash, sub = each.media_type.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
    return message


def _address(name: str, address: str) -> Address:
    """Of the two parts, since from a whole one the library takes no accents (RFC 6531)."""
    local, _at, domain = checked_address(address).rpartition("@")
    return Address(name, local, domain)


class _UnansweredError(Exception):
    """The mail is whole on its way, and the server did not say whether it took it."""


class _Line(smtplib.SMTP):
    """A line that breaks at the end of a mail leaves open whether the server took it."""

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:  # the server answered that it does not
            raise
        except OSError as err:
            raise _UnansweredError from err


class _EncryptedLine(_Line, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""


@contextmanager
def _connected(server: MailServer) -> Iterator[_Line]:
    """A line that is encrypted and logged in, as the settings ask."""
    line = _opened(server)
    try:
        if server.security == "starttls":
            line.starttls(context=_trust(server))
        if server.user and server.password is not None:
            _log_in(line, server.user, server.password)
        yield line
    finally:
        with suppress(OSError):  # whatever becomes of the farewell, the mail is settled
            line.quit()
        line.close()


def _log_in(line: smtplib.SMTP, user: str, password: Secret) -> None:
    """The library sends ASCII alone, and its own complaint would quote the password."""
    if not (user.isascii() and password.reveal().isascii()):
        raise InvalidError(
            _("the login {user} at the mail server has letters that cannot be sent").format(
                user=user
            ),
            hint=_("choose a mail_user and a password without accents"),
        )
    line.login(user, password.reveal())


def _opened(server: MailServer) -> _Line:
    if server.security == "tls":
        return _EncryptedLine(
            server.host, server.port, timeout=server.seconds, context=_trust(server)
        )
    return _Line(server.host, server.port, timeout=server.seconds)


def _trust(server: MailServer) -> ssl.SSLContext:
    """The system's authorities, or the one of the settings alone."""
    if not server.ca_file:
        return ssl.create_default_context()
    try:
        return ssl.create_default_context(cafile=Path(server.ca_file))
    except OSError as err:  # an SSLError too, where the file is no PEM
        raise InvalidError(
            _("mail_ca_file: {file} cannot be used").format(file=server.ca_file),
            hint=_("give a readable PEM file with the authority's certificate"),
        ) from err


def _refuse_control_characters(text: str) -> None:
    if CONTROL.search(text):
        raise InvalidError(
            _("{text} cannot stand in the head of a mail").format(text=repr(text)),
            hint=_("remove the line end or control character from it"),
        )
