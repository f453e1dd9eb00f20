"""opskit staff and opskit user, as typed, on the real safe."""

import json
import shutil
import uuid
from pathlib import Path

import pytest

from opskit.staff.passwords import read_list
from tests.staff.conftest import Terminal
from tests.support.openbao import SafeServer, log_in

DATA = Path(__file__).parent.parent / "data"
PASSWORD = "pass of bob"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(DATA / "staff.csv", tmp_path)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def three(folder: Path) -> Path:
    """A table of three people whose logins nobody has in the safe, and one bad row."""
    mark = uuid.uuid4().hex[:6]
    header, *rows = (DATA / "staff.csv").read_text(encoding="utf-8").splitlines()
    good = [f"{mark}{row}" for row in ("a" + rows[0], "b" + rows[1], "c" + rows[3])]
    lines = [header, *(f"x{line}" for line in good), rows[4].replace("manager", "chef")]
    (folder / "three.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "three.csv"


def test_import_says_how_many(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal("staff", "import", "staff.csv") == 0
    assert capsys.readouterr() == ("18 added, 0 changed, 0 unchanged, 0 rejected\n", "")
    assert terminal("staff", "import", "staff.csv") == 0
    assert capsys.readouterr().out == "0 added, 0 changed, 18 unchanged, 0 rejected\n"
    assert not (folder / "staff.logins.csv").exists()


def test_a_trial_makes_no_login(
    three: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal("staff", "import", "--logins", "--dry-run", three.name) == 5
    assert capsys.readouterr().out == "3 added, 0 changed, 0 unchanged, 1 rejected\n"
    assert sorted(each.name for each in three.parent.iterdir()) == [
        "password",
        "staff.csv",
        "three.csv",
    ]


def test_logins_are_made_with_the_passwords_of_the_list(
    three: Path,
    terminal: Terminal,
    safe_server: SafeServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert terminal("staff", "import", "--logins", "--json", three.name) == 5
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["logins"] == report["added"]
    assert report["logins_refused"] == []
    assert err.splitlines()[:3] == [
        "3 logins made; their first passwords are in three.logins.csv",
        "hand them out, then delete that file",
        "three.csv:5: role: 'chef' is none of agent, sales, consultant, manager, auditor",
    ]
    listed = read_list(three.with_name("three.logins.csv"))
    assert sorted(listed) == sorted(report["added"])
    for login, password in listed.items():
        assert log_in(safe_server.address, login, password.reveal())

    content = three.with_name("three.logins.csv").read_text()
    terminal("staff", "import", "--logins", three.name)
    assert "everybody has a login already" in capsys.readouterr().err
    assert three.with_name("three.logins.csv").read_text() == content


def test_the_job_is_the_role_in_the_safe(
    three: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("staff", "import", "--logins", three.name)
    capsys.readouterr()
    terminal("user", "list")
    lines = [line.split("\t")[1:] for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["Ethan Chatriant", "agent", "active"],
        ["Leandro Furrer", "sales", "active"],
        ["Pedro Jäggi", "agent", "active"],
    ]


def test_staff_list_and_show(
    folder: Path, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("staff", "import", "staff.csv")
    capsys.readouterr()
    terminal("staff", "list")
    assert capsys.readouterr().out.splitlines()[0] == (
        "arosselat5\tAlain Rosselat\tsales\tlogistics\tLausanne\tactive\tno"
    )
    assert terminal("staff", "show", "jäggi") == 0
    assert capsys.readouterr().out == (
        "pjggi3\n"
        "  name      Pedro Jäggi\n"
        "  email     pedro.jäggi@opskit.example\n"
        "  job       agent\n"
        "  pole      logistics\n"
        "  site      Lausanne\n"
        "  language  de\n"
        "  state     active\n"
    )
    assert terminal("staff", "show", "bonvin") == 4
    assert capsys.readouterr().err == (
        "error[conflict]: bonvin may be dbonvin4, lbonvin17\nhint: give the login\n"
    )


def test_a_user_from_add_to_enable(
    folder: Path,
    terminal: Terminal,
    new_login: str,
    safe_server: SafeServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = ["--password-file", "password"]
    roles = ["--role", "license-issuer", "--role", "agent"]
    assert terminal("user", "add", new_login, *roles, "--name", "Bob Blum", *file, "--json") == 0
    out, err = capsys.readouterr()
    assert err == f"{new_login} can log in now\n"
    user = json.loads(out)
    assert user.pop("entity_id")
    assert user == {
        "login": new_login,
        "name": "Bob Blum",
        "email": "",
        "role": "agent",
        "pole": "",
        "site": "",
        "language": "",
        "state": "active",
        "has_login": True,
        "roles": ["agent", "license-issuer"],
    }
    assert log_in(safe_server.address, new_login, PASSWORD)

    told = []
    for words in (
        ["grant", new_login, "--role", "auditor"],
        ["grant", new_login, "--role", "auditor"],
        ["revoke", new_login, "--role", "agent"],
        ["reset", new_login, *file],
        ["disable", new_login],
        ["enable", new_login],
    ):
        assert terminal("user", *words) == 0
        told.append(capsys.readouterr().err)
    assert told == [
        f"{new_login} has the role auditor now\n",
        f"{new_login} has auditor already\n",
        f"{new_login} no longer has agent\n",
        f"{new_login} has the new password now; older logins have ended\n",
        f"{new_login} can no longer log in\n",
        f"{new_login} can log in again\n",
    ]
    terminal("user", "show", new_login, "--json")
    assert json.loads(capsys.readouterr().out)["roles"] == ["auditor", "license-issuer"]


def test_add_refuses_what_it_cannot_use(
    folder: Path, terminal: Terminal, new_login: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--role", "agent", "--password-file", "password"]
    assert terminal("user", "add", new_login, *options, "--email", "bob") == 5
    assert "error[invalid]: --email: 'bob' is no mail address" in capsys.readouterr().err
    assert terminal("user", "add", "../bob", *options) == 5
    assert "'../bob' is no login" in capsys.readouterr().err
    assert terminal("user", "add", new_login, "--role", "agnt", *options[2:]) == 3
    assert "there is no role agnt\nhint: did you mean agent" in capsys.readouterr().err
    assert terminal("user", "add", new_login, "--role", "agent") == 2
    assert "--password-file" in capsys.readouterr().err
