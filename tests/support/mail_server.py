"""A real SMTP server on loopback, with or without STARTTLS, TLS from the start, and a login."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

USER, PASSWORD = "opskit", "s3cret of the post"
HOST = "127.0.0.1"
NOBODY = "nobody@client.example"
LATER = "later@client.example"
CUT_OFF = "cut-off@client.example"
RUDE = "rude@client.example"
PENSIVE = "pensive@client.example"
LAST = "last@client.example"

Security = Literal["starttls", "tls", "none"]


@dataclass
class PostOffice:
    """What arrived, and how to reach it."""

    port: int = 0
    ca_file: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    controller: Controller | None = None

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address == NOBODY:
            return "550 5.1.1 no such mailbox"
        if address == LATER:
            return "450 4.2.0 greylisted, come back"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message: Any = BytesParser(policy=SMTP_POLICY).parsebytes(content)
        self.mails.append(message)
        self.recipients += envelope.rcpt_tos
        if CUT_OFF in envelope.rcpt_tos:
            transport: Any = server.transport
            transport.abort()
        if PENSIVE in envelope.rcpt_tos:
            await asyncio.sleep(3600)
        if LAST in envelope.rcpt_tos and self.controller is not None:
            listener: Any = self.controller.server
            listener.close()  # this mail is taken, and nobody listens any more
        return "250 taken"

    async def handle_QUIT(  # noqa: N802
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return "500 stay" if self.recipients[-1:] == [RUDE] else "221 Bye"


@contextmanager
def post_office(
    folder: Path, security: Security, *, login: bool = False, accents: bool = True
) -> Iterator[PostOffice]:
    """Listens until the block ends."""
    office = PostOffice()
    context: ssl.SSLContext | None = None
    if security != "none":
        context = self_signed(folder)
        office.ca_file = str(folder / "mail.pem")
    options: dict[str, Any] = {
        "auth_require_tls": security == "starttls",
        "enable_SMTPUTF8": accents,
    }
    if login:
        options |= {"authenticator": _authenticate, "auth_required": True}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if security == "tls":
        options |= {"ssl_context": context}
    office.port = _free_port()
    controller = Controller(office, hostname=HOST, port=office.port, **options)
    controller.start()
    office.controller = controller
    try:
        yield office
    finally:
        controller.stop()


def _free_port() -> int:
    """The library wants to know the port before it listens."""
    with socket.create_server((HOST, 0)) as asked:
        port: int = asked.getsockname()[1]
        return port


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    """A server that quotes the password it refuses: our errors must not repeat it."""
    assert isinstance(data, LoginPassword)
    given = data.password.decode()
    if (data.login.decode(), given) == (USER, PASSWORD):
        return AuthResult(success=True)
    return AuthResult(success=False, handled=False, message=f"535 5.7.8 {given} is wrong")


def self_signed(folder: Path) -> ssl.SSLContext:
    """A certificate of the loopback address that signs itself, in `mail.pem`."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "mail.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "mail.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "mail.pem", folder / "mail.key")
    return context
