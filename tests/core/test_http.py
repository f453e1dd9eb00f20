"""The lean client: against the real safe, and against servers that misbehave."""

import json
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from opskit.core.errors import (
    DeniedError,
    InvalidError,
    NotFoundError,
    OpsError,
    UnavailableError,
)
from opskit.core.http import Reply, VaultHttp, VaultSealedError, api_path, raise_for
from tests.support.openbao import SafeServer

TOKEN = "s.SENTINELTOKEN"


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server on this machine that gives every request the same answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def test_reads_what_it_wrote(safe_server: SafeServer) -> None:
    with VaultHttp(safe_server.address, token=safe_server.token()) as http:
        written = http.request("POST", "v1/cubbyhole/a%20b", {"word": "été"})
        read = http.request("GET", api_path("cubbyhole", "a b"))
        listed = http.request("LIST", "v1/cubbyhole/")
    assert (written.status, written.data) == (204, {})
    assert read.data["data"] == {"word": "été"}
    assert listed.data["data"]["keys"] == ["a b"]


def test_a_refused_token_is_denied(safe_server: SafeServer) -> None:
    with VaultHttp(safe_server.address, token=TOKEN) as http:
        reply = http.request("GET", "v1/sys/mounts")
    with pytest.raises(DeniedError, match=r"reading the mounts: .*permission denied"):
        raise_for(reply, "reading the mounts")


def test_the_ticket_header_reaches_the_audit_log_in_clear(safe_server: SafeServer) -> None:
    with VaultHttp(safe_server.address, token=safe_server.token()) as http:
        http.request("GET", "v1/cubbyhole/x", headers={"X-Opskit-Ticket": "CS-4711"})
    lines = (safe_server.folder / "audit.log").read_text().splitlines()
    headers = [json.loads(each)["request"].get("headers", {}) for each in lines]
    assert ["CS-4711"] in [each.get("x-opskit-ticket") for each in headers]


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(UnavailableError, match="refused") as caught:
            VaultHttp(address, mend="opskit local start").request("GET", "v1/x")
    assert caught.value.hint == "opskit local start"


def test_a_silent_server_is_unavailable_within_the_timeout() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        http = VaultHttp(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        began = time.monotonic()
        with pytest.raises(UnavailableError, match="no answer in time"):
            http.request("GET", "v1/x")
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("body", [b'{"errors":["Vault is sealed"]}', b'{"sealed":true}'])
def test_a_sealed_server_has_its_own_reference(body: bytes) -> None:
    with (
        answering(lambda handler: send(handler, 503, body)) as address,
        VaultHttp(address) as http,
        pytest.raises(VaultSealedError) as caught,
    ):
        http.request("GET", "v1/x")
    assert (caught.value.reference, caught.value.exit_code) == ("vault-sealed", 7)


@pytest.mark.parametrize("body", [b"<html>proxy login</html>", b"[1]", b"\xff\xfe"])
def test_an_answer_that_is_no_vault_answer(body: bytes) -> None:
    with (
        answering(lambda handler: send(handler, 200, body)) as address,
        VaultHttp(address) as http,
        pytest.raises(UnavailableError, match="no Vault"),
    ):
        http.request("GET", "v1/x")


def test_follows_no_redirection_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    asked: list[str] = []

    def redirect(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        send(handler, 307, b"", Location="/v1/elsewhere")

    with answering(redirect) as address, VaultHttp(address) as http:
        reply = http.request("GET", "v1/x")
    assert asked == ["/v1/x"]
    with pytest.raises(UnavailableError):
        raise_for(reply, "reading")


def test_a_kept_connection_that_was_closed_is_opened_again() -> None:
    def once(handler: BaseHTTPRequestHandler) -> None:
        send(handler, 200, b"{}")
        handler.close_connection = True  # without saying so

    with answering(once) as address, VaultHttp(address) as http:
        for _ in range(3):
            assert http.request("GET", "v1/x").status == 200
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidError),
        (403, DeniedError),
        (404, NotFoundError),
        (412, InvalidError),
        (500, UnavailableError),
        (502, UnavailableError),
    ],
)
def test_a_bad_status_becomes_an_error(status: int, error: type[OpsError]) -> None:
    with pytest.raises(error, match=f"^reading: HTTP {status}$") as caught:
        raise_for(Reply(status, {}), "reading")
    assert type(caught.value) is error


def test_a_good_status_passes() -> None:
    raise_for(Reply(200, {}), "reading")
    raise_for(Reply(204, {}), "reading")


@pytest.mark.parametrize("path", ["a/../b", "..", "a//b", "a/", "/a", "./a", ""])
def test_a_path_cannot_leave_its_place(path: str) -> None:
    with pytest.raises(InvalidError):
        api_path("kv/data", path)


def test_a_path_is_quoted() -> None:
    assert api_path("kv/data", "AC/é#?% x") == "v1/kv/data/AC/%C3%A9%23%3F%25%20x"


@pytest.mark.parametrize("address", ["", "127.0.0.1:8200", "ftp://x", "http://", "http://x:y"])
def test_a_bad_address(address: str) -> None:
    with pytest.raises(InvalidError):
        VaultHttp(address)


@pytest.mark.parametrize("ending", ["", "\r\nX-Other: 1", "\n", "é"])
def test_the_token_is_in_no_text(ending: str) -> None:
    token = TOKEN + ending
    http = VaultHttp("http://127.0.0.1:9", token=token)
    with pytest.raises(OpsError) as caught:
        http.request("GET", "v1/x")
    shown = "".join(traceback.format_exception(caught.value)) + repr(http) + str(vars(caught.value))
    assert TOKEN not in shown


def test_a_missing_certificate_file_is_explained() -> None:
    with pytest.raises(InvalidError, match=r"nowhere\.pem"):
        VaultHttp("https://127.0.0.1:9", ca_file="nowhere.pem")


def test_loads_nothing_heavy() -> None:
    program = (
        "import sys, opskit.core.http, opskit.local.state; "
        "print([m for m in ('typer','rich','hvac','sqlalchemy','cryptography','keyring',"
        "'subprocess','asyncio','requests') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"
