"""opskit remind --via webhook, against a real HTTP server: one message, and no word of where to."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from opskit.core.config import Settings
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.secret import Secret
from opskit.todo.channel_address import FILE_VARIABLE, webhook_address
from opskit.todo.webhook import WebhookChannel
from tests.support.home import Result
from tests.support.mail_server import self_signed
from tests.support.webhook import HANG_UP, MUMBLE, SILENT, ChannelServer, channel_server
from tests.todo.kitchen import Kitchen
from tests.todo.samples import DAY, TODAY, item

WORKFLOW, SIGNATURE = "643e69f83c8944438d68119179a10a64", "KODuebWbDGYFr0z0eu-6Rj8aUKz7108W"
SEND = ("--via", "webhook", "--send")
BODY = """\
What waits on 2026-11-24:

**Nora Weber**

- KUHNCO, L1: to renew (1 day late) → opskit see L1

**Nobody yet**

- R2: to approve (due on 2026-11-24) → opskit see R2

You are reminded of each thing once. The whole list: opskit todo"""


@pytest.fixture(autouse=True)
def _two_things(kitchen: Kitchen) -> None:
    kitchen.items = [
        item("L1", TODAY - DAY, person="nora", client="KUHNCO"),
        item("R2", what="to approve", role="license-issuer"),
    ]


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which it is kept."""
    file = tmp_path / "webhook"
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    return file


@pytest.fixture
def channel(address: Path) -> Iterator[ChannelServer]:
    with channel_server() as channel:
        address.write_text(f"json://127.0.0.1:{channel.port}/hook/{SIGNATURE}\n")
        yield channel


def test_one_message_for_the_team_and_each_thing_once(
    kitchen: Kitchen, channel: ChannelServer
) -> None:
    assert kitchen.remind(*SEND) == Result(0, "team\t2\tsent\n", "")
    (post,) = channel.posts
    assert (post["title"], post["message"]) == ("To do: 2, 1 late", BODY)
    assert kitchen.remind(*SEND) == Result(0, "", "nothing to send\nreminders sent before: 2\n")
    assert len(channel.posts) == 1


