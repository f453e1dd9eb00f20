"""A lean JSON client for the safe's HTTP interface.

`opskit vault get` pays for every import, so only the standard library is used here, and `ssl` is
asked for only where the address is https. Proxies are never used and redirections never followed:
the token goes to the given address or nowhere.
"""

import json
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Self
from urllib.parse import quote, urlsplit

from opskit.core.errors import DeniedError, InvalidError, NotFoundError, OpsError, UnavailableError
from opskit.core.i18n import _, colon
from opskit.core.system_errors import reason_of

TICKET_HEADER = "X-Opskit-Ticket"  # kept by the server's audit log in plain text
TOKEN_HEADER, NAMESPACE_HEADER = "X-Vault-Token", "X-Vault-Namespace"
READS = frozenset({"GET", "HEAD", "LIST", "SCAN"})
LONGEST_REASON = 200


class VaultSealedError(UnavailableError):
    """The server answered but is sealed; retrying will not help."""

    reference = "vault-sealed"


class AuditFailingError(UnavailableError):
    """The server cannot write its audit log, and so answers nobody."""

    reference = "audit-failing"


class Reply:
    """A status and the parsed JSON body, `{}` where there is none.

    It has no repr of its own, for it may hold secrets.
    """

    __slots__ = ("data", "status")

    def __init__(self, status: int, data: dict[str, Any]) -> None:
        self.status = status
        self.data = data

    @property
    def errors(self) -> list[str]:
        """What the server complained about."""
        errors = self.data.get("errors")
        return [str(each) for each in errors] if isinstance(errors, list) else []

    @property
    def reason(self) -> str:
        """The same on one line, else the status."""
        words = " ".join("; ".join(self.errors).split())
        return words[:LONGEST_REASON] or f"HTTP {self.status}"


