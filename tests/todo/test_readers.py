"""Who reads what of the list: what is not for everybody is shown to few, and sent to whom it is."""

import json
from dataclasses import replace

import pytest

from opskit.core.identity import ROLES, Identity
from opskit.core.todo import CONFIDENTIAL
from opskit.todo.directory import Reader
from opskit.todo.receivers import for_the_team
from tests.support.home import House
from tests.support.mail_server import PostOffice
from tests.todo.kitchen import Kitchen
from tests.todo.samples import TODAY, item

OF_THE_TEAM = item("L1", role="sales")
OF_TWO = item("O1", person="bob", readers=frozenset({"bob", "nora"}))
OF_A_ROLE = item("O2", role="safe-keeper", readers=CONFIDENTIAL)
ITEMS = [OF_THE_TEAM, OF_TWO, OF_A_ROLE]

PEOPLE = {
    "whom it waits for": (("bob", "agent"), {"L1", "O1"}),
    "who is named": (("nora", "sales"), {"L1", "O1"}),
    "who has the role": (("kim", "safe-keeper"), {"L1", "O2"}),
    "a colleague": (("max", "sales"), {"L1"}),
    "a newcomer": (("zoe", "consultant"), {"L1"}),
    "a manager": (("paul", "manager"), {"L1", "O1", "O2"}),
    "an auditor": (("vera", "auditor"), {"L1", "O1", "O2"}),
    "an admin": (("alice", "admin"), {"L1", "O1", "O2"}),
}


def identity(login: str, *roles: str) -> Identity:
    return Identity(f"e-{login}", login, frozenset(roles))


@pytest.fixture(autouse=True)
def _three_things(kitchen: Kitchen) -> None:
    kitchen.items = list(ITEMS)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_list_has_what_one_may_read(kitchen: Kitchen, who: str) -> None:
    (login, role), subjects = PEOPLE[who]
    kitchen.actor = identity(login, role)
    rows = json.loads(kitchen.todo("--json").out)
    assert {row["subject"] for row in rows} == subjects
    lines = kitchen.todo().out.splitlines()
    assert {line.split("\t")[1] for line in lines} == subjects


@pytest.mark.parametrize("who", PEOPLE)
def test_so_has_the_page_of_a_pole(kitchen: Kitchen, who: str) -> None:
    (login, role), subjects = PEOPLE[who]
    kitchen.actor = identity(login, role)
    kitchen.items = [replace(each, pole="logistics") for each in ITEMS]
    page = kitchen.todo("--pole", "logistics").out
    assert f"{len(subjects)} to do" in page
    assert {each.subject for each in ITEMS if f"opskit see {each.subject}" in page} == subjects


@pytest.mark.parametrize("who", PEOPLE)
def test_a_dry_run_shows_no_more(kitchen: Kitchen, who: str) -> None:
    """What it would send to others besides is counted."""
    kitchen.items = [OF_TWO]
    (login, role), subjects = PEOPLE[who]
    kitchen.actor = identity(login, role)
    shown = kitchen.remind()
    if "O1" in subjects:
        assert shown.out.startswith("bob\tdue-soon\t2026-11-24\tO1\t")
        assert shown.err == "nothing was sent: opskit remind --send does it\n"
    else:
        assert shown.out == ""
        assert shown.err == (
            "reminders that are not for you to read: 1\n"
            "nothing was sent: opskit remind --send does it\n"
        )
    rows = kitchen.remind("--person", "bob", "--json").json
    assert bool(rows) is ("O1" in subjects)


def test_whoever_sends_it_goes_to_whom_it_waits_for(kitchen: Kitchen, office: PostOffice) -> None:
    kitchen.items = [OF_TWO]
    kitchen.house.login("bob")  # an agent, for whom the safe records it
    assert kitchen.remind("--send").out == "Bob Aubert\t1\tsent\n"
    assert office.recipients == ["bob@opskit.example"]
    assert "O1" in office.mails[0].get_content()


def test_a_channel_hears_what_everybody_may(kitchen: Kitchen) -> None:
    (share,) = for_the_team(ITEMS, None).shares
    assert share.items == (OF_THE_TEAM,)


def test_where_nobody_can_tell_who_asks_there_is_what_everybody_may_read(
    own_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    own_house.done("local", "stop")
    kitchen = Kitchen(own_house, capsys, items=list(ITEMS))
    shown = kitchen.todo("--json")
    assert [row["subject"] for row in shown.json] == ["L1"]
    assert shown.err == "without what is not for everybody: the safe does not say who you are\n"
    kitchen.items = [OF_THE_TEAM]
    assert kitchen.todo("--json").err == ""


def test_every_role_there_is_has_been_thought_of() -> None:
    """A role that is added reads nothing of colleagues until somebody says so."""
    for role in ROLES:
        reads = Reader("x", frozenset({role})).may_read(item("O9", TODAY, readers=CONFIDENTIAL))
        assert reads is (role in {"manager", "admin", "auditor"})
