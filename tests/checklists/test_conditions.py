"""Conditions: what they may say, what is true of which facts, and that nothing else gets in."""

import ast
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opskit.checklists.conditions import ConditionInvalidError, parse_condition

FACTS: dict[str, dict[str, Any]] = {
    "client": {"canton": "BE", "modules": ["PAY", "FIN"], "has_maintenance": True, "users": 40},
    "run": {"version": "12.10", "on": date(2027, 1, 20)},
    "answers": {"date-confirmed": "2027-01-20", "free-space": "84", "customizations": "None"},
}


def holds(text: str) -> bool:
    return parse_condition(text).holds(FACTS)


@pytest.mark.parametrize(
    "text",
    [
        'client.canton == "BE"',
        "client.canton == 'be'",
        'client["canton"] != "VD"',
        'client.canton in ["BE", "JU"]',
        'client.canton not in ["VD", "GE"]',
        '"PAY" in client.modules',
        '"LOG" not in client.modules',
        'client.modules == ["fin", "pay"]',
        "client.has_maintenance",
        "client.has_maintenance == true and not false",
        'not (client.canton == "VD" or client.canton == "GE")',
        'client.canton == "VD" and 1 == 2 or client.users == 40',
        "client.users > 39.5",
        'run.version >= "12.4"',
        'run.version > "9"',
        'run.version == "12.10.0"',
        'run.on == "2027-01-20"',
        'run.on < "2027-02-01"',
        'answers.date_confirmed == "2027-01-20"',
        'answers["date-confirmed"] == "2027-01-20"',
        "answers.free_space >= 84",
        "answers.free_space == 84",
        'answers.customizations == "none"',
        "answers.customizations != none",
        "answers.missing == none",
        "consultant.pole == none",
        '"20" in answers.date_confirmed',
        "[] == []",
        '["BE"] == [client.canton]',
        "(client.users > 3) == true",
    ],
)
def test_what_holds(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        'client.canton == "VD"',
        'run.version > "12.10"',
        'run.version < "12.4"',
        "run.version > 12.4",  # without quotes it is a number, no version
        "client.users == true",
        'client.users == "many"',
        'client.users < "many"',
        "client.modules > 3",
        "client.modules < client.modules",
        "client.has_maintenance > 0",
        "client.has_maintenance == 1",
        "answers.customizations == none",
        "[]",
        '""',
        "0",
        "none",
        "true in true",
        "3 in 3",
    ],
)
def test_what_does_not_hold(text: str) -> None:
    assert not holds(text)


@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("other", ['"x"', "3", "true", '["x"]', "client.nothing"])
def test_what_is_not_known_is_neither_equal_nor_different_nor_ordered(
    sign: str, other: str
) -> None:
    same = sign == "==" and other == "client.nothing"
    assert not holds(f"answers.missing {sign} {other}") or same
    assert not holds(f"answers.missing in [{other}]")
    assert not holds(f"answers.missing not in [{other}]")
    assert not holds("nobody.knows or answers.missing")


