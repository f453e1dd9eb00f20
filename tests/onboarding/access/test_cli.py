"""opskit onboarding access, as typed; and what the people then reach."""

import shutil
from collections.abc import Iterator

import pytest

from opskit.staff.ports import Accounts
from tests.support.faults import detour
from tests.support.home import DATA, PASSWORDS, House, copy_of
from tests.support.lesser_server import HangUpError

LOGIN, NAME, PASSWORD = "zperret", "Zoé Perret", "pass of zoe p"
BEFORE_THE_SAFE = ("mentor", "workstation", "accounts", "confidentiality")


@pytest.fixture(scope="module")
def with_newcomer(house_pattern: House) -> Iterator[House]:
    """A home with a newcomer of back-office, and an entry of each pole."""
    with copy_of(house_pattern) as house:
        house.login("alice")
        house.done("staff", "import", shutil.copy(DATA / "staff.csv", house.folder.parent))
        house.done(
            *("onboarding", "start", NAME, "--path", "back-office"),
            *("--start", "2026-06-01", "--mentor", "bob"),
        )
        house.done(
            *("user", "add", LOGIN, "--role", "consultant", "--password-file", "-"),
            stdin=PASSWORD,
        )
        add_sandbox(house)
        for client in ("DELEZE", "KUHNCO"):
            house.done(
                "vault",
                "add",
                f"{client}/prod/erp",
                "--kind",
                "erp",
                "--password-file",
                "-",
                stdin="s3cret",
            )
        for step in BEFORE_THE_SAFE:
            house.done("onboarding", "tick", "O1", step, "--answer", "done")
        yield house


def add_sandbox(house: House) -> None:
    """The client that newcomers practise with, of the other pole than theirs."""
    lines = (DATA / "clients.csv").read_text(encoding="utf-8").splitlines()
    example = next(line for line in lines if line.startswith("KUHNCO,"))
    row = ",".join(["SANDBOX", "9999", *example.split(",")[2:]])
    table = house.folder.parent / "sandbox.csv"
    table.write_text(f"{lines[0]}\n{row}\n", encoding="utf-8")
    house.done("client", "import", table)


def begin_anew(house: House) -> None:
    """No access, and its first milestone open, whatever other tests have left."""
    house.opskit("onboarding", "access", "revoke", LOGIN, "sandbox", "--reason", "anew")
    house.opskit("onboarding", "reopen", "O1", "safe-training", "--reason", "anew")


def refs(house: House) -> list[str]:
    return [row["ref"] for row in house.done("vault", "list", "--fresh", "--json").json]


@pytest.fixture(autouse=True)
def _people(with_newcomer: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PASSWORDS, LOGIN, PASSWORD)
    with_newcomer.login("alice")


def test_a_sign_off_proposes_and_an_admin_gives(with_newcomer: House) -> None:
    house = with_newcomer
    page = house.done("onboarding", "access", NAME.upper()).out.splitlines()
    assert page == [
        "Zoé Perret (zperret)",
        "access level: none: no client's entry",
        "the next level, sandbox, opens with the steps: safe-training",
    ]
    ticked = house.done("onboarding", "tick", "O1", "safe-training", as_user="bob")
    assert ticked.err.splitlines()[1] == (
        "access to grow: zperret has earned sandbox; an admin gives it: "
        "opskit onboarding access grant zperret sandbox"
    )
    house.login("alice")
    assert house.done("onboarding", "access", "list").out == "O1\tZoé Perret\tnone\tsandbox\n"
    (row,) = house.done("onboarding", "access", "list", "--json").json
    assert (row["login"], row["level"], row["proposed"]) == (LOGIN, "none", "sandbox")
    lines = house.done("onboarding", "access", "show", "O1").out.splitlines()
    assert lines[2].startswith("proposed: sandbox: the client SANDBOX alone, signed by bob on ")
    assert lines[3] == "next: opskit onboarding access grant zperret sandbox"
    todo = house.done("todo", "--role", "admin").out
    assert (
        "access to give: sandbox\t\tadmin\topskit onboarding access grant zperret sandbox" in todo
    )
    given = house.done("onboarding", "access", "grant", "O1", "sandbox")
    assert given.err == "zperret has the access level sandbox now\n"
    again = house.done("onboarding", "access", "grant", "O1", "sandbox", "--yes")
    assert again.err == "zperret has the access level sandbox already\n"
    assert house.done("onboarding", "access", "list").err == "no sign-off waits for access\n"


