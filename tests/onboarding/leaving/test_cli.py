"""opskit onboarding leave and leavers, as typed, on the real server."""

import pytest
from sqlalchemy import select

from opskit.core.events import Event
from tests.onboarding.leaving.conftest import ENTRIES, PASSWORD, Leaver, rotate
from tests.support.home import House
from vault.ports import Login

NOW = ("--on", "today", "--reason", "resigned", "--yes")


def leave(house: House, login: str, *words: str) -> list[str]:
    return house.done("onboarding", "leave", login, *(words or NOW)).err.splitlines()


def departures(house: House, login: str) -> list[Event]:
    """What the event log says about this person's departure."""
    query = select(Event).where(Event.action == "onboarding.left")
    with house.context().snapshot() as session:
        return [each for each in session.scalars(query) if (each.personal or {})["login"] == login]


def test_a_leavers_token_is_refused_right_after(home_of_leavers: House, leaver: Leaver) -> None:
    house = home_of_leavers
    login = leaver("agent", "license-issuer", reads=ENTRIES[:1])
    house.login(login)
    token = house.context().plug(Login).tokens.load()
    house.login("alice")
    said = leave(house, login)
    grants = [f"opskit user grant {login} --role {role}" for role in ("agent", "license-issuer")]
    back = "; ".join([f"opskit user enable {login}", *grants])
    assert said == [
        f"{login} ({login}) is out of the safe",
        f"entries that {login} read and nobody rotated since: 1",
        f"next: opskit onboarding leavers {login}",
        f"a mistake? {back}",
    ]
    house.login(login)  # the token of before
    kept = house.context().plug(Login).tokens.load()
    assert token is not None
    assert kept is not None
    assert kept.reveal() == token.reveal()
    refused = house.opskit("vault", "get", ENTRIES[0])
    assert (refused.code, refused.out) == (6, "")
    again = house.opskit("login", login, "--password-file", "-", stdin=PASSWORD)
    assert again.code == 6
    assert again.err.startswith("error[login-refused]: ")
    house.login("alice")
    shown = house.done("user", "show", login, "--json").json
    assert (shown["state"], shown["roles"]) == ("disabled", [])
    assert house.done("vault", "provision", "--check").code == 0
    assert house.done("audit", "verify").err.endswith("the chain holds\n")


def test_a_mistake_is_taken_back_as_the_hint_says(home_of_leavers: House, leaver: Leaver) -> None:
    house = home_of_leavers
    login = leaver("agent", "sales")
    hint = leave(house, login)[-1]
    assert hint.startswith("a mistake? ")
    for command in hint.removeprefix("a mistake? ").split("; "):
        house.done(*command.split()[1:])
    assert house.done("user", "show", login, "--json").json["roles"] == ["agent", "sales"]
    house.done("login", login, "--password-file", "-", stdin=PASSWORD)
    assert house.done("vault", "get", ENTRIES[0]).code == 0
    house.login("alice")
    said = leave(house, login)  # and leaves once more, later
    assert said[0] == f"{login} ({login}) is out of the safe"
    rows = house.done("onboarding", "leavers", "--json").json
    assert len([row for row in rows if row["login"] == login]) == 2


def test_what_the_leaver_read_is_listed_until_it_is_rotated(
    home_of_leavers: House, leaver: Leaver
) -> None:
    house = home_of_leavers
    login = leaver("agent", reads=ENTRIES)
    leave(house, login)
    rows = house.done("onboarding", "leavers", login, "--json").json
    assert [(row["ref"], row["state"], row["ticket"]) for row in rows] == [
        ("BETSCH/prod/erp", "open", "CS-1001"),
        ("DELEZE/common/vpn", "open", "CS-1001"),
        ("DELEZE/prod/erp", "open", "CS-1001"),
    ]
    assert list(rows[0]) == [
        *("client", "ref", "guarded", "kind", "read_at", "ticket", "rotated_at", "state")
    ]
    todo = house.done("todo", "--role", "safe-keeper").out
    assert f"credentials that {login} read, to rotate: 3" in todo
    rotate(house, "DELEZE/prod/erp")
    house.done("vault", "rotate", "DELEZE/common/vpn", "--generate")
    rows = house.done("onboarding", "leavers", login, "--json").json
    assert [(row["ref"], row["state"]) for row in rows] == [
        ("BETSCH/prod/erp", "open"),
        ("DELEZE/common/vpn", "pending"),
    ]
    house.done("vault", "rotate", "DELEZE/common/vpn", "--abandon")
    house.done("onboarding", "leavers", login, "--settle", "BETSCH/prod/erp")
    wrong = house.opskit("onboarding", "leavers", login, "--settle", "DELEZE/common/vpm")
    assert wrong.code == 3
    assert wrong.err.endswith("hint: did you mean DELEZE/common/vpn?\n")
    rotate(house, "DELEZE/common/vpn")
    nothing = house.done("onboarding", "leavers", login)
    assert (nothing.out, nothing.err) == (
        "",
        f"nothing that {login} read is left to rotate\n",
    )
    assert f"credentials that {login}" not in house.done("todo").out
    (row,) = [
        each
        for each in house.done("onboarding", "leavers", "--json").json
        if each["login"] == login
    ]
    assert (row["state"], row["reads"], row["open_reads"]) == ("left", 3, 0)


