"""Mail against a real SMTP server: sent encrypted and whole, or not at all and with a reason."""

import traceback
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from opskit.core.config import Settings
from opskit.core.errors import ExitCode, InvalidError, OpsError
from opskit.core.mail import Attachment, Mail, compose, send
from opskit.core.mail_errors import MailUnconfirmedError
from opskit.core.mail_server import MailServer, checked_address, mail_server
from opskit.core.secret import Secret
from tests.support.mail_server import (
    CUT_OFF,
    HOST,
    LATER,
    NOBODY,
    PASSWORD,
    RUDE,
    USER,
    PostOffice,
    Security,
    post_office,
)

PDF = Attachment("L1042.pdf", "application/pdf", bytes(range(256)) * 40)
LICENSE = Attachment("L1042.lic", "application/octet-stream", b"-----BEGIN-----\nabc\n")
MAIL = Mail(
    to="anna@client.example",
    to_name="Délèze Outillage SA",
    subject="Votre licence L1042, Délèze Outillage SA",
    body="Bonjour,\n\nlettre à « Žďár »\n",
    attachments=(LICENSE, PDF),
)


def _server(office: PostOffice, security: Security, **changes: object) -> MailServer:
    plain = MailServer(
        host=HOST,
        port=office.port,
        security=security,
        sender="licences@vendor.example",
        sender_name="Customer Services",
        ca_file=office.ca_file,
        seconds=5,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def _refused(server: MailServer, mail: Mail, now: datetime) -> OpsError:
    with pytest.raises(OpsError) as caught:
        send(server, mail, at=now)
    return caught.value


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_mail_arrives_whole(tmp_path: Path, now: datetime, security: Security) -> None:
    with post_office(tmp_path, security) as office:
        sent = send(_server(office, security), MAIL, at=now)
    (mail,) = office.mails
    assert office.recipients == [MAIL.to]
    assert mail["Message-ID"] == sent
    assert sent.endswith("@vendor.example>")
    assert str(mail["Subject"]) == MAIL.subject
    assert str(mail["From"]) == "Customer Services <licences@vendor.example>"
    assert mail["To"].addresses[0].display_name == MAIL.to_name
    assert mail["Date"].datetime == now
    body = mail.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MAIL.body
    attached = [(each.get_filename(), each.get_content()) for each in mail.iter_attachments()]
    assert attached == [(LICENSE.name, LICENSE.content), (PDF.name, PDF.content)]


def test_a_login_is_made_over_an_encrypted_line(tmp_path: Path, now: datetime) -> None:
    with post_office(tmp_path, "starttls", login=True) as office:
        known = _server(office, "starttls", user=USER, password=Secret(PASSWORD))
        send(known, MAIL, at=now)
        assert len(office.mails) == 1
        stranger = _refused(replace(known, user="", password=None), MAIL, now)
        wrong = _refused(replace(known, password=Secret("a wrong s3cret")), MAIL, now)
    assert len(office.mails) == 1
    assert stranger.exit_code == wrong.exit_code == ExitCode.DENIED
    assert wrong.message == (
        f"the mail server {HOST}:{office.port} does not take the login {USER} (535)"
    )
    assert wrong.hint.endswith(f"keyring set opskit-mail {USER}")


def test_no_error_repeats_a_password(tmp_path: Path, now: datetime) -> None:
    with post_office(tmp_path, "starttls", login=True) as office:
        secret = Secret("a wrong s3cret")
        server = _server(office, "starttls", user=USER, password=secret)
        err = _refused(server, MAIL, now)
    told = "".join(traceback.format_exception(err)) + err.message + err.hint + repr(server)
    assert secret.reveal() not in told


def test_a_login_that_smtp_cannot_carry(tmp_path: Path, now: datetime) -> None:
    with post_office(tmp_path, "starttls", login=True) as office:
        server = _server(office, "starttls", user=USER, password=Secret("clé secrète"))
        err = _refused(server, MAIL, now)
    assert err.exit_code == ExitCode.INVALID
    assert "é" not in "".join(traceback.format_exception(err)) + err.message


def test_a_host_that_is_no_name(now: datetime) -> None:
    server = MailServer("x" * 70, 25, "none", "licences@vendor.example")
    assert _refused(server, MAIL, now).exit_code == ExitCode.UNAVAILABLE


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_proves_nothing_gets_nothing(
    tmp_path: Path, now: datetime, security: Security
) -> None:
    with post_office(tmp_path, security) as office:
        err = _refused(_server(office, security, ca_file=""), MAIL, now)
        elsewhere = _refused(_server(office, security, host="localhost"), MAIL, now)
    assert office.mails == []
    assert (err.exit_code, elsewhere.exit_code) == (ExitCode.UNAVAILABLE, ExitCode.UNAVAILABLE)
    assert "does not prove who it is: self-signed certificate" in err.message
    assert "Hostname mismatch" in elsewhere.message


def test_no_starttls_means_no_mail(tmp_path: Path, now: datetime) -> None:
    """Somebody on the way may have removed the offer."""
    with post_office(tmp_path, "none") as office:
        err = _refused(_server(office, "starttls"), MAIL, now)
    assert office.mails == []
    assert err.exit_code == ExitCode.UNAVAILABLE
    assert "does not offer" in err.message


def test_what_the_server_says_about_an_address(tmp_path: Path, now: datetime) -> None:
    with post_office(tmp_path, "none") as office:
        server = _server(office, "none")
        never = _refused(server, replace(MAIL, to=NOBODY), now)
        later = _refused(server, replace(MAIL, to=LATER), now)
    assert (never.exit_code, later.exit_code) == (ExitCode.INVALID, ExitCode.UNAVAILABLE)
    assert never.message.endswith(f"does not deliver to {NOBODY}: 550 5.1.1 no such mailbox")
    assert later.message.endswith("does not take the mail: 450 4.2.0 greylisted, come back")


def test_a_line_that_breaks_at_the_end_leaves_it_open(tmp_path: Path, now: datetime) -> None:
    """The server has the mail, and its answer is lost: this is no refusal."""
    with post_office(tmp_path, "starttls") as office:
        err = _refused(_server(office, "starttls"), replace(MAIL, to=CUT_OFF), now)
    assert isinstance(err, MailUnconfirmedError)
    assert office.recipients == [CUT_OFF]
    assert "nothing was sent" not in err.hint


def test_a_mail_that_was_taken_is_sent_whatever_the_farewell(tmp_path: Path, now: datetime) -> None:
    with post_office(tmp_path, "tls") as office:
        assert send(_server(office, "tls"), replace(MAIL, to=RUDE), at=now)
    assert office.recipients == [RUDE]


@pytest.mark.parametrize(
    ("to", "sender", "hint"),
    [
        ("rené@client.example", "licences@vendor.example", "the receiver"),
        ("anna@client.example", "clés@vendor.example", "mail_from"),
    ],
)
def test_a_server_that_takes_no_accents_in_addresses(
    tmp_path: Path, now: datetime, to: str, sender: str, hint: str
) -> None:
    with post_office(tmp_path, "starttls", accents=False) as office:
        server = _server(office, "starttls", sender=sender)
        err = _refused(server, replace(MAIL, to=to), now)
    assert office.mails == []
    assert err.exit_code == ExitCode.INVALID
    assert err.message.endswith(
        f"does not take addresses with accents: {sender if to.isascii() else to}"
    )
    assert hint in err.hint


def test_a_server_that_is_away(tmp_path: Path, now: datetime) -> None:
    with post_office(tmp_path, "none") as office:
        gone = _server(office, "none")
    err = _refused(gone, MAIL, now)
    assert err.exit_code == ExitCode.UNAVAILABLE
    assert err.message == f"the mail server {gone.place} does not take the mail: Connection refused"


@pytest.mark.parametrize(
    "mail",
    [
        replace(MAIL, to="anna@client.example\nBcc: all@client.example"),
        replace(MAIL, to="anna@client.example, bob@client.example"),
        replace(MAIL, to="anna"),
        replace(MAIL, to=""),
        replace(MAIL, to_name="Délèze\r\nBcc: all@client.example"),
        replace(MAIL, subject="Licence\nBcc: all@client.example"),
        replace(MAIL, subject="Licence\u2028Bcc: all@client.example"),
        replace(MAIL, attachments=(replace(PDF, name="a\r\nX: y.pdf"),)),
    ],
    ids=["address", "two", "word", "empty", "name", "subject", "separator", "file"],
)
def test_no_text_makes_a_header(now: datetime, mail: Mail) -> None:
    server = MailServer(host=HOST, port=1, security="none", sender="licences@vendor.example")
    with pytest.raises(OpsError) as caught:
        compose(server, mail, at=now)
    assert caught.value.exit_code == ExitCode.INVALID


def test_an_authority_that_is_no_certificate(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "no.pem").write_text("nothing", encoding="utf-8")
    with post_office(tmp_path, "starttls") as office:
        for file in ("no.pem", "absent.pem"):
            server = _server(office, "starttls", ca_file=str(tmp_path / file))
            assert _refused(server, MAIL, now).exit_code == ExitCode.INVALID


SETTINGS = Settings(mail_server="smtp.vendor.example", mail_from="licences@vendor.example")


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_security_has_its_usual_port(security: str, port: int) -> None:
    assert mail_server(replace(SETTINGS, mail_security=security)).port == port
    own = replace(SETTINGS, mail_security=security, mail_port=2525)
    assert mail_server(own).place == "smtp.vendor.example:2525"


@pytest.mark.parametrize(
    ("changes", "code", "word"),
    [
        ({"mail_server": ""}, ExitCode.NOT_FOUND, "mail_server is not set"),
        ({"mail_from": ""}, ExitCode.NOT_FOUND, "mail_from is not set"),
        ({"mail_from": "licences"}, ExitCode.INVALID, "'licences' is no mail address"),
        ({"mail_port": 65536}, ExitCode.INVALID, "mail_port: 65536"),
        ({"mail_port": -1}, ExitCode.INVALID, "mail_port: -1"),
        (
            {"mail_user": USER, "mail_security": "none"},
            ExitCode.INVALID,
            "no password goes over an open line",
        ),
    ],
)
def test_settings_that_send_nothing(changes: dict[str, object], code: ExitCode, word: str) -> None:
    with pytest.raises(OpsError) as caught:
        mail_server(replace(SETTINGS, **changes))  # type: ignore[arg-type]
    assert caught.value.exit_code == code
    assert word in caught.value.message


@pytest.mark.parametrize(
    "address", ["a..b@x.ch", ".a@x.ch", "a@x..ch", "a@x.", "a\x7f@x.ch", "=?utf-8?q?b?=@x.ch"]
)
def test_what_no_header_can_hold_is_no_address(address: str) -> None:
    with pytest.raises(InvalidError, match="no mail address"):
        checked_address(address)


@pytest.mark.parametrize("address", ["rené@vendor.example", "o'neill+x@vendor", "a@büro.example"])
def test_what_the_directory_takes_can_be_written_to(address: str, now: datetime) -> None:
    message = compose(mail_server(SETTINGS), Mail(address, "Hello", "x", to_name="Zoë"), at=now)
    assert message["To"].addresses[0].addr_spec == address


def test_the_password_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    monkeypatch.setenv("OPSKIT_MAIL_PASSWORD_FILE", str(file))
    found = mail_server(replace(SETTINGS, mail_user=USER))
    assert found.password is not None
    assert found.password.reveal() == PASSWORD
    assert PASSWORD not in repr(found)
    file.unlink()
    with pytest.raises(OpsError) as caught:
        mail_server(replace(SETTINGS, mail_user=USER))
    assert caught.value.exit_code == ExitCode.NOT_FOUND


class PostKeyring(KeyringBackend):
    """A keyring that knows one password."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        return PASSWORD if (service, username) == ("opskit-mail", USER) else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


def test_the_password_comes_from_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPSKIT_MAIL_PASSWORD_FILE", raising=False)
    settings = replace(SETTINGS, mail_user=USER, keyring_backend=f"{__name__}:PostKeyring")
    found = mail_server(settings)
    assert found.password is not None
    assert found.password.reveal() == PASSWORD
    with pytest.raises(OpsError) as caught:
        mail_server(replace(settings, mail_user="somebody"))
    assert caught.value.exit_code == ExitCode.NOT_FOUND
    assert caught.value.hint == (
        "keyring set opskit-mail somebody, or name a file in OPSKIT_MAIL_PASSWORD_FILE"
    )


@pytest.mark.parametrize(
    ("backend", "code"),
    [
        ("keyring.backends.null:Keyring", ExitCode.NOT_FOUND),
        ("keyring.backends.fail:Keyring", ExitCode.UNAVAILABLE),
        ("keyring.backends.absent:Keyring", ExitCode.INVALID),
    ],
)
def test_a_keyring_without_the_password(
    monkeypatch: pytest.MonkeyPatch, backend: str, code: ExitCode
) -> None:
    monkeypatch.delenv("OPSKIT_MAIL_PASSWORD_FILE", raising=False)
    settings = replace(SETTINGS, mail_user=USER, keyring_backend=backend)
    with pytest.raises(OpsError) as caught:
        mail_server(settings)
    assert caught.value.exit_code == code
    assert "OPSKIT_MAIL_PASSWORD_FILE" in caught.value.hint or code == ExitCode.INVALID
