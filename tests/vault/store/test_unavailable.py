"""What goes wrong on the way to the safe, said in our words, without a token in them."""

import socket
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from opskit.core.errors import InvalidError, OpsError, UnavailableError
from opskit.core.http import AuditFailingError, VaultSealedError
from opskit.core.secret import Secret
from vault.entries import EntryRef
from vault.ports import Connection
from vault.store.hvac_client import SafeClient
from vault.store.hvac_store import HvacStore
from vault.store.lean_store import LeanReader, open_http

REF = EntryRef.parse("DELEZE/prod/erp-db")
TOKEN = Secret("s.sentinel-token")
HERE = Connection("http://127.0.0.1:1", timeout=0.5, mend_hint="opskit local start")

POLL = 0.01

# What a server may answer, and what is made of it.
ANSWERS = [
    (503, '{"errors":["Vault is sealed"]}', VaultSealedError),
    (503, '{"errors":["something"]}', UnavailableError),
    (500, '{"errors":["internal error"]}', AuditFailingError),
    (500, '{"errors":["1 error occurred: disk"]}', UnavailableError),
    (502, "<html>bad gateway</html>", UnavailableError),
    (429, '{"errors":["rate limit quota exceeded"]}', UnavailableError),
    (400, '{"errors":["bad"]}', InvalidError),
    (307, "", UnavailableError),
    (200, "<html>a proxy's login page</html>", UnavailableError),
]


@contextmanager
def server_that_answers(status: int, content: str) -> Iterator[Connection]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status == 307:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_args: object) -> None:
            """The test's output stays clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(POLL,))
    thread.start()
    try:
        yield replace(HERE, address=f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read(kind: str, connection: Connection, token: Secret = TOKEN) -> Secret:
    if kind == "hvac":
        return HvacStore(SafeClient(connection, token)).read_secret(REF, "password", None)
    return LeanReader(open_http(connection, token)).read_secret(REF, "password", None)


def failure(kind: str, connection: Connection, token: Secret = TOKEN) -> OpsError:
    """What reading one secret there comes to; never with the token in it."""
    with pytest.raises(OpsError) as caught:
        read(kind, connection, token)
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.hint
    assert TOKEN.reveal() not in shown
    return caught.value


kinds = pytest.mark.parametrize("kind", ["lean", "hvac"])


@kinds
@pytest.mark.parametrize(("status", "content", "expected"), ANSWERS)
def test_every_answer_has_its_error(
    kind: str, status: int, content: str, expected: type[OpsError]
) -> None:
    with server_that_answers(status, content) as connection:
        assert type(failure(kind, connection)) is expected


@kinds
def test_a_stopped_server_is_unavailable_with_the_command_that_starts_it(kind: str) -> None:
    err = failure(kind, HERE)
    assert isinstance(err, UnavailableError)
    assert err.hint == "opskit local start"


@kinds
def test_a_silent_server_is_asked_once_and_given_up_after_the_timeout(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        err = failure(kind, replace(HERE, address=f"http://127.0.0.1:{port}"))
        assert isinstance(err, UnavailableError)
        assert "in time" in err.message
        assert connections(silent) == 1


@kinds
def test_a_connection_that_breaks_is_tried_no_third_time(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as breaking:
        asked: list[int] = []
        thread = Thread(target=hang_up, args=(breaking, asked), daemon=True)
        thread.start()
        port = breaking.getsockname()[1]
        err = failure(kind, replace(HERE, address=f"http://127.0.0.1:{port}"))
        breaking.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert isinstance(err, UnavailableError)
    assert len(asked) == 2


@kinds
def test_a_token_that_is_no_header_is_never_shown(kind: str) -> None:
    failure(kind, HERE, Secret(TOKEN.reveal() + "\n"))


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:2")
    monkeypatch.setenv("VAULT_TOKEN", "of-somebody-else")
    monkeypatch.setenv("VAULT_ADDR", "http://127.0.0.1:3")
    monkeypatch.setenv("VAULT_SKIP_VERIFY", "true")
    safe = SafeClient(replace(HERE, ca_file="/etc/our-ca.pem"), TOKEN)
    assert safe.api.token == TOKEN.reveal()
    assert safe.api.url == HERE.address
    assert safe.api.adapter.session.trust_env is False
    assert safe.api.adapter._kwargs["verify"] == "/etc/our-ca.pem"


def connections(server: socket.socket) -> int:
    """How many were made and never answered."""
    server.setblocking(False)
    count = 0
    while True:
        try:
            server.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def hang_up(server: socket.socket, asked: list[int]) -> None:
    """Take every connection, read the request, and drop it."""
    while True:
        try:
            connection = server.accept()[0]
        except OSError:
            return
        with connection:
            asked.append(len(connection.recv(65536)))