def test_a_day_to_come_is_planned_and_moved_and_then_done(
    home_of_leavers: House, leaver: Leaver
) -> None:
    house = home_of_leavers
    login = leaver("agent")
    planned = house.done(
        "onboarding", "leave", login, "--on", "2035-03-30", "--reason", "contract-ended"
    )
    assert planned.err.splitlines() == [
        f"{login} leaves on 2035-03-30; until then nothing changes in the safe",
        f"on that day an admin types: opskit onboarding leave {login}",
    ]
    number = planned.out.strip()
    page = house.done("checklist", "show", number, "--json").json
    assert page["anchor_on"] == "2035-03-30"
    assert house.done("user", "show", login, "--json").json["roles"] == ["agent"]
    assert f"to close the safe to {login}" not in house.done("todo").out
    moved = house.done("onboarding", "leave", login, "--on", "+5bd").out.strip()
    assert moved == number
    anchor = house.done("checklist", "show", number, "--json").json["anchor_on"]
    todo = house.done("todo", "--role", "admin").out
    assert f"{anchor}\t{login}\t\tto close the safe to {login}\t\tadmin" in todo
    done = house.done("onboarding", "leave", login, "--on", "yesterday", "--yes", "--json").json
    assert (done["list"], done["state"], done["roles"]) == (number, "left", ["agent"])
    steps = house.done("checklist", "show", number, "--json").json["steps"]
    settled = {step["step"] for step in steps if step["state"] == "done"}
    assert settled == {"safe-closed", "reads-known"}


def test_a_planned_departure_is_withdrawn(home_of_leavers: House, leaver: Leaver) -> None:
    house = home_of_leavers
    login = leaver("agent")
    planned = ("onboarding", "leave", login, "--on", "+5bd", "--reason", "retired")
    number = house.done(*planned).out.strip()
    stays = house.done("onboarding", "leave", login, "--withdraw", "--json")
    assert stays.err == f"{login} stays\n"
    assert (stays.json["state"], stays.json["list"]) == ("withdrawn", number)
    assert house.done("checklist", "show", number, "--json").json["state"] == "cancelled"
    assert f"to close the safe to {login}" not in house.done("todo").out
    refused = house.opskit("onboarding", "leave", login, "--withdraw")
    assert refused.err == (
        f"error[conflict]: no departure of {login} is planned\nhint: opskit onboarding leavers\n"
    )
    assert house.opskit("onboarding", "leave", login).code == 2
    assert house.done(*planned).out.strip() != number
    leave(house, login, "--on", "today", "--yes")
    gone = house.opskit("onboarding", "leave", login, "--withdraw")
    assert gone.err.splitlines()[1] == f"hint: opskit user enable {login}"


def test_the_path_ends_and_newcomers_need_another_mentor(
    home_of_leavers: House, leaver: Leaver
) -> None:
    house = home_of_leavers
    mentor = leaver("agent")
    number = house.done(
        *("onboarding", "start", "Ina Muster", "--path", "logistics"),
        *("--start", "2035-12-03", "--mentor", mentor),
    ).out.strip()
    said = leave(house, mentor)
    assert said[1] == (
        f"need another mentor: Ina Muster; opskit onboarding hand-over {mentor} LOGIN"
    )
    needs_another = f"the mentor {mentor} has left: name another"
    assert house.done("todo", "--role", "manager").out.count(needs_another) == 1
    leave(house, mentor, "--mentor", "bob", "--yes")
    assert house.done("onboarding", "show", number, "--json").json["mentor"] == "bob"
    assert needs_another not in house.done("todo").out
    leave(house, "Ina Muster", *NOW)
    page = house.done("onboarding", "list", "--json").json
    assert number not in {row["number"] for row in page}


