"""Logging in by a login page: OpenBao's own provider, and all that may come to the callback."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from opskit.core.config import Settings
from opskit.core.errors import InvalidError, OpsError, UnavailableError
from opskit.core.secret import Secret
from tests.support.home import run_opskit, sealed_environment
from tests.support.login_page import PAGE, Admin, LoginPage, knock, make_login_page, redirect_of
from tests.vault.conftest import People, Person
from tests.vault.login.test_login_cli import team_home
from vault.errors import LoginRefusedError
from vault.login.browser import open_page
from vault.login.callback import Callback
from vault.login.oidc import ask, log_in_by_browser
from vault.login.session import look_up
from vault.ports import Connection
from vault.store.hvac_client import SafeClient
from vault.store.lean_store import anonymous_http, open_http

NONCE = Secret("a nonce of this test's own")
SHORT = 0.05
Browser = Callable[[str], None]

BROWSER = """
import sys
from opskit.core.secret import Secret
from tests.support.login_page import LoginPage, knock, redirect_of
url = sys.argv[1]
address, token = open(sys.argv[0] + ".facts").read().split()
knock(redirect_of(url), LoginPage(address).sign_in(url, Secret(token)))
"""


@pytest.fixture(scope="module")
def admin(connection: Connection, token: Secret, tmp_path_factory: pytest.TempPathFactory) -> Admin:
    return Admin(connection.address, token, tmp_path_factory.mktemp("admin"))


@pytest.fixture(scope="module")
def page(root: SafeClient, admin: Admin) -> Iterator[LoginPage]:
    yield make_login_page(root.api, admin)
    root.api.sys.disable_auth_method("oidc")


@pytest.fixture(scope="module")
def agent(admin: Admin, page: LoginPage, person: People) -> Person:
    """Whom the page calls by the id of the person's entity, since it is the same safe."""
    someone = person("agent")
    known = {"SUBJECT": someone.entity_id, "ENTITY_ID": someone.entity_id}
    admin.types(PAGE, 1, known)
    return someone


def log_in(connection: Connection, browser: Browser, patience: float = 10.0) -> Secret:
    with Callback(0) as callback, anonymous_http(connection) as http:
        return log_in_by_browser(
            http,
            callback,
            role=None,
            nonce=NONCE,
            show=browser,
            patience=patience,
        )


def test_who_logs_in_at_the_page_is_the_same_person_with_the_same_roles(
    connection: Connection, page: LoginPage, agent: Person
) -> None:
    shown: list[str] = []

    def browser(url: str) -> None:
        shown.append(knock(redirect_of(url), page.sign_in(url, agent.token)))

    token = log_in(connection, browser)
    with open_http(connection, token) as http:
        who = look_up(http)
    assert (who.identity.entity_id, who.identity.name) == (agent.entity_id, agent.login)
    assert who.identity.roles == {"agent"}
    assert "go on in the terminal" in shown[0]


def test_the_nonce_is_in_no_address(connection: Connection, page: LoginPage, agent: Person) -> None:
    """So the answer is worth nothing to whoever sees it come by."""
    with anonymous_http(connection) as http:
        question = ask(
            http,
            role=None,
            redirect_uri="http://localhost:1/oidc/callback",
            nonce=NONCE,
        )
        assert NONCE.reveal() not in question.url
        brought = page.sign_in(question.url, agent.token)
        query = "&".join(f"{key}={value}" for key, value in brought.items())
        stolen = http.request("GET", f"v1/auth/oidc/oidc/callback?{query}")
    assert stolen.status == 400


def test_another_answer_is_sent_away_and_the_right_one_still_counts(
    connection: Connection, page: LoginPage, agent: Person
) -> None:
    statuses: list[int] = []

    def browser(url: str) -> None:
        address = redirect_of(url)
        for elsewhere, brought in (
            (address, {"code": "forged", "state": "guessed"}),
            (address, {"code": "forged"}),
            (address.replace("/oidc/callback", "/favicon.ico"), {}),
        ):
            with pytest.raises(HTTPError) as caught:
                knock(elsewhere, brought)
            statuses.append(caught.value.code)
            caught.value.close()
        knock(address, page.sign_in(url, agent.token))

    assert log_in(connection, browser).reveal()
    assert statuses == [400, 400, 404]


