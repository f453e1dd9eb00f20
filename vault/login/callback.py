"""Where the browser brings the answer of a login page: a listener on this machine alone.

Only the answer with the right `state` counts; whatever else knocks is sent away, and the waiting
goes on.
"""

import os
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from queue import Empty, SimpleQueue
from socketserver import ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of

PATH = "/oidc/callback"
POLL = 0.05  # seconds until the listener notices that it shall end
SILENCE = 5.0  # seconds; browsers connect ahead of time and then say nothing


class Callback:
    """Listens from entering to leaving."""

    def __init__(self, port: int) -> None:
        """Port 0 is any that is free.

        Raises:
            UnavailableError: another program listens there, or the system does not allow it.
        """
        try:
            self._server = _Server(port)
        except OSError as err:
            raise UnavailableError(
                _("cannot listen on port {port}: {reason}").format(
                    port=port, reason=reason_of(err)
                ),
                hint=_("--port 0 takes any port that is free"),
            ) from err
        self._thread = Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """By the name that login pages let through with any port (RFC 8252)."""
        return f"http://localhost:{self.port}{PATH}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def expect(self, state: str) -> None:
        """From now on the answer with this state is let in."""
        self._server.state = state

    def wait(self, seconds: float) -> dict[str, str]:
        """What the browser brought: `code`, or `error` and what the login page says of it.

        Raises:
            UnavailableError: nobody came in that time.
        """
        try:
            return self._server.brought.get(timeout=seconds)
        except Empty:
            raise UnavailableError(
                _("no answer came from the browser in {seconds} s").format(seconds=int(seconds)),
                hint=_("log in again, and open the address on this machine"),
            ) from None


class _Server(ThreadingTCPServer):
    """Not the library's HTTPServer, which would ask a name server who 127.0.0.1 is."""

    daemon_threads = True
    block_on_close = False  # a browser's idle connection holds nobody up
    allow_reuse_address = os.name == "posix"  # on Windows two programs would share the port

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Knock)
        self.state = ""
        self.brought: SimpleQueue[dict[str, str]] = SimpleQueue()


class _Knock(BaseHTTPRequestHandler):
    timeout = SILENCE
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        brought = dict(parse_qsl(url.query))
        if url.path != PATH:
            self._answer(HTTPStatus.NOT_FOUND, _("There is nothing here."))
        elif not self.server.state or brought.get("state") != self.server.state:
            self._answer(HTTPStatus.BAD_REQUEST, _("This answer belongs to another login."))
        else:
            self.server.brought.put(brought)
            self._answer(HTTPStatus.OK, _("opskit has the answer: go on in the terminal."))

    def _answer(self, status: HTTPStatus, text: str) -> None:
        page = f'<!doctype html><meta charset="utf-8"><title>opskit</title><p>{escape(text)}</p>\n'
        content = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as the library has it)
        """The answer is in the address, and goes into no log."""
