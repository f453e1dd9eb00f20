"""A number typed where a client's code is meant is called what it is."""

import pytest
from sqlalchemy.orm import Session

from licenses.following.succession import find_target
from licenses.mistaken import find_client
from licenses.models import LicenseBatch
from opskit.clients.models import Client
from opskit.core.errors import NotFoundError
from tests.licenses.lifecycle import AT, KeyRing, add_client, ask, issued


def refused(session: Session, text: str, *, by_license: bool) -> tuple[str, str | None]:
    with pytest.raises(NotFoundError) as caught:
        (find_target if by_license else find_client)(session, text)
    return caught.value.message, caught.value.hint


def test_a_request_that_became_a_licence(session: Session, client: Client, signer: KeyRing) -> None:
    record = issued(session, client, signer)
    name = f"R{record.request_number}"
    what = f"{name} is a licence request of DELEZE: it became L{record.serial}"
    assert refused(session, name.lower(), by_license=True) == (
        what,
        f"give the licence's number: L{record.serial}",
    )
    assert refused(session, name, by_license=False) == (what, "give the client's code: DELEZE")


def test_a_request_that_is_none_yet(session: Session, client: Client) -> None:
    name = f"R{ask(session, client)}"
    what = f"{name} is a licence request of DELEZE, and no licence"
    assert refused(session, name, by_license=True) == (what, f"opskit license show {name}")
    assert refused(session, name, by_license=False) == (what, "give the client's code: DELEZE")


def test_a_licence_where_a_client_is_meant(
    session: Session, client: Client, signer: KeyRing
) -> None:
    record = issued(session, client, signer)
    assert refused(session, f"l{record.serial}", by_license=False) == (
        f"L{record.serial} is a licence of DELEZE",
        "give the client's code: DELEZE",
    )


def test_a_batch(session: Session) -> None:
    session.add(
        LicenseBatch(
            number=3, digest="0" * 64, file_name="a.csv", requested_by="e-sally", requested_at=AT
        )
    )
    session.flush()
    for by_license in (True, False):
        assert refused(session, "B3", by_license=by_license) == (
            "B3 is a batch of licence requests",
            "opskit license show B3",
        )


def test_what_nothing_has_the_number_of(session: Session) -> None:
    assert refused(session, "R9", by_license=True)[0] == "there is no client R9"
    assert refused(session, "KUHNCX", by_license=False)[0] == "there is no client KUHNCX"


def test_a_client_may_be_called_like_a_request(session: Session, client: Client) -> None:
    number = ask(session, client)
    namesake = add_client(session, f"R{number}", 20001)
    assert find_client(session, f"r{number}") is namesake
