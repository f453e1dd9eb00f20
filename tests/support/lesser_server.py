"""A server that knows less than OpenBao; everything else is passed on to the real one behind it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from opskit.local.state import FILE_NAME
from tests.support.home import House

POLL = 0.01
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "LIST", "SCAN")
KEPT = ("X-Vault-Token", "X-Vault-Request", "X-Vault-Wrap-TTL", "X-Opskit-Ticket", "Content-Type")

Refusal = Callable[[str, str], tuple[int, bytes] | None]
"""Method and path to what the server answers by itself; None where it passes the request on.

It may raise HangUpError: the connection then ends without an answer.
"""


class HangUpError(Exception):
    """There is no answer."""


UNSUPPORTED = b'{"errors":["1 error occurred:\\n\\t* unsupported path\\n\\n"]}'


def without_control_groups(_method: str, path: str) -> tuple[int, bytes] | None:
    """As HashiCorp Vault's open edition and an older OpenBao answer."""
    return (404, UNSUPPORTED) if path.startswith("/v1/sys/control-group/") else None


def point_at(house: House, address: str) -> None:
    """Let every command of the home go through another address."""
    state = house.home.safe_folder / FILE_NAME
    kept = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps({**kept, "address": address}), encoding="utf-8")


@contextmanager
def lesser_server(address: str, refusal: Refusal, *, unknown: Sequence[str] = ()) -> Iterator[str]:
    """The address of that server; `unknown` are numbers and flags that it lacks."""
    target = urlsplit(address)
    facts = re.compile(rf',?\s*"(?:{"|".join(unknown)})":\s*(?:\d+|true|false)'.encode())

    def without(content: bytes) -> bytes:
        return facts.sub(b"", content) if unknown else content

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = without(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            try:
                refused = refusal(self.command, self.path)
            except HangUpError:
                return
            if refused is not None:
                self._answer(*refused)
                return
            headers = {name: self.headers[name] for name in KEPT if self.headers[name]}
            behind = HTTPConnection(str(target.hostname), target.port, timeout=5)
            with closing(behind), suppress(ConnectionError):  # whoever asked may have gone
                behind.request(self.command, self.path, body or None, headers)
                answer = behind.getresponse()
                self._answer(answer.status, without(answer.read()))

        def log_message(self, *_args: object) -> None:
            """The test's output stays clean."""

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    for method in METHODS:
        setattr(Handler, f"do_{method}", Handler.handle_one)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(POLL,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
