from dataclasses import dataclass, field

import pytest

from opskit.core.errors import InvalidError
from opskit.patches.campaigns.query import parse_query


@dataclass
class Somebody:
    canton: str = "BE"
    language: str = "de"
    contract: str = "gold"
    pole: str = "logistics"
    modules: list[str] = field(default_factory=lambda: ["FIN", "PAY"])
    erp_version: str = "12.2"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pole:logistics",
        "canton:BE,JU contract:gold",
        "canton:be LANGUAGE:DE",
        "version<12.3",
        "version<=12.2 version>=12.2 version:12.2 version=12.2 version>11.9",
        "version<12.10",
        "module:PAY",
        "module:wms,pay",
    ],
)
def test_takes(text: str) -> None:
    assert parse_query(text).takes(Somebody())


@pytest.mark.parametrize(
    "text",
    ["pole:back-office", "canton:JU", "version<12.2", "version>12.2", "module:WMS", "canton:"],
)
def test_leaves_out(text: str) -> None:
    assert not parse_query(text).takes(Somebody())


def test_words_are_left_to_the_directory() -> None:
    assert parse_query("délémont canton:JU sa").words == ("délémont", "sa")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("pool:x", "clients have no field 'pool'", "did you mean pole?"),
        ("canton:BB", "'BB' is no canton of a client", "AG, AI, AR"),
        ("pole:sales", "'sales' is no pole of a client", "back-office, logistics"),
        ("version<12", "'12' is no version", "version<12.4"),
        ("pole<logistics", "pole cannot be compared by <", "pole:back-office"),
        ("module<PAY", "module cannot be compared by <", "module:PAY"),
    ],
)
def test_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_query(text)
    assert caught.value.message == message
    assert caught.value.hint.startswith(hint)
