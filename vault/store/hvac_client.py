"""hvac, tamed: the token given explicitly, the certificates pinned, its failures translated.

Verified with hvac 2.4.0: `token=None` would read the environment and ~/.vault-token, `verify` is
ignored beside `session`, and a session that trusts the environment takes its proxies and netrc.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any

import hvac
import requests
from hvac import exceptions as refused
from hvac.adapters import JSONAdapter
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from opskit.core.errors import ConflictError, InvalidError, NotFoundError, UnavailableError
from opskit.core.http import READS, VaultSealedError, audit_failing, is_audit_failure
from opskit.core.i18n import _, colon
from opskit.core.secret import Secret
from vault.errors import login_needed
from vault.ports import Connection
from vault.store.consistency import ConsistentAdapter
from vault.store.persistence import Persistence, StandbyError
from vault.store.refusals import Holder, denial

OK = 200
THREADS = 12  # that may use one client at a time, each on a connection that is kept


class _OnceMore(Retry):
    """Repeats a read whose connection broke: a purge during SCAN makes OpenBao drop it.

    A server that is silent is not asked twice, or the wait would be twice the timeout.
    """

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> "_OnceMore":
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(method, url, response, error, _pool, _stacktrace)


_READS_ONCE_MORE = _OnceMore(
    total=1, connect=0, read=1, status=0, allowed_methods=("GET", "LIST", "SCAN")
)


class StrangeAnswerError(requests.RequestException):
    """A page where JSON should be."""


class _StrictAdapter(JSONAdapter):  # type: ignore[misc] # hvac has no types
    """Gives what the safe answered, or nothing: the token goes to no other address.

    Reads are repeated while a cluster has no leader.
    """

    def __init__(self, *args: Any, persistence: Persistence, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._persistence = persistence

    def request(self, method: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (as hvac has it)
        def ask() -> Any:  # noqa: ANN401
            return self._request_once(method, *args, **kwargs)

        return self._persistence.repeat(ask) if method.upper() in READS else ask()

    def _request_once(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        reply = super().request(*args, **kwargs)
        if isinstance(reply, requests.Response):
            if reply.is_redirect:
                raise StandbyError
            if reply.status_code == OK:
                raise StrangeAnswerError
        return reply


class SafeClient:
    """A logged-in hvac client; `api` is hvac's own."""

    def __init__(self, connection: Connection, token: Secret | None) -> None:
        """Nothing is sent yet.

        Raises:
            LoginNeededError: there is no token.
        """
        if token is None:
            raise login_needed()
        self.connection = connection
        self.persistence = Persistence(connection.patience)
        self.api: Any = hvac.Client(
            url=connection.address,
            token=token.reveal(),
            namespace=connection.namespace or None,
            timeout=connection.timeout,
            allow_redirects=False,
            adapter=partial(_StrictAdapter, persistence=self.persistence),
            session=_session(connection),
        )

    @contextmanager
    def explaining(self, what: str, *roles: str) -> Iterator[None]:
        """Translate what hvac raises; `what` could not be done, `roles` could have done it.

        Raises:
            DeniedError, NotFoundError, ConflictError, InvalidError, UnavailableError.
        """
        try:
            yield
        except refused.Forbidden as err:
            raise denial(what, roles, self._holder()) from err
        except refused.InvalidPath as err:
            raise NotFoundError(
                _("{what}: the safe has no such thing").format(what=what),
                hint="opskit vault provision --check",
            ) from err
        except refused.InvalidRequest as err:
            raise _bad_request(what, err) from err
        except refused.VaultDown as err:
            raise self._down(err) from err
        except refused.InternalServerError as err:
            if is_audit_failure(map(str, err.errors or ())):
                raise audit_failing(self.connection.address) from err
            raise self._unavailable(f"{colon(what)} {_reason(err)}") from err
        except refused.RateLimitExceeded as err:
            raise UnavailableError(
                _("{what}: the safe is too busy").format(what=what),
                hint=_("try again in a minute"),
            ) from err
        except refused.VaultError as err:
            raise self._unavailable(f"{colon(what)} {_reason(err)}") from err
        except requests.RequestException as err:
            # Its text may hold a header, and so the token: it is neither shown nor chained.
            raise self._unavailable(_why(err)) from None

    def _holder(self) -> Holder | None:
        """Whose token it is; None where the server knows it no longer, which a 403 does not say."""
        with self.explaining(_("cannot tell who you are")):
            try:
                reply = self.api.adapter.request("GET", "/v1/auth/token/lookup-self")
            except refused.Forbidden:
                return None
            return Holder.of(reply["data"])

    def _down(self, err: refused.VaultError) -> UnavailableError:
        if "sealed" in _reason(err):
            return VaultSealedError(
                _("the safe at {address} is sealed").format(address=self.connection.address),
                hint=self.connection.mend_hint,
            )
        return self._unavailable(_reason(err))

    def _unavailable(self, reason: str) -> UnavailableError:
        return UnavailableError(
            _("the safe at {address} does not answer: {reason}").format(
                address=self.connection.address, reason=reason
            ),
            hint=self.connection.mend_hint,
        )


def _session(connection: Connection) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.verify = connection.ca_file or True
    for scheme in ("http://", "https://"):
        session.mount(scheme, ConsistentAdapter(max_retries=_READS_ONCE_MORE, pool_maxsize=THREADS))
    return session


def _why(err: requests.RequestException) -> str:
    match err:
        case StrangeAnswerError():
            return _("the answer is no JSON, so this is no Vault")
        case StandbyError():
            return _("it sends one to another server, which opskit does not follow")
        case requests.Timeout():
            return _("no answer in time")
        case _:
            return type(err).__name__


def _bad_request(what: str, err: refused.VaultError) -> ConflictError | InvalidError:
    reason = _reason(err)
    if is_check_and_set(err):
        return ConflictError(
            _("{what}: it changed meanwhile").format(what=what), hint=_("look, then try again")
        )
    return InvalidError(f"{what}: {reason}", hint=_("change what was sent"))


def is_check_and_set(err: refused.VaultError) -> bool:
    """Whether the server refused because another version came between."""
    return "check-and-set" in _reason(err)


def _reason(err: refused.VaultError) -> str:
    # The server's own words; the exception's text would add the address, its body anything.
    return " ".join("; ".join(map(str, err.errors or ())).split()) or type(err).__name__
