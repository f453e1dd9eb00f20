"""Ways on which a reminder goes out."""

from datetime import datetime
from typing import Protocol

from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.mail import Mail, new_message_id, send
from opskit.core.mail_server import MailServer
from opskit.todo.letters import Letter
from opskit.todo.receivers import Receiver

MAIL, WEBHOOK = "mail", "webhook"


class Channel(Protocol):
    """Hands a letter over, once."""

    @property
    def name(self) -> str: ...

    def new_id(self) -> str:
        """By which the message will be known again, also after a crash."""
        ...

    def post(self, letter: Letter, receiver: Receiver, *, at: datetime, message_id: str) -> None:
        """Raises OpsError: it did not go out; or one of `sending.IN_DOUBT`, and nobody knows."""
        ...


class MailChannel:
    """A mail to each person."""

    name = MAIL

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def new_id(self) -> str:
        return new_message_id(self._server)

    def post(self, letter: Letter, receiver: Receiver, *, at: datetime, message_id: str) -> None:
        """Raises as `opskit.core.mail.send`; and NotFoundError: nobody noted an address."""
        if not receiver.address:
            raise NotFoundError(
                _("{name} has no mail address").format(name=receiver.name),
                hint=_("add it to the table of the team: opskit staff import FILE"),
            )
        mail = Mail(receiver.address, letter.subject, letter.body, to_name=receiver.name)
        send(self._server, mail, at=at, message_id=message_id)
