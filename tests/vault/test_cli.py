"""The commands as a person types them: exact output, exit codes, hints."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from opskit.cli import front_door
from opskit.core.cliapp import run
from opskit.core.config import Home, Settings
from opskit.core.db import open_engine, sqlite_url, transaction
from opskit.core.http import VaultHttp, api_path
from opskit.migrations import migrate
from opskit.wiring import context_of
from tests.support.home import House, Result
from tests.support.openbao import SafeServer
from tests.vault.conftest import PASSWORD, People, Person
from tests.vault.samples import a_client
from vault.store.hvac_client import SafeClient

SENTINEL = "s3cret-typed-in"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Opskit = Callable[..., Done]


@pytest.fixture
def settings(safe_server: SafeServer, root: SafeClient) -> Settings:
    return Settings(profile="team", vault_address=safe_server.address, token_store="file")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose database knows one client."""
    home = Home(tmp_path)
    engine = open_engine(sqlite_url(home.database_file))
    migrate(engine)
    with transaction(engine) as session:
        session.add(a_client("DELEZE"))
    engine.dispose()
    return home


@pytest.fixture
def opskit(
    home: Home,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Opskit:
    def type_in(*args: str, stdin: str = "", settings: Settings = settings) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = run(front_door(), args, obj=context_of(home, settings))
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return type_in


@pytest.fixture
def agent(opskit: Opskit, person: People, root: SafeClient) -> Iterator[Person]:
    """An agent, logged in; what was put into the safe is taken out again."""
    someone = person("agent")
    assert opskit("login", someone.login, "--password-file", "-", stdin=PASSWORD).code == 0
    yield someone
    root.api.secrets.kv.v2.delete_metadata_and_all_versions(
        "DELEZE/prod/erp-db", mount_point="clients"
    )


def add(opskit: Opskit) -> Done:
    facts = "--kind database --host db.deleze.example --port 1521 --username SYSTEM --tag oracle"
    command = ("vault", "add", "deleze/prod/erp-db", *facts.split(), "--password-file", "-")
    return opskit(*command, stdin=f"{SENTINEL}\n")


def test_a_credential_is_added_and_comes_back_with_a_newline_only(
    opskit: Opskit, agent: Person
) -> None:
    added = add(opskit)
    assert added == Done(0, "", "DELEZE/prod/erp-db is in the safe, version 1\n")
    got = opskit("vault", "get", "DELEZE/prod/erp-db", "--ticket", "cs-1001")
    assert got == Done(0, f"{SENTINEL}\n", "")


def test_adding_twice_is_a_conflict(opskit: Opskit, agent: Person) -> None:
    add(opskit)
    again = add(opskit)
    assert again == Done(
        4,
        "",
        "error[entry-exists]: DELEZE/prod/erp-db exists already\n"
        "hint: opskit vault show DELEZE/prod/erp-db\n",
    )


def test_an_unknown_client_names_the_nearest(opskit: Opskit, agent: Person) -> None:
    done = opskit(
        *("vault", "add", "DELESE/prod/x", "--kind", "web", "--password-file", "-"), stdin="x"
    )
    assert done.code == 3
    assert "DELEZE" in done.err


def test_an_unknown_entry_names_the_nearest(opskit: Opskit, agent: Person) -> None:
    add(opskit)
    for command in ("get", "show"):
        done = opskit("vault", command, "DELEZE/prod/erp-bd")
        assert (done.code, done.out) == (3, "")
        assert "did you mean DELEZE/prod/erp-db" in done.err


def test_an_unknown_field_names_those_there_are(opskit: Opskit, agent: Person) -> None:
    add(opskit)
    done = opskit("vault", "get", "DELEZE/prod/erp-db", "--field", "pin")
    assert done.code == 3
    assert "it keeps password" in done.err


def test_show_gives_all_but_the_secret(opskit: Opskit, agent: Person) -> None:
    add(opskit)
    shown = json.loads(opskit("vault", "show", "DELEZE/prod/erp-db", "--json").out)
    assert shown.pop("updated_at").startswith("20")
    assert shown.pop("rotated_at").startswith("20")
    assert {key: value for key, value in shown.items() if value} == {
        "ref": "DELEZE/prod/erp-db",
        "client": "DELEZE",
        "environment": "prod",
        "name": "erp-db",
        "kind": "database",
        "host": "db.deleze.example",
        "port": 1521,
        "username": "SYSTEM",
        "tags": ["oracle"],
        "holds": ["password"],
        "version": 1,
    }
    plain = opskit("vault", "show", "DELEZE/prod/erp-db")
    assert "host\tdb.deleze.example\n" in plain.out
    assert SENTINEL not in plain.out + plain.err


def test_find_and_list_give_plain_lines_in_a_pipe(opskit: Opskit, agent: Person) -> None:
    add(opskit)
    line = "DELEZE/prod/erp-db\tdatabase\tdb.deleze.example\t1521\tSYSTEM\t\toracle\t\n"
    assert opskit("vault", "find", "Délèze", "database") == Done(0, line, "")
    assert opskit("vault", "list", "deleze") == Done(0, line, "")
    assert opskit("vault", "find", "deleze", "nothing") == Done(0, "", "nothing found\n")
    (row,) = json.loads(opskit("vault", "list", "DELEZE", "--json").out)
    assert row["ref"] == "DELEZE/prod/erp-db"


def test_a_ticket_may_be_demanded(
    opskit: Opskit, agent: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(opskit)
    strict = Settings(
        profile="team",
        vault_address=settings.vault_address,
        token_store="file",
        ticket_required=True,
    )
    command = ("vault", "get", "DELEZE/prod/erp-db")
    refused = opskit(*command, settings=strict)
    assert (refused.code, refused.out) == (2, "")
    assert "--ticket" in refused.err
    assert opskit(*command, "--ticket", "soon", settings=strict).code == 5
    monkeypatch.setenv("OPSKIT_TICKET", "CS-1001")
    assert opskit(*command, settings=strict) == Done(0, f"{SENTINEL}\n", "")


@pytest.mark.parametrize("ref", ["../../sys/mounts", "DELEZE/prod/..", "DELEZE", "DELEZE/prod/"])
def test_a_name_that_leaves_its_place_is_refused(opskit: Opskit, agent: Person, ref: str) -> None:
    assert opskit("vault", "get", ref).code == 5


def test_the_secret_is_never_taken_from_the_command_line(opskit: Opskit, agent: Person) -> None:
    command = ("vault", "add", "DELEZE/prod/erp-db", "--kind", "database")
    assert opskit(*command, "--password", SENTINEL).code == 2
    missing = opskit(*command)
    assert missing.code == 2
    assert "--password-file" in missing.err


def test_whoami_says_name_roles_and_end(opskit: Opskit, agent: Person) -> None:
    who = json.loads(opskit("whoami", "--json").out)
    assert (who["name"], who["entity_id"], who["roles"]) == (
        agent.login,
        agent.entity_id,
        ["agent"],
    )
    assert who["expires_at"].startswith("20")


def test_after_the_logout_nobody_is_logged_in(opskit: Opskit, agent: Person) -> None:
    assert opskit("logout") == Done(0, "", "logged out\n")
    assert opskit("logout") == Done(0, "", "nobody was logged in\n")
    for command in (("whoami",), ("vault", "get", "DELEZE/prod/erp-db"), ("vault", "list")):
        done = opskit(*command)
        assert (done.code, done.out) == (6, "")
        assert "error[login-needed]" in done.err
        assert "hint: opskit login\n" in done.err


def test_a_wrong_password_is_denied(opskit: Opskit, agent: Person) -> None:
    done = opskit("login", agent.login, "--password-file", "-", stdin="wrong")
    assert (done.code, done.out) == (6, "")
    assert "error[login-refused]" in done.err


def test_provision_tells_mends_and_is_quiet_the_second_time(own_house: House) -> None:
    own_house.login("alice")
    events = ("audit", "list", "--json")
    before = len(own_house.done(*events).json)
    well = Result(0, "", "the safe is as it should be\n")
    assert own_house.opskit("vault", "provision", "--check") == well
    change_by_hand(own_house, "manager")
    checked = own_house.opskit("vault", "provision", "--check")
    assert (checked.code, checked.out) == (8, "policy manager\twas changed\n")
    own_house.done("vault", "provision")
    assert own_house.opskit("vault", "provision") == well
    actions = [event["action"] for event in own_house.done(*events).json]
    assert len(actions) == before + 1
    assert "vault.provisioned" in (actions[0], actions[-1])


def change_by_hand(house: House, policy: str) -> None:
    token = (house.home.token_folder / "local").read_text(encoding="ascii").split()[0]
    with VaultHttp(house.done("local", "status", "--json").json["address"], token=token) as http:
        body = {"policy": "# edited by hand"}
        assert http.request("POST", api_path("sys/policies/acl", policy), body).status == 204


def test_with_the_local_server_stopped_the_hint_starts_it(opskit: Opskit) -> None:
    local = Settings(token_store="file")
    for command in (("vault", "get", "DELEZE/prod/erp-db"), ("whoami",), ("login", "bob")):
        done = opskit(*command, settings=local)
        assert (done.code, done.out) == (7, "")
        assert "hint: opskit local start" in done.err