def test_newcomers_are_handed_over_on_the_day(home_of_leavers: House, leaver: Leaver) -> None:
    house = home_of_leavers
    mentor = leaver("agent")
    number = house.done(
        *("onboarding", "start", "Ugo Muster", "--path", "logistics"),
        *("--start", "2035-12-03", "--mentor", mentor),
    ).out.strip()
    said = leave(house, mentor, *NOW, "--mentor", "bob")
    assert not [line for line in said if line.startswith("need another mentor")]
    assert house.done("onboarding", "show", number, "--json").json["mentor"] == "bob"


def test_access_that_grew_is_gone(home_of_leavers: House, leaver: Leaver) -> None:
    house = home_of_leavers
    login = leaver("consultant")
    house.done("onboarding", "access", "grant", login, "read-only", "--yes")
    leave(house, login)
    facts = house.done("onboarding", "access", login, "--json").json
    assert (facts["level"], facts["in_safe"]) == ("none", "none")
    refused = house.opskit("onboarding", "access", "grant", login, "sandbox", "--yes")
    assert refused.err.startswith(f"error[conflict]: {login} is disabled\n")


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("alice", *NOW), 4, "error[conflict]: nobody shuts themselves out"),
        (("nobody7", *NOW), 3, "error[not-found]: there is nobody called nobody7"),
        (("bob",), 2, "error[usage]: the last day and the reason are missing"),
        (("bob", "--on", "today", "--reason", "ill", "--yes"), 3, "error[not-found]: 'ill' is no"),
        (("bob", "--on", "2035-02-30", "--reason", "other"), 5, "error[invalid]: '2035-02-30'"),
        (("bob", "--on", "today", "--reason", "other"), 2, "error[usage]: nothing was done: "),
    ],
)
def test_what_is_refused(
    home_of_leavers: House, words: tuple[str, ...], code: int, error: str
) -> None:
    home_of_leavers.login("alice")
    result = home_of_leavers.opskit("onboarding", "leave", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)
    assert "\nhint: " in result.err


def test_only_an_admin_shuts_out_and_a_keeper_sees_what_was_read(
    home_of_leavers: House, leaver: Leaver
) -> None:
    house = home_of_leavers
    login, manager, keeper = leaver("agent"), leaver("manager"), leaver("safe-keeper")
    house.login("bob")
    assert house.opskit("onboarding", "leave", login, *NOW).code == 6
    house.login(manager)
    assert house.opskit("onboarding", "leave", login, *NOW).code == 6
    house.done("onboarding", "leave", login, "--on", "2035-03-30", "--reason", "retired")
    house.login("alice")
    leave(house, login, "--on", "today", "--yes")
    for who, code in ((keeper, 0), (manager, 0), ("bob", 6)):
        house.login(who)
        assert house.opskit("onboarding", "leavers", login).code == code
        assert house.opskit("onboarding", "leavers").code == code
        assert house.opskit("onboarding", "leavers", "alice").code == (code or 3)
    house.login("alice")


def test_a_log_of_another_machine_is_read_later(home_of_leavers: House, leaver: Leaver) -> None:
    house = home_of_leavers
    login = leaver("agent", reads=ENTRIES[:2])
    said = leave(house, login, *NOW, "--log", str(house.folder / "nothing.log"))
    assert said[1].startswith(f"what {login} read is not known: there is no log ")
    assert said[2] == (
        "next, with the log of the safe's server: "
        f"opskit onboarding leave {login} --log audit.log --yes"
    )
    assert f"what {login} read is not known yet" in house.done("todo", "--role", "admin").out
    log = house.home.safe_folder / "audit.log"
    again = leave(house, login, "--log", str(log), "--yes")
    assert again[1] == f"entries that {login} read and nobody rotated since: 2"
    assert len(departures(house, login)) == 1


def test_names_and_reasons_stay_out_of_what_an_event_keeps_for_good(
    home_of_leavers: House, leaver: Leaver
) -> None:
    house = home_of_leavers
    login = leaver("agent")
    leave(house, login)
    (event,) = departures(house, login)
    kept = f"{event.subject} {event.before} {event.after}"
    assert login not in kept
    assert "resigned" not in kept
