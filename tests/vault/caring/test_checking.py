"""Logins tried against real servers: SSH, PostgreSQL with passwords, HTTPS with HTTP's login."""

import base64
import io
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread

import paramiko
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from opskit.core.secret import Secret
from tests.support.forwarding import forwarded
from tests.support.ssh_server import PASSWORD, USER, SshServer, running_ssh
from tests.support.team import MAKER, MAKERS_PASSWORD, TeamDatabase
from vault.caring.checking import Outcome, Place, check_login, place_of
from vault.facts import EntryFacts

SSL_REQUEST = 80877103  # the protocol's number for "may we speak TLS?"


def outcome(facts: EntryFacts, host_key: str = "", **secrets: str) -> Outcome:
    kept = {name.replace("_", "-"): Secret(text) for name, text in secrets.items()}
    return check_login(facts, kept, host_key=host_key).outcome


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        (EntryFacts("ssh", "h"), Place("h", 22)),
        (EntryFacts("ssh", "h", 2222), Place("h", 2222)),
        (EntryFacts("database", "h", engine="oracle"), Place("h", 1521)),
        (EntryFacts("database", "h"), None),
        (EntryFacts("web", url="https://erp.example/login"), Place("erp.example", 443)),
        (EntryFacts("web", "other", url="http://erp.example:8080"), Place("erp.example", 8080)),
        (EntryFacts("web", url="https://erp.example:x"), None),
        (EntryFacts("generic"), None),
    ],
)
def test_where_an_entry_listens(facts: EntryFacts, place: Place | None) -> None:
    assert place_of(facts) == place


def test_a_port_that_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert outcome(EntryFacts("rdp", "127.0.0.1", port), password="x") is Outcome.UNREACHABLE


def test_a_port_that_answers_something_else() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        facts = EntryFacts("rdp", "127.0.0.1", listener.getsockname()[1])
        assert outcome(facts, password="x") is Outcome.ANSWERS


@pytest.mark.parametrize("host", ["a..b", "x" * 70])
def test_a_host_that_no_network_could_have(host: str) -> None:
    assert outcome(EntryFacts("rdp", host), password="x") is Outcome.UNREACHABLE


def test_an_entry_without_a_place() -> None:
    assert outcome(EntryFacts("generic"), password="x") is Outcome.UNASKABLE


@pytest.fixture(scope="module")
def key() -> paramiko.ECDSAKey:
    return paramiko.ECDSAKey.generate()


@pytest.fixture(scope="module")
def ssh(key: paramiko.ECDSAKey) -> Iterator[SshServer]:
    with running_ssh(key) as server:
        yield server


@pytest.fixture
def host(ssh: SshServer) -> EntryFacts:
    return EntryFacts("ssh", "127.0.0.1", ssh.port, USER)


def test_ssh_lets_in_who_knows_the_password(ssh: SshServer, host: EntryFacts) -> None:
    assert outcome(host, ssh.fingerprint, password=PASSWORD) is Outcome.WORKS
    assert outcome(host, ssh.fingerprint, password="wrong") is Outcome.REFUSED


def test_ssh_lets_in_who_has_the_key(
    ssh: SshServer, host: EntryFacts, key: paramiko.ECDSAKey
) -> None:
    text, others = io.StringIO(), io.StringIO()
    key.write_private_key(text)
    paramiko.ECDSAKey.generate().write_private_key(others)
    assert outcome(host, ssh.fingerprint, private_key=text.getvalue()) is Outcome.WORKS
    assert outcome(host, ssh.fingerprint, private_key=others.getvalue()) is Outcome.REFUSED
    assert outcome(host, ssh.fingerprint, private_key="no key") is Outcome.ANSWERS


@pytest.mark.parametrize("host_key", ["", "SHA256:of-another"])
def test_an_unknown_ssh_host_gets_no_password(host: EntryFacts, host_key: str) -> None:
    assert outcome(host, host_key, password=PASSWORD) is Outcome.STRANGER