def test_to_teams_a_card(
    kitchen: Kitchen, address: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = self_signed(tmp_path)
    with channel_server(identity) as channel:
        address.write_text(f"workflows://127.0.0.1:{channel.port}/{WORKFLOW}/{SIGNATURE}/")
        refused = kitchen.remind(*SEND)
        assert refused.code == 7
        assert "the channel of team does not take the message: it cannot be reached" in refused.err
        assert channel.posts == []
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "mail.pem"))
        assert kitchen.remind(*SEND).out == "team\t2\tsent\n"
    (post,) = channel.posts
    assert f"/workflows/{WORKFLOW}/triggers/manual/paths/invoke?" in channel.paths[0]
    (card,) = post["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    texts = {part["id"]: part["text"] for part in card["content"]["body"]}
    assert texts == {"title": "To do: 2, 1 late", "body": BODY}


def test_the_address_that_teams_shows_is_taken_as_it_is() -> None:
    shown = (
        f"https://prod-161.westeurope.logic.azure.com:443/workflows/{WORKFLOW}/triggers/manual/"
        "paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0"
        f"&sig={SIGNATURE}"
    )
    assert WebhookChannel(Secret(shown)).new_id().startswith("reminder-")


@pytest.mark.parametrize(
    ("status", "outcome", "said"),
    [
        (500, "failed", "the channel of team does not take the message: it answers 500"),
        (404, "failed", "the channel of team does not take the message: it answers 404"),
        (429, "failed", "the channel of team does not take the message: it answers 429"),
        (302, "failed", "the channel of team does not take the message: it answers 302"),
        (504, "unknown", "the channel of team did not say whether it took the message"),
        (HANG_UP, "unknown", "the channel of team did not say whether it took the message"),
    ],
)
def test_what_is_not_taken(
    kitchen: Kitchen, channel: ChannelServer, status: int, outcome: str, said: str
) -> None:
    channel.status = status
    failed = kitchen.remind(*SEND)
    assert (failed.code, failed.out) == (7, f"team\t2\t{outcome}\n")
    assert failed.err.splitlines()[0] == f"team: {said}"
    assert len(channel.paths) == 1
    channel.status = 202
    again = kitchen.remind(*SEND)
    assert again.out == ("team\t2\tsent\n" if outcome == "failed" else "")
    if outcome == "unknown":
        assert kitchen.remind(*SEND, "--again").out == "team\t2\tsent\n"


def test_a_server_that_nobody_runs(kitchen: Kitchen, address: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    address.write_text(f"json://127.0.0.1:{port}/{SIGNATURE}")
    failed = kitchen.remind(*SEND)
    assert (failed.code, failed.out) == (7, "team\t2\tfailed\n")
    assert "does not take the message: it cannot be reached" in failed.err


def test_a_server_that_never_answers(
    kitchen: Kitchen, channel: ChannelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opskit.todo.webhook.SECONDS", 0.3)
    channel.status = SILENT
    silent = kitchen.remind(*SEND)
    assert (silent.code, silent.out) == (7, "team\t2\tunknown\n")


def test_a_file_of_authorities_that_is_not_there(
    kitchen: Kitchen, address: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address.write_text(f"workflows://127.0.0.1:1/{WORKFLOW}/{SIGNATURE}/")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    failed = kitchen.remind(*SEND)
    assert (failed.code, failed.out) == (7, "team\t2\tfailed\n")
    assert "its certificate cannot be checked: see REQUESTS_CA_BUNDLE" in failed.err


def test_no_wish_in_the_address_follows_a_redirection(
    kitchen: Kitchen, channel: ChannelServer, address: Path
) -> None:
    address.write_text(f"{address.read_text().strip()}?redirect=yes")
    channel.status = 302
    assert kitchen.remind(*SEND).out == "team\t2\tfailed\n"
    assert len(channel.paths) == 1


def test_the_address_is_seen_nowhere(
    kitchen: Kitchen, channel: ChannelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for status in (500, HANG_UP, MUMBLE, 202):
        channel.status = status
        said = kitchen.remind(*SEND, "--again")
        assert SIGNATURE not in said.out + said.err
    assert SIGNATURE in channel.paths[-1]
    assert SIGNATURE not in caplog.text
    for file in kitchen.house.folder.rglob("*"):
        assert not file.is_file() or SIGNATURE.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "the address of the channel is none that can be sent to"),
        (f"pigeon://loft/{SIGNATURE}", "the address of the channel is none that can be sent to"),
        (
            f"json://channel.example/{SIGNATURE}",
            "the address of the channel is not encrypted, so nothing is sent to it",
        ),
        (
            f"workflows://channel.example/{WORKFLOW}/{SIGNATURE}/?verify=no",
            "the address of the channel asks for no proof of whose it is",
        ),
    ],
)
def test_an_address_that_is_none(text: str, message: str) -> None:
    with pytest.raises(InvalidError) as refused:
        WebhookChannel(Secret(text))
    assert refused.value.message == message
    assert SIGNATURE not in str(refused.value) + refused.value.hint


def test_a_pole_has_a_channel_of_its_own(kitchen: Kitchen, channel: ChannelServer) -> None:
    sent = kitchen.remind(*SEND, "--pole", "logistics")
    assert sent.out == "logistics\t1\tsent\n"
    assert "KUHNCO, L1" in channel.posts[0]["message"]
    assert "R2" not in channel.posts[0]["message"]
    assert kitchen.remind(*SEND).out == "team\t2\tsent\n"


def test_where_none_is_kept(kitchen: Kitchen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    settings = Settings(keyring_backend="keyring.backends.null:Keyring")
    with pytest.raises(NotFoundError, match="there is no address of a channel") as missing:
        webhook_address(settings, "logistics")
    assert missing.value.hint == (
        "keyring set opskit-remind logistics, or name a file in OPSKIT_REMIND_WEBHOOK_FILE"
    )
    assert kitchen.remind("--via", "webhook").code == 0  # shown without it


class ChannelKeyring(KeyringBackend):
    """A keyring that knows the address of the team's channel."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return "https://team" if (service, username) == ("opskit-remind", "team") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


def test_the_keyring_keeps_it_and_the_teams_serves_a_pole_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    settings = Settings(keyring_backend=f"{__name__}:ChannelKeyring")
    assert webhook_address(settings).reveal() == "https://team"
    assert webhook_address(settings, "logistics").reveal() == "https://team"