class VaultHttp:
    """One connection to one server, kept open between requests; not for several threads.

    `mend` is the command that the hint names when the server does not answer.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        namespace: str = "",
        ca_file: str | None = None,
        timeout: float = 10.0,
        mend: str = "opskit doctor",
    ) -> None:
        self.address = address
        self._mend = mend
        self._ca_file = ca_file
        self._timeout = timeout
        self._headers = {"X-Vault-Request": "true"}
        if token:
            self._headers[TOKEN_HEADER] = token
        if namespace:
            self._headers[NAMESPACE_HEADER] = namespace
        self._connection, self._base = _connect(address, ca_file, timeout)

    def twin(self) -> "VaultHttp":
        """The same with a connection of its own, for another thread."""
        return VaultHttp(
            self.address,
            token=self._headers.get(TOKEN_HEADER),
            namespace=self._headers.get(NAMESPACE_HEADER, ""),
            ca_file=self._ca_file,
            timeout=self._timeout,
            mend=self._mend,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; a later request connects again."""
        self._connection.close()

    def request(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Send one request and return the answer, whatever its status.

        `path` starts with `v1/`; build it with `api_path`.

        Raises:
            UnavailableError: no connection, no answer in time, or an answer that is no JSON.
            VaultSealedError: the server is sealed.
            AuditFailingError: it cannot write its audit log.
            InvalidError: a header or the token holds a character that HTTP forbids.
        """
        sent = {**self._headers, **(headers or {})}
        _refuse_bad_headers(sent)
        payload = None
        if body is not None:
            payload = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        response, content = self._exchange(method, f"{self._base}/{path}", payload, sent)
        reply = Reply(response.status, self._parsed(content))
        if reply.status == 503 and _is_sealed(reply):  # noqa: PLR2004
            raise VaultSealedError(
                _("the safe at {address} is sealed").format(address=self.address), hint=self._mend
            )
        if reply.status == 500 and is_audit_failure(reply.errors):  # noqa: PLR2004
            raise audit_failing(self.address)
        return reply

    def _exchange(
        self, method: str, target: str, payload: bytes | None, headers: dict[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        # A server may hang up on a kept connection, and a purge during SCAN makes OpenBao drop a
        # new one; a read is then safe to repeat, once. Where nobody listens, nobody is asked again.
        repeatable = method in READS
        while True:
            try:
                self._connection.request(method, target, payload, headers)
                response = self._connection.getresponse()
                return response, response.read()
            except TimeoutError as err:
                self.close()
                raise self._unavailable(_("no answer in time")) from err
            except (OSError, HTTPException) as err:
                self.close()
                is_dropped = isinstance(err, ConnectionError) and not isinstance(
                    err, ConnectionRefusedError
                )
                if not (repeatable and is_dropped):
                    raise self._unavailable(reason_of(err)) from err
                repeatable = False

    def _parsed(self, content: bytes) -> dict[str, Any]:
        if not content.strip():
            return {}
        try:
            parsed = json.loads(content)
        except ValueError:
            # The content is not shown, nor chained: it may be anything.
            parsed = None
        if not isinstance(parsed, dict):
            raise self._unavailable(_("the answer is no JSON, so this is no Vault"))
        return parsed

    def _unavailable(self, reason: str) -> UnavailableError:
        return UnavailableError(
            _("the safe at {address} does not answer: {reason}").format(
                address=self.address, reason=reason
            ),
            hint=self._mend,
        )


def api_path(*parts: str) -> str:
    """Join and quote the segments of a path: `api_path("kv/data", "ACME/prod/db")`.

    Raises:
        InvalidError: a segment is empty, `.` or `..`, and would leave the place it names.
    """
    segments = "/".join(parts).split("/")
    if not {"", ".", ".."}.isdisjoint(segments):
        raise InvalidError(
            _("bad path {path}").format(path="/".join(parts)),
            hint=_("no segment may be empty, . or .."),
        )
    return "v1/" + "/".join(quote(each, safe="") for each in segments)


def is_audit_failure(errors: Iterable[str]) -> bool:
    """Whether a 500 with these words says it. Tried with OpenBao 2.7.2: its health stays good."""
    return any(each == "internal error" or "failed to audit" in each for each in errors)


def audit_failing(address: str) -> AuditFailingError:
    return AuditFailingError(
        _(
            "the safe at {address} refuses every request: most likely it cannot write its audit log"
        ).format(address=address),
        hint=_(
            "whoever runs the server: is the disk full, the log's file writable? "
            "For this home's own, opskit local logs says more"
        ),
    )


def raise_for(reply: Reply, what: str) -> None:
    """Pass a good answer, turn any other into the error that says what could not be done.

    Raises:
        InvalidError: 400 and every other refusal of the request itself.
        DeniedError: 403. NotFoundError: 404. UnavailableError: 5xx, and a redirection.
    """
    if reply.status < 300:  # noqa: PLR2004
        return
    raise _error_for(reply.status, f"{colon(what)} {reply.reason}")


def _error_for(status: int, message: str) -> OpsError:
    if status == 403:  # noqa: PLR2004
        return DeniedError(message, hint=_("log in with opskit login, or ask an admin"))
    if status == 404:  # noqa: PLR2004
        return NotFoundError(message, hint=_("check the name"))
    if 400 <= status < 500:  # noqa: PLR2004
        return InvalidError(message, hint=_("change what was sent"))
    return UnavailableError(message, hint="opskit doctor")


def _connect(address: str, ca_file: str | None, timeout: float) -> tuple[HTTPConnection, str]:
    try:
        url = urlsplit(address)
        host, port = url.hostname, url.port
    except ValueError:
        url, host, port = urlsplit(""), None, None
    if host and url.scheme == "http":
        return HTTPConnection(host, port, timeout=timeout), url.path.rstrip("/")
    if host and url.scheme == "https":
        return _secure_connection(host, port, ca_file, timeout), url.path.rstrip("/")
    raise InvalidError(
        _("bad address {address}").format(address=address), hint="https://vault.example:8200"
    )


def _secure_connection(
    host: str, port: int | None, ca_file: str | None, timeout: float
) -> HTTPConnection:
    import ssl
    from http.client import HTTPSConnection

    try:
        trust = ssl.create_default_context(cafile=ca_file)
    except OSError as err:
        raise InvalidError(
            _("cannot use the certificates in {file}: {reason}").format(
                file=ca_file, reason=reason_of(err)
            ),
            hint=_("set vault_ca_file to a PEM file"),
        ) from err
    return HTTPSConnection(host, port, timeout=timeout, context=trust)


def _refuse_bad_headers(headers: dict[str, str]) -> None:
    """http.client would show the value, which may be the token, in its exception."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise InvalidError(
                _("the header {name} holds a character that HTTP forbids").format(name=name),
                hint=_("use plain ASCII letters, digits and signs"),
            )


def _is_sealed(reply: Reply) -> bool:
    return reply.data.get("sealed") is True or any("sealed" in each for each in reply.errors)
