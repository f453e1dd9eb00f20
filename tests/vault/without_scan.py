"""A stand-in for HashiCorp Vault's one difference: it answers 405 to SCAN.

Everything else is passed on to the real server behind it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

POLL = 0.01
KEPT = ("X-Vault-Token", "X-Vault-Request", "X-Opskit-Ticket", "Content-Type")


@contextmanager
def server_without_scan(address: str) -> Iterator[str]:
    """The address of a server that knows LIST but not SCAN."""
    target = urlsplit(address)

    class Handler(BaseHTTPRequestHandler):
        def do_SCAN(self) -> None:
            self._answer(405, b'{"errors":[]}')

        def do_LIST(self) -> None:
            self._pass_on()

        def do_GET(self) -> None:
            self._pass_on()

        def do_POST(self) -> None:
            self._pass_on()

        def do_PATCH(self) -> None:
            self._pass_on()

        def do_DELETE(self) -> None:
            self._pass_on()

        def log_message(self, *_args: object) -> None:
            """The test's output stays clean."""

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: self.headers[name] for name in KEPT if self.headers[name]}
            behind = HTTPConnection(str(target.hostname), target.port, timeout=5)
            behind.request(self.command, self.path, body or None, headers)
            answer = behind.getresponse()
            self._answer(answer.status, answer.read())
            behind.close()

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(POLL,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