def test_a_browser_that_connects_and_says_nothing_holds_nobody_up(
    connection: Connection, page: LoginPage, agent: Person
) -> None:
    with socket.socket() as silent:

        def browser(url: str) -> None:
            silent.connect(("127.0.0.1", int(redirect_of(url).split(":")[2].split("/")[0])))
            knock(redirect_of(url), page.sign_in(url, agent.token))

        assert log_in(connection, browser).reveal()


@pytest.mark.parametrize(
    ("brought", "reason"),
    [
        ({"error": "access_denied"}, "access_denied"),
        ({"error": "x", "error_description": "No\x1b[2J account."}, "No [2J account."),
        ({"code": "never-given"}, "Error exchanging oidc code"),
    ],
)
def test_what_the_page_or_the_safe_refuses_is_said_in_their_words(
    connection: Connection, page: LoginPage, brought: dict[str, str], reason: str
) -> None:
    def browser(url: str) -> None:
        state = url.partition("state=")[2].partition("&")[0]
        knock(redirect_of(url), {**brought, "state": state})

    with pytest.raises(LoginRefusedError) as caught:
        log_in(connection, browser)
    assert reason in caught.value.message
    assert caught.value.message.isprintable()
    assert NONCE.reveal() not in caught.value.message


def test_nobody_comes(connection: Connection, page: LoginPage) -> None:
    with pytest.raises(UnavailableError, match="no answer came from the browser"):
        log_in(connection, browser=lambda _url: None, patience=SHORT)


@pytest.mark.parametrize(
    ("mount", "role", "address", "expected"),
    [
        ("no-such-mount", None, "http://localhost:1/oidc/callback", LoginRefusedError),
        ("oidc", "nobody", "http://localhost:1/oidc/callback", InvalidError),
        ("oidc", None, "http://localhost:1/elsewhere", InvalidError),
        ("oidc", None, "https://evil.example/oidc/callback", InvalidError),
    ],
)
def test_what_the_safe_makes_no_address_for(  # noqa: PLR0917
    connection: Connection,
    page: LoginPage,
    mount: str,
    role: str | None,
    address: str,
    expected: type[OpsError],
) -> None:
    with anonymous_http(connection) as http, pytest.raises(expected) as caught:
        ask(http, role=role, redirect_uri=address, nonce=NONCE, mount=mount)
    assert type(caught.value) is expected


def test_a_port_in_use_is_said() -> None:
    with Callback(0) as first, pytest.raises(UnavailableError, match=str(first.port)):
        Callback(first.port)


def test_after_the_login_nobody_listens_any_more(
    connection: Connection, page: LoginPage, agent: Person
) -> None:
    addresses: list[str] = []

    def browser(url: str) -> None:
        addresses.append(redirect_of(url))
        knock(redirect_of(url), page.sign_in(url, agent.token))

    log_in(connection, browser)
    with pytest.raises(OSError, match="refused"):
        knock(addresses[0], {})


@pytest.mark.parametrize(
    "environ", [{}, {"SSH_CONNECTION": "1 2 3 4"}], ids=["console", "over ssh"]
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a screen is taken for granted")
def test_without_a_screen_no_browser_is_opened(environ: dict[str, str]) -> None:
    assert open_page("http://localhost:1/", environ) is False


def test_the_command_opens_the_browser_and_keeps_the_login(
    tmp_path: Path, page: LoginPage, agent: Person
) -> None:
    home = team_home(tmp_path, Settings(vault_address=page.address, login_method="oidc"))
    browser = tmp_path / "browser.py"
    browser.write_text(BROWSER, encoding="utf-8")
    facts = f"{page.address} {agent.token.reveal()}"
    browser.with_suffix(".py.facts").write_text(facts, encoding="ascii")
    done = subprocess.run(
        [sys.executable, "-m", "opskit", "login", "--port", "0", "--json"],
        env={
            **sealed_environment(),
            "OPSKIT_HOME": str(home.folder),
            "BROWSER": f"{sys.executable} {browser} %s",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f'"name": "{agent.login}"' in done.stdout
    assert "/authorize?" in done.stderr
    who = run_opskit(home.folder, "whoami", "--json").json
    assert (who["entity_id"], who["roles"]) == (agent.entity_id, ["agent"])
