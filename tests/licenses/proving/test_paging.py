"""license list, page by page."""

import pytest
from sqlalchemy.orm import Session

from licenses.payload import LicenseKind
from licenses.services.paging import Wanted, page
from licenses.states import RequestState
from opskit.clients.models import Client
from tests.licenses.lifecycle import KeyRing, ask, issued
from tests.licenses.ordering import approved, requested
from tests.support.home import House


@pytest.mark.usefixtures("register")
def test_pages(session: Session, client: Client) -> None:
    waiting = ask(session, client)
    first = page(session, Wanted(limit=2))
    assert [each.number for each in first.requests] == [waiting]
    assert [(each.serial, state) for each, state in first.licenses] == [
        (1003, "issued"),
        (1002, "issued"),
    ]
    assert (first.more_requests, first.more_licenses) == (False, True)
    second = page(session, Wanted(limit=2, before=1002))
    assert (second.requests, second.more_licenses) == ([], False)
    assert [each.serial for each, _state in second.licenses] == [1001]


@pytest.mark.usefixtures("register")
def test_what_is_asked_for(session: Session, client: Client, signer: KeyRing) -> None:
    waiting = ask(session, client, kind=LicenseKind.TEST)
    issued(session, client, signer)
    test = page(session, Wanted(limit=5, kind=LicenseKind.TEST))
    assert [each.number for each in test.requests] == [waiting]
    assert [each.serial for each, _state in test.licenses] == [1003]
    asked = page(session, Wanted(limit=5, state=RequestState.REQUESTED))
    assert ([each.number for each in asked.requests], asked.licenses) == ([waiting], [])
    delivered = page(session, Wanted(limit=5, state=RequestState.DELIVERED))
    assert (delivered.requests, delivered.licenses) == ([], [])
    nothing = page(session, Wanted(limit=5, client="OTHER"))
    assert (nothing.requests, nothing.licenses) == ([], [])


def test_the_next_page_can_be_typed(own_house: House) -> None:
    house = own_house
    serials = []
    for name in ("a", "b"):
        number = approved(house)
        out = house.folder.parent / f"{name}.lic"
        serials.append(house.done("license", "issue", number, "--out", out).out.strip())
    requested(house)
    first = house.done("license", "list", "--limit", "1", "--client", "deleze")
    hint = f"opskit license list --client DELEZE --before {serials[1]} --limit 1"
    assert first.err == f"there are older ones: {hint}\n"
    second = house.done(*hint.split()[1:])
    assert second.out.startswith(serials[0])
    assert second.err == ""
    assert house.opskit("license", "list", "--state", "lost").code == 5
    requested(house)
    asked = house.done("license", "list", "--limit", "1", "--state", "requested")
    assert asked.err == (
        "there are more requests: opskit license list --state requested --limit 10\n"
    )
