"""Who hears of what."""

import pytest

from opskit.core.todo import CONFIDENTIAL, TodoItem
from opskit.todo.receivers import Shares, for_the_team, shared_out
from tests.todo.samples import directory, item, person, team


def nobody_has(_role: str) -> frozenset[str]:
    return frozenset()


def logins(shares: Shares) -> dict[str, list[str]]:
    return {
        str(share.receiver.login): [each.subject for each in share.items] for share in shares.shares
    }


@pytest.mark.parametrize(
    ("wanted", "who"),
    [
        (item("L1", person="bob", role="sales"), ["bob"]),
        (item("L1", role="sales", client="DELEZE"), ["nora"]),
        (item("L1", role="sales", client="BOVETD"), ["max"]),
        (item("L1", role="sales"), ["max", "nora"]),
        (item("L1", role="agent", client="BOVETD"), ["bob"]),
        (item("L1", person="eve"), []),
        (item("L1", person="gone"), []),
        (item("L1", role="manager"), []),
        (item("L1"), []),
    ],
)
def test_who_hears(wanted: TodoItem, who: list[str]) -> None:
    found = shared_out([wanted], directory(), nobody_has)
    assert sorted(logins(found)) == who
    assert found.nobody == (() if who else (wanted,))


def test_a_role_that_is_nobodys_job_is_of_those_who_have_it_in_the_safe() -> None:
    asked: list[str] = []

    def holders(role: str) -> frozenset[str]:
        asked.append(role)
        return frozenset({"ivo", "eve"})

    items = [item("R1", role="license-issuer"), item("L1", role="sales", client="DELEZE")]
    assert logins(shared_out(items, directory(), holders)) == {"ivo": ["R1"], "nora": ["L1"]}
    assert asked == ["license-issuer"]


def test_one_share_a_person_by_name() -> None:
    items = [item("L1", role="sales"), item("L2", person="max"), item("L3", person="bob")]
    found = shared_out(items, directory(), nobody_has)
    assert [share.receiver.name for share in found.shares] == [
        "Bob Aubert",
        "Max Rey",
        "Nora Weber",
    ]
    assert logins(found)["max"] == ["L1", "L2"]
    receiver = found.shares[0].receiver
    assert (receiver.key, receiver.address) == ("staff/3", "bob@opskit.example")


def test_people_of_one_name_stay_apart() -> None:
    people = [*team(), person("nora2", "Nora Weber", id=9)]
    items = [item("L1", person="nora"), item("L2", person="nora2")]
    assert logins(shared_out(items, directory(people), nobody_has)) == {
        "nora": ["L1"],
        "nora2": ["L2"],
    }


def test_a_team_does_not_hear_of_what_the_safe_holds() -> None:
    items = [item("DELEZE/prod/erp-db", readers=CONFIDENTIAL), item("L1")]
    (share,) = for_the_team(items, None).shares
    assert share.items == (items[1],)


def test_a_team_hears_of_everything_else_also_of_what_nobody_has() -> None:
    items = [item("L1", person="bob"), item("R1", role="license-issuer")]
    (share,) = for_the_team(items, "logistics").shares
    assert (share.receiver.key, share.items) == ("logistics", tuple(items))
    assert for_the_team(items, None).shares[0].receiver.key == "team"
    assert for_the_team([], None).shares == ()
