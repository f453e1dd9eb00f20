"""opskit todo narrows down what every utility tells it, and shows it to whoever asks."""

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from opskit.core.errors import UnavailableError
from tests.licenses.ordering import requested
from tests.support.home import House, Result
from tests.todo.kitchen import Kitchen
from tests.todo.samples import DAY, TODAY, item

ITEMS = [
    item("L1", TODAY - DAY, person="bob", client="BOVETD"),
    item("L2", person="bob"),
    item("R1", None, what="to approve", role="admin"),
    item("P7", TODAY + DAY, role="agent", client="DELEZE", title="Patch of DELEZE", step="date"),
]


@pytest.fixture(autouse=True)
def _four_things(kitchen: Kitchen) -> None:
    kitchen.items = list(ITEMS)


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ([], ["L1", "L2", "P7", "R1"]),
        (["--person", "bob"], ["L1", "L2", "P7"]),
        (["--person", "AUBERT"], ["L1", "L2", "P7"]),
        (["--person", "nora"], []),
        (["--person", "me"], ["P7", "R1"]),
        (["--late"], ["L1"]),
        (["--late", "--person", "me"], []),
        (["--role", "admin"], ["R1"]),
        (["--role", "Admin", "--late"], []),
        (["--client", "deleze"], ["P7"]),
        (["--pole", "logistics"], ["L1", "L2"]),
        (["--pole", "back-office"], ["L1", "P7"]),
        (["--within", "1d"], ["L1", "L2", "P7", "R1"]),
    ],
)
def test_narrowed_down(kitchen: Kitchen, words: Sequence[str], subjects: Sequence[str]) -> None:
    shown = kitchen.todo(*words, "--json")
    assert (shown.code, shown.err) == (0, "")
    rows = json.loads(shown.out)
    assert [row["subject"] for row in rows] == subjects
    assert [row["subject"] for row in rows if row["late"]] == [s for s in subjects if s == "L1"]


def test_within_leaves_out_what_is_due_later(kitchen: Kitchen) -> None:
    kitchen.items = [item("L1", TODAY + 7 * DAY), item("L2", TODAY + 8 * DAY)]
    assert [row["subject"] for row in kitchen.todo("--within", "1w", "--json").json] == ["L1"]


def test_in_a_pipe_a_line_an_item(kitchen: Kitchen) -> None:
    assert kitchen.todo().out == (
        "2026-11-23\tL1\tBOVETD\tto renew\tbob\t\topskit see L1\n"
        "2026-11-24\tL2\t\tto renew\tbob\t\topskit see L2\n"
        "2026-11-25\tP7\tDELEZE\tto renew\t\tagent\topskit see P7\n"
        "\tR1\t\tto approve\t\tadmin\topskit see R1\n"
    )


def test_the_page_of_a_pole(kitchen: Kitchen) -> None:
    assert kitchen.todo("--pole", "logistics") == Result(
        0,
        "logistics, 2026-11-24: 2 to do, 1 late\n"
        "\n"
        "Bob Aubert: 2, 1 late\n"
        "  1 day late  BOVETD  L1 to renew  opskit see L1\n"
        "  today               L2 to renew  opskit see L2\n",
        "",
    )


def test_a_source_that_fails_is_one_line(kitchen: Kitchen) -> None:
    kitchen.error = UnavailableError("it is out of reach", hint="wait")
    shown = kitchen.todo("--role", "admin")
    assert (shown.code, shown.err) == (0, "without the shelf: it is out of reach\n")
    assert shown.out == "\tR1\t\tto approve\t\tadmin\topskit see R1\n"


@pytest.mark.parametrize(
    ("option", "word", "code", "message", "hint"),
    [
        ("--client", "NOPE", 3, "there is no client NOPE", "opskit client list"),
        ("--person", "norra", 3, "there is nobody called norra", "did you mean nora (Nora Weber)?"),
        (
            *("--pole", "logistic", 5),
            "--pole: 'logistic' is none of back-office, logistics",
            "did you mean logistics?",
        ),
        ("--within", "soon", 5, "'soon' is no span of time", "days, weeks or months: 60d, 8w, 3m"),
    ],
)
def test_what_there_is_not(
    kitchen: Kitchen, option: str, word: str, code: int, message: str, hint: str
) -> None:
    refused = kitchen.todo(option, word)
    assert (refused.code, refused.out) == (code, "")
    assert refused.err.splitlines()[0].partition("]: ")[2] == message
    assert refused.err.splitlines()[1] == f"hint: {hint}"


def test_an_empty_list_says_so(house: House) -> None:
    empty = house.done("todo", "--role", "auditor")
    assert (empty.out, empty.err) == ("", "nothing to do\n")


def test_without_a_login_there_is_no_list(own_house: House) -> None:
    own_house.done("logout")
    assert own_house.opskit("todo").err.startswith("error[login-needed]: ")


def test_without_the_safe_there_is_all_that_the_database_knows(own_house: House) -> None:
    requested(own_house)
    own_house.done("local", "stop")
    shown = own_house.done("todo")
    assert "\tR1\tDELEZE\tto approve\t\tlicense-issuer\topskit license approve R1\n" in shown.out
    assert shown.err == "without what the safe holds: the safe is not running\n"


def test_in_french(house: House) -> None:
    number = requested(house, "KUHNCO")
    shown = subprocess.run(
        [sys.executable, "-m", "opskit", "todo", "--pole", "logistics"],
        env=house.environment(OPSKIT_LANGUAGE="fr"),
        capture_output=True,
        text=True,
        check=True,
    )
    house.done("license", "withdraw", number)
    assert shown.stdout.partition(", ")[2].partition("\u00a0")[2] == (
        ": 1 à faire\n"
        "\n"
        "Personne encore\u00a0: 1\n"
        f"  aujourd'hui  KUHNCO  {number} à approuver  license-issuer  "
        f"opskit license approve {number}\n"
    )
