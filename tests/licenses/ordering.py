"""The steps before the one that a test of the commands is about, typed by alice and bob."""

from typing import Any

from tests.support.home import House

LAST = "2040-12-31"


def requested(house: House, client: str = "DELEZE", **options: str) -> str:
    """Alice asks; the number, such as `R7`."""
    facts = {"modules": "FIN AP AR", "named_users": "60", "maintenance_until": LAST, **options}
    words = [word for name, value in facts.items() for word in (_option(name), value)]
    made: Any = house.done("license", "request", client, *words, "--json", as_user="alice").json
    return str(made["number"])


def approved(house: House, client: str = "DELEZE", **options: str) -> str:
    """And bob approves."""
    number = requested(house, client, **options)
    house.done("license", "approve", number, as_user="bob")
    return number


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
