"""Where mail goes, as the settings say."""

import re
from dataclasses import dataclass

from opskit.core.config import Settings
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.mail_password import mail_password
from opskit.core.secret import Secret

SECONDS = 20.0
USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
HIGHEST_PORT = 65535

LONGEST_ADDRESS = 254

_ATOM = r"[^@.\s<>()\[\]\\,;:\"\x00-\x1f\x7f]+"
_DOTTED = rf"{_ATOM}(?:\.{_ATOM})*"
_ADDRESS = re.compile(rf"(?!=\?){_DOTTED}@{_DOTTED}")  # what begins like =?utf-8? reads as another


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, as the settings say."""

    host: str
    port: int
    security: str
    sender: str
    sender_name: str = ""
    user: str = ""
    password: Secret | None = None
    ca_file: str = ""
    seconds: float = SECONDS  # patience with each answer

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


def mail_server(settings: Settings) -> MailServer:
    """The server of the settings, with the password of its user.

    Raises:
        NotFoundError: no server, or no sender, is set; the user's password is nowhere.
        InvalidError: the sender is no address, the port no port; an open line and a password.
        UnavailableError: the keyring does not answer.
    """
    for key in ("mail_server", "mail_from"):
        if not getattr(settings, key):
            raise NotFoundError(
                _("no mail can be sent: {key} is not set").format(key=key),
                hint=_("put it into settings.toml; docs/settings.md lists the keys"),
            )
    if settings.mail_user and settings.mail_security == "none":
        raise InvalidError(
            _("mail_security is none: no password goes over an open line"),
            hint=_("set mail_security to starttls or tls, or remove mail_user"),
        )
    if not 0 <= settings.mail_port <= HIGHEST_PORT:
        raise InvalidError(
            _("mail_port: {port} is no port").format(port=settings.mail_port),
            hint=_("a number up to 65535; 0 is the usual port of mail_security"),
        )
    return MailServer(
        host=settings.mail_server,
        port=settings.mail_port or USUAL_PORTS[settings.mail_security],
        security=settings.mail_security,
        sender=checked_address(settings.mail_from),
        sender_name=settings.support_name,
        user=settings.mail_user,
        password=mail_password(settings) if settings.mail_user else None,
        ca_file=settings.mail_ca_file,
    )


def checked_address(address: str) -> str:
    """The address as it is.

    Raises:
        InvalidError: it is none, or more than one.
    """
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise InvalidError(
            _("{text} is no mail address").format(text=repr(address)),
            hint=_("it looks like anna@example.ch"),
        )
    return address
