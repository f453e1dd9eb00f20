"""A real SSH server on loopback, with one user, one password and one key."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL

USER, PASSWORD = "support", "s3cret of the host"


@dataclass(frozen=True, slots=True)
class SshServer:
    """Where it listens and how it proves who it is."""

    port: int
    fingerprint: str


class _Gate(paramiko.ServerInterface):
    def __init__(self, welcome: paramiko.PKey) -> None:
        self._welcome = welcome

    def check_auth_password(self, username: str, password: str) -> int:
        is_right = (username, password) == (USER, PASSWORD)
        return AUTH_SUCCESSFUL if is_right else AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_right = username == USER and key == self._welcome
        return AUTH_SUCCESSFUL if is_right else AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        del username
        return "password,publickey"


@contextmanager
def running_ssh(welcome: paramiko.PKey) -> Iterator[SshServer]:
    """Lets the user in with the password, or with the key `welcome`."""
    host_key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    transports: list[paramiko.Transport] = []

    def serve() -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(client)
            transport.add_server_key(host_key)
            transports.append(transport)
            try:
                transport.start_server(server=_Gate(welcome))
            except (paramiko.SSHException, EOFError, OSError):  # who only knocked
                transport.close()

    thread = Thread(target=serve)
    thread.start()
    try:
        yield SshServer(listener.getsockname()[1], host_key.fingerprint)
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for transport in transports:
            transport.close()
