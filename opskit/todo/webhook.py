"""A message to a channel of Teams, or to whatever else apprise reaches, through one address.

The address stands in no message and no error. apprise logs what went wrong and keeps the exception
to itself; the logging handler here looks at that exception, never at its text, which holds the
address.
"""

import logging
import re
import sys
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from opskit.core.errors import InvalidError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.todo.channels import WEBHOOK
from opskit.todo.errors import WebhookUnconfirmedError
from opskit.todo.letters import Letter
from opskit.todo.receivers import Receiver

if TYPE_CHECKING:
    from apprise import NotifyBase

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_STATUS = re.compile(r"error=(\d{3})")
_GATEWAY_ERRORS = (502, 504)  # who stands before it does not know
SECONDS = 20.0  # patience with its answer


class WebhookChannel:
    """One message for everybody, posted once: no redirection, no second try."""

    name = WEBHOOK

    def __init__(self, address: Secret) -> None:
        """Raises InvalidError: apprise knows no such address, or the line would be open."""
        self._service = _service_at(address)

    def new_id(self) -> str:
        return f"reminder-{uuid.uuid4()}"

    def post(self, letter: Letter, receiver: Receiver, *, at: datetime, message_id: str) -> None:
        """Hand the message over.

        Raises:
            UnavailableError: the address did not take it.
            WebhookUnconfirmedError: it may have.
        """
        from apprise import NotifyFormat

        del at, message_id
        with _listening() as heard:
            try:
                is_taken = self._service.notify(
                    body=letter.body, title=letter.subject, body_format=NotifyFormat.MARKDOWN
                )
            except OSError:  # apprise keeps those of a line to itself
                raise _not_taken(
                    receiver, _("its certificate cannot be checked: see REQUESTS_CA_BUNDLE")
                ) from None
        if not is_taken:
            raise _explained(receiver, heard)


class _Heard(logging.Handler):
    """What apprise says while it posts: a status, or the exception that it is in the middle of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.status: int | None = None
        self.exception: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.exception = sys.exc_info()[1] or self.exception
        found = _STATUS.search(record.getMessage())
        if found:
            self.status = int(found[1])


@contextmanager
def _listening() -> Iterator[_Heard]:
    """Nothing of it goes on to anybody else's log, since the address may stand in it."""
    heard = _Heard()
    with _kept_from_others("apprise", heard), _kept_from_others("urllib3", logging.NullHandler()):
        yield heard


@contextmanager
def _kept_from_others(name: str, handler: logging.Handler) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.handlers, logger.propagate, logger.level
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.handlers, logger.propagate = before[:2]
        logger.setLevel(before[2])


def _service_at(address: Secret) -> "NotifyBase":
    from apprise import Apprise, AppriseAsset, PersistentStoreMode

    asset = AppriseAsset(
        secure_logging=True,
        storage_mode=PersistentStoreMode.MEMORY,
        http_redirects=False,
        app_id="opskit",
        image_url_mask="",  # a card would show its icon, from a server of somebody else
    )
    # It loads every service that it knows, and with one of them a module that Python gives up.
    with _listening(), warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        service = Apprise.instantiate(address.reveal().strip(), asset=asset)
    if service is None:
        raise InvalidError(
            _("the address of the channel is none that can be sent to"),
            hint=_("copy the whole address that Teams shows; docs/todo.md says where"),
        )
    service.socket_read_timeout, service.redirects = SECONDS, False  # whatever the address wishes
    if service.host not in LOOPBACK:
        _refuse_open(service)
    return service


def _refuse_open(service: "NotifyBase") -> None:
    if _is_open(service):
        raise InvalidError(
            _("the address of the channel is not encrypted, so nothing is sent to it"),
            hint=_("give one that begins with https:// or jsons://"),
        )
    if not service.verify_certificate:
        raise InvalidError(
            _("the address of the channel asks for no proof of whose it is"),
            hint=_("remove verify=no from it; REQUESTS_CA_BUNDLE names another authority"),
        )


def _is_open(service: "NotifyBase") -> bool:
    """Whether the service was named by a word that stands for a line in the clear."""
    words: Any = service.protocol  # one, several, or none
    return service.schema in ([words] if isinstance(words, str) else words or ())


def _explained(receiver: Receiver, heard: _Heard) -> OpsError:
    """Only where the request cannot have arrived, or was refused, is it certain that it failed."""
    if heard.status is not None and heard.status not in _GATEWAY_ERRORS:
        reason = _("it answers {status}").format(status=heard.status)
        return _not_taken(receiver, reason)
    if heard.exception is not None and _never_left(heard.exception):
        return _not_taken(receiver, _("it cannot be reached"))
    return WebhookUnconfirmedError(
        _("the channel of {name} did not say whether it took the message").format(
            name=receiver.name
        ),
        hint=_("look into the channel; to send it again: opskit remind --send --again"),
    )


def _never_left(err: BaseException) -> bool:
    """The connection was never made: refused, no such host, no trust in the certificate."""
    from ssl import SSLCertVerificationError

    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(err, ConnectTimeout):
        return True
    outer = err.args[0] if err.args else None
    reason = outer.reason if isinstance(outer, MaxRetryError) else None
    cause = reason.args[0] if reason is not None and reason.args else None
    return isinstance(reason, NewConnectionError) or isinstance(cause, SSLCertVerificationError)


def _not_taken(receiver: Receiver, reason: str) -> UnavailableError:
    return UnavailableError(
        _("the channel of {name} does not take the message: {reason}").format(
            name=receiver.name, reason=reason
        ),
        hint=_("nothing was sent: check the address, and try again"),
    )
