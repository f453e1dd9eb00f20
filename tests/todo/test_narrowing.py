"""What is somebody's, and of which pole."""

from opskit.todo.directory import Reader
from opskit.todo.narrowing import Wish, narrowed, row_of
from tests.todo.samples import DAY, TODAY, directory, item

ITEMS = [
    item("1", TODAY - DAY, person="bob", client="BOVETD"),
    item("2", role="sales", client="DELEZE"),
    item("3", person="bob", role="sales"),
    item("4", role="agent"),
    item("5", None, role="admin", pole="back-office"),
]


def found(wish: Wish) -> str:
    return "".join(each.subject for each in narrowed(ITEMS, wish, directory(), today=TODAY))


def test_ones_own_is_what_has_ones_name_and_what_has_nobodys_and_ones_role() -> None:
    assert found(Wish(reader=Reader("bob", frozenset({"agent"})))) == "134"
    assert found(Wish(reader=Reader("nora", frozenset({"sales", "admin"})))) == "25"
    assert found(Wish(reader=Reader("ivo", frozenset()))) == ""


def test_a_pole_is_that_of_the_client_or_of_the_person() -> None:
    assert found(Wish(pole="logistics")) == "123"
    assert found(Wish(pole="back-office")) == "15"


def test_wishes_add_up() -> None:
    assert found(Wish()) == "12345"
    assert found(Wish(late=True)) == "1"
    assert found(Wish(client="DELEZE")) == "2"
    assert found(Wish(role="sales")) == "23"
    assert found(Wish(role="sales", client="DELEZE", late=True)) == ""


def test_the_keys_of_a_row() -> None:
    row = row_of(ITEMS[0], directory(), today=TODAY)
    assert row == {
        "kind": "license-renew",
        "subject": "1",
        "title": None,
        "step": None,
        "what": "to renew",
        "client": "BOVETD",
        "pole": "back-office",
        "due": TODAY - DAY,
        "since": None,
        "late": True,
        "person": "bob",
        "person_name": "Bob Aubert",
        "role": None,
        "command": "opskit see 1",
    }
    assert row_of(item("9", person="gone"), directory(), today=TODAY)["person_name"] == "gone"