def test_in_the_sandbox_one_writes_and_sees_nothing_else(with_newcomer: House) -> None:
    house = with_newcomer
    house.done("onboarding", "access", "grant", LOGIN, "sandbox", "--yes")
    house.login(LOGIN)
    house.done(
        "vault", "add", "SANDBOX/test/erp", "--kind", "erp", "--password-file", "-", stdin="play"
    )
    assert house.done("vault", "get", "SANDBOX/test/erp").out == "play\n"
    house.done("vault", "rotate", "SANDBOX/test/erp", "--password-file", "-", stdin="play again")
    house.done("vault", "rotate", "SANDBOX/test/erp", "--confirm")
    assert refs(house) == ["SANDBOX/test/erp"]
    assert house.done("vault", "find", "erp").out.startswith("SANDBOX/test/erp")
    for client in ("DELEZE", "KUHNCO"):
        refused = house.opskit("vault", "get", f"{client}/prod/erp")
        assert (refused.code, refused.out) == (6, "")


def test_read_only_reads_the_own_pole_and_changes_nothing(with_newcomer: House) -> None:
    house = with_newcomer
    refused = house.opskit("onboarding", "access", "grant", LOGIN, "read-only")
    assert refused.code == 2
    assert "nobody can agree" in refused.err
    house.done("onboarding", "access", "grant", LOGIN, "read-only", "--yes")
    house.login(LOGIN)
    assert house.done("vault", "get", "DELEZE/prod/erp", "--ticket", "CS-1001").out == "s3cret\n"
    assert house.opskit("vault", "get", "KUHNCO/prod/erp").code == 6
    assert refs(house) == ["DELEZE/prod/erp", "SANDBOX/test/erp"]
    assert house.opskit("vault", "list", "KUHNCO").code in (0, 6)
    for verb in ("rotate", "set"):
        changed = house.opskit(
            "vault", verb, "DELEZE/prod/erp", "--password-file", "-", stdin="mine"
        )
        assert changed.code in (2, 6)
    assert (
        house.opskit(
            "vault", "add", "DELEZE/prod/new", "--kind", "erp", "--password-file", "-", stdin="mine"
        ).code
        == 6
    )
    assert house.opskit("vault", "remove", "DELEZE/prod/erp", "--yes").code in (2, 6)
    assert house.done("vault", "get", "DELEZE/prod/erp").out == "s3cret\n"


def test_at_the_last_level_one_is_an_agent(with_newcomer: House) -> None:
    house = with_newcomer
    house.done("onboarding", "access", "grant", LOGIN, "pole", "--yes")
    house.login(LOGIN)
    house.done(
        "vault", "add", "DELEZE/prod/of-zoe", "--kind", "erp", "--password-file", "-", stdin="new"
    )
    assert house.opskit("vault", "get", "KUHNCO/prod/erp").code == 6
    house.login("alice")
    assert house.done("user", "show", LOGIN, "--json").json["roles"] == ["agent", "consultant"]
    assert house.done("vault", "provision", "--check").code == 0
    down = house.opskit("onboarding", "access", "grant", LOGIN, "sandbox", "--yes")
    assert down.code == 4
    assert down.err == (
        "error[access-step-down]: zperret has the level pole already, which is more\n"
        "hint: opskit onboarding access revoke zperret read-only --reason TEXT\n"
    )
    taken = house.done(
        *("onboarding", "access", "revoke", LOGIN, "sandbox", "--reason", "starts anew", "--json")
    )
    assert taken.err == "zperret no longer has sandbox; what remains: none\n"
    facts = taken.json
    assert (facts["level"], facts["in_safe"], facts["proposed"]) == ("none", "none", None)
    assert facts["history"][-1]["before"] == "pole"
    assert facts["history"][-1]["by"] == "alice"


def test_what_the_safe_and_the_register_say_may_differ(with_newcomer: House) -> None:
    house = with_newcomer
    house.done("user", "grant", LOGIN, "--role", "agent")
    try:
        lines = house.done("onboarding", "access", LOGIN).out.splitlines()
        assert "the safe says something else: pole: what an agent of the pole may" in lines
    finally:
        house.done("user", "revoke", LOGIN, "--role", "agent")
    house.login("bob")
    facts = house.done("onboarding", "access", LOGIN, "--json").json
    assert facts["in_safe"] is None


