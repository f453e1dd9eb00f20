"""What the shell is offered: accents and case do not count."""

import pytest

from tests.support.completion import offers
from tests.support.home import House


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("client show del", ["DELEZE"]),
        ("client show DEL", ["DELEZE"]),
        ("user grant bob --role sa", ["sales", "safe-keeper"]),
        ("user add bob --role L", ["license-issuer"]),
        ("vault add DELEZE/prod/x --kind d", ["database"]),
        ("license request DELEZE --kind te", ["test", "temporary"]),
        ("license request DELEZE --modules fi", ["FIN"]),
        ("license request DELEZE --modules FIN,pa", ["FIN,PAY"]),
        ("license request DELEZE --modules FIN,PAY,fi", [""]),
        ("onboarding start X --path b", ["back-office"]),
        ("user show AL", ["alice"]),
        ("onboarding start X --mentor bo", ["bob"]),
        ("client show nobody", [""]),
    ],
)
def test_offers(house: House, typed: str, offered: list[str]) -> None:
    assert offers(house, typed) == offered