def test_it_tells_whose_answers_it_asks_for() -> None:
    text = 'answers.free_space > 3 and not (answers["a-b"] == client.x or [answers.c] == [])'
    condition = parse_condition(text)
    assert condition.answers == {"free-space", "a-b", "c"}
    assert ("client", "x") in condition.names
    assert condition.text == text


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("true", True),
        ("false", False),
        ("1 > 2", False),
        ('"a" in ["A"]', True),
        ("client.x and false", False),
        ("client.x or true", True),
        ("not (client.x and false)", True),
        ("client.x", None),
        ("client.x or false", None),
        ("not client.x", None),
        ("[client.x]", None),
    ],
)
def test_it_tells_when_no_fact_could_change_it(text: str, settled: bool | None) -> None:
    assert parse_condition(text).constant is settled


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "character 1: there is nothing to read"),
        ("client.canton = 'BE'", "character 15: one = is not enough, write =="),
        ("client.canton == BE", "character 18: BE is no fact such as client.canton; a text"),
        ("client.canton == 'BE", "character 18: the text in quotes does not end"),
        ("client.canton ==", "character 17: something is missing at the end"),
        ("(client.canton", "character 15: something is missing at the end"),
        ("client.a < client.b < 3", "character 21: two values compare at a time, join"),
        ("client.a client.b", "character 10: client does not belong here"),
        ("client.a.b", "character 9: . does not belong here"),
        ("client[0]", "character 8: 0 does not belong here"),
        ("client.run()", "character 11: ( does not belong here"),
        ("open('x')", "character 1: open is no fact"),
        ("client.a + 1", "character 10: '+' has no meaning here"),
        ("client.a; client.b", "character 9: ';' has no meaning here"),
        ("[1,]", "character 4: ] does not belong here"),
        ("not", "character 4: something is missing at the end"),
        ("1.2.3 == run.version", "character 1: '1' has no meaning here"),
        ("(" * 21 + "true" + ")" * 21, "character 22: nested too deeply"),
        ("not " * 21 + "true", "character 85: nested too deeply"),
        ("[" * 30, "character 22: nested too deeply"),
        ("x.y or " * 100 + "x.y", "character 501: it is longer than 500 characters"),
    ],
)
def test_what_is_refused_and_where(text: str, reason: str) -> None:
    with pytest.raises(ConditionInvalidError) as caught:
        parse_condition(text)
    assert caught.value.message.startswith(reason)


WORDS = st.sampled_from(
    [
        *('"BE"', "'", '"', "client", ".", "canton", "[", "]", "(", ")", ",", "not", "in", "and"),
        *(
            "or",
            "==",
            "=",
            "!=",
            "<",
            ">=",
            "12.4",
            "7",
            "-",
            "true",
            "none",
            "answers",
            " ",
            "a.b",
        ),
    ]
)
TEXTS = st.text() | st.lists(WORDS).map(" ".join) | st.lists(WORDS).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.sets(st.integers()),
    max_leaves=5,
)


@given(TEXTS)
@example("9" * 5000)
@example("\ud800.x == '\udfff'")
def test_no_text_breaks_it(text: str) -> None:
    try:
        condition = parse_condition(text)
    except ConditionInvalidError as err:
        column = err.column
    else:
        column = 1
        assert condition.holds({}) in (True, False)
    assert 1 <= column <= len(text) + 1


@given(
    VALUES,
    VALUES,
    st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]),
)
def test_no_facts_break_it(left: object, right: object, sign: str) -> None:
    condition = parse_condition(f"a.x {sign} a.y or a.x or [a.x] == [a.y]")
    assert condition.holds({"a": {"x": left, "y": right}}) in (True, False)
    assert parse_condition(f"a.x {sign} a.y").holds({"a": 3}) is False  # type: ignore[dict-item]


@given(st.text(alphabet="abx.'\"()[]=<>!,0123 andortif", max_size=30))
def test_whatever_is_read_is_a_comparison_to_python_too(text: str) -> None:
    """No call, no computing, no lambda: nothing that is not on the list of nodes."""
    try:
        parse_condition(text)
    except ConditionInvalidError:
        return
    allowed = (
        *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub),
        *(ast.Compare, ast.cmpop, ast.Attribute, ast.Subscript, ast.Name, ast.Constant),
        *(ast.List, ast.Load),
    )
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return  # such as 007 or a line break, which are no Python
    assert all(isinstance(node, allowed) for node in ast.walk(tree))


NUMBERS = st.lists(st.integers(0, 99), min_size=1, max_size=4)


@given(NUMBERS, NUMBERS)
def test_versions_compare_by_their_numbers(left: list[int], right: list[int]) -> None:
    pad = max(len(left), len(right))
    a, b = ([*each, *[0] * (pad - len(each))] for each in (left, right))
    facts = {"run": {"a": ".".join(map(str, left)), "b": ".".join(map(str, right))}}
    assert parse_condition("run.a < run.b").holds(facts) is (a < b)
    assert parse_condition("run.a == run.b").holds(facts) is (a == b)
