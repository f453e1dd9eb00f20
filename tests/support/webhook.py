"""A real HTTP server on loopback that takes what is posted to a channel, or refuses it."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 20.0
HANG_UP = 0  # instead of an answer
SILENT, MUMBLE = -1, -2  # no answer until the block ends; one with a header that is none


@dataclass
class ChannelServer:
    """What was posted, and how it answers."""

    status: int = 202
    port: int = 0
    paths: list[str] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def channel_server(context: ssl.SSLContext | None = None) -> Iterator[ChannelServer]:
    """Listens until the block ends; encrypted where it has an identity."""
    channel, is_over = ChannelServer(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            channel.paths.append(self.path)
            channel.posts.append(json.loads(content))
            if channel.status == HANG_UP:
                self.close_connection = True
                return
            if channel.status == SILENT:
                is_over.wait(PATIENCE)
                return
            self.send_response(202 if channel.status == MUMBLE else channel.status)
            if channel.status == MUMBLE:
                self.flush_headers()
                self.wfile.write(b"no header at all\r\n")
            if 300 <= channel.status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            channel.paths.append(f"GET {self.path}")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    channel.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield channel
    finally:
        is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