def test_a_sign_off_of_an_admin_may_open_it_at_once(with_newcomer: House) -> None:
    house = with_newcomer
    begin_anew(house)
    settings = house.home.settings_file
    before = settings.read_bytes()
    settings.write_bytes(before + b"access_grows_by_itself = true\n")
    try:
        ticked = house.done("onboarding", "tick", "O1", "safe-training")
        assert ticked.err.splitlines()[1:] == ["zperret has the access level sandbox now"]
        house.done("onboarding", "access", "revoke", LOGIN, "sandbox", "--reason", "again")
        house.done("onboarding", "reopen", "O1", "safe-training", "--reason", "once more")
        ticked = house.done("onboarding", "tick", "O1", "safe-training", as_user="bob")
        assert ticked.err.splitlines()[1].startswith("access to grow: zperret has earned sandbox")
    finally:
        settings.write_bytes(before)


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_sign_off_while_the_safe_goes_away_is_not_forgotten(
    with_newcomer: House, verb: str
) -> None:
    """At the first question about the newcomer, or at the first change."""
    house = with_newcomer
    entity = house.context().plug(Accounts).ensure_entity(LOGIN)
    paths = {"GET": f"/v1/identity/entity/id/{entity}", "POST": "/v1/identity/group/"}

    def hang_up(method: str, path: str) -> None:
        if method == verb and path.startswith(paths[verb]):
            raise HangUpError

    begin_anew(house)
    settings = house.home.settings_file
    before = settings.read_bytes()
    settings.write_bytes(before + b"access_grows_by_itself = true\n")
    try:
        with detour(house, hang_up):
            ticked = house.done("onboarding", "tick", "O1", "safe-training")
    finally:
        settings.write_bytes(before)
    assert "the access does not follow yet: the change for zperret is recorded" in ticked.err
    assert ticked.err.endswith("; once the safe answers: opskit doctor --repair\n")
    assert house.done("onboarding", "access", "list").out == "O1\tZoé Perret\tnone\tsandbox\n"
    repaired = house.done("doctor", "--repair").out
    assert "zperret has the access level sandbox now" in repaired
    facts = house.done("onboarding", "access", LOGIN, "--json").json
    assert (facts["level"], facts["in_safe"], facts["proposed"]) == ("sandbox", "sandbox", None)
    house.done("onboarding", "access", "revoke", LOGIN, "sandbox", "--reason", "again")


def test_a_file_of_levels_that_breaks_a_rule(with_newcomer: House) -> None:
    house = with_newcomer
    own = house.folder / "access-levels.yaml"
    own.write_text("sandbox: [a]\n", encoding="utf-8")
    try:
        refused = house.opskit("onboarding", "access", LOGIN)
        assert refused.code == 5
        assert refused.err.startswith(f"error[access-levels-invalid]: {own}: ")
        house.done("onboarding", "reopen", "O1", "mentor", "--reason", "another one")
        ticked = house.done("onboarding", "tick", "O1", "mentor", "--answer", "Maria, Paul")
        assert "the access does not follow yet: " in ticked.err
    finally:
        own.unlink()


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("grant", "nobody7", "sandbox"), 3, "error[not-found]: there is nobody called nobody7"),
        (("grant", LOGIN, "everything"), 3, "error[not-found]: there is no access level"),
        (("revoke", LOGIN, "pole", "--reason", "x"), 4, "error[conflict]: zperret does not have"),
        (("revoke", LOGIN, "sandbox", "--reason", ""), 5, "error[reason-missing]: "),
    ],
)
def test_what_is_refused(
    with_newcomer: House, words: tuple[str, ...], code: int, error: str
) -> None:
    result = with_newcomer.opskit("onboarding", "access", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)
    assert "\nhint: " in result.err


def test_only_an_admin_gives(with_newcomer: House) -> None:
    result = with_newcomer.opskit("onboarding", "access", "grant", LOGIN, "pole", as_user="bob")
    assert result.code == 6
    assert result.err.startswith("error[denied]: bob lacks the role admin\nhint: ")
