"""A TCP port on loopback behind which a Unix socket answers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def forwarded(path: str) -> Iterator[int]:
    """The port."""

    class Carrier(BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as far:
                far.connect(path)
                back = Thread(target=_carry, args=(far, self.request))
                back.start()
                _carry(self.request, far)
                back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Carrier) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # either side may hang up
        while content := source.recv(65536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