def test_postgresql_lets_in_who_knows_the_password(team_database: TeamDatabase) -> None:
    address = team_database.as_maker()
    socket_folder = str(address.query["host"])
    port = address.query.get("port") or address.port or 5432
    with forwarded(f"{socket_folder}/.s.PGSQL.{port}") as local:
        facts = EntryFacts(
            "database", "127.0.0.1", local, MAKER, engine="postgresql", service="opskit"
        )
        assert outcome(facts, password=MAKERS_PASSWORD) is Outcome.WORKS
        assert outcome(facts, password="wrong") is Outcome.REFUSED


def test_a_refused_login_is_tried_once(tmp_path: Path) -> None:
    """Left to itself the driver would try it again without TLS, and accounts are locked by that."""
    with counting_postgresql(tmp_path) as (port, tries):
        facts = EntryFacts("database", "127.0.0.1", port, USER, engine="postgresql")
        assert outcome(facts, password="wrong") is Outcome.REFUSED
        assert tries == ["TLS"]


@contextmanager
def counting_postgresql(folder: Path) -> Iterator[tuple[int, list[str]]]:
    """A server that speaks TLS, lets nobody in, and notes how each start was sent."""
    make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    told = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0"
    tries: list[str] = []

    class Server(StreamRequestHandler):
        def handle(self) -> None:
            wish = asked(self.request)
            if wish == SSL_REQUEST:
                self.request.sendall(b"S")
                with context.wrap_socket(self.request, server_side=True) as line:
                    asked(line)
                    refuse(line, "TLS")
            elif wish:
                refuse(self.request, "plain")

    def asked(line: socket.socket) -> int:
        """What a start packet wants; 0 from who only asks whether the port answers."""
        size = int.from_bytes(line.recv(4), "big")
        return int.from_bytes(line.recv(size - 4)[:4], "big") if size else 0

    def refuse(line: socket.socket, how: str) -> None:
        tries.append(how)
        line.sendall(b"E" + struct.pack(">I", len(told) + 4) + told)

    with TCPServer(("127.0.0.1", 0), Server) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1], tries
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with HTTP's login, under a certificate of its own."""
    folder = tmp_path_factory.mktemp("page")
    with running_https(folder) as port, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
        yield f"https://localhost:{port}/"


def test_a_page_lets_in_who_knows_the_password(page: str) -> None:
    facts = EntryFacts("web", url=page, username=USER)
    assert outcome(facts, password=PASSWORD) is Outcome.WORKS
    assert outcome(facts, password="wrong") is Outcome.REFUSED


def test_a_page_whose_address_is_no_ascii(page: str) -> None:
    facts = EntryFacts("web", url=page + "entrée?langue=fr&für=uns", username=USER)
    assert outcome(facts, password=PASSWORD) is Outcome.WORKS


def test_a_page_that_breaks_after_the_login_proves_nothing(page: str) -> None:
    facts = EntryFacts("web", url=page + "broken", username=USER)
    assert outcome(facts, password=PASSWORD) is Outcome.ANSWERS


def test_a_page_with_a_form_only_answers(page: str) -> None:
    facts = EntryFacts("web", url=page + "form", username=USER)
    assert outcome(facts, password=PASSWORD) is Outcome.ANSWERS


def test_a_page_that_cannot_prove_who_it_is_gets_no_password(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    facts = EntryFacts("web", url=page, username=USER)
    assert outcome(facts, password=PASSWORD) is Outcome.STRANGER


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        given = self.headers.get("Authorization", "")
        right = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        let_in = 500 if self.path == "/broken" else 200
        self.send_response(let_in if given == right or self.path == "/form" else 401)
        self.send_header("WWW-Authenticate", 'Basic realm="erp"')
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """The test's output stays clean."""


class _Server(HTTPServer):
    def handle_error(self, *_args: object) -> None:
        """A client that does not trust the certificate hangs up."""


@contextmanager
def running_https(folder: Path) -> Iterator[int]:
    make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server = _Server(("127.0.0.1", 0), _Page)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
