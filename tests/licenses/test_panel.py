"""A client's page shows the newest licences, however many there are."""

from sqlalchemy.orm import Session

from licenses.panel import SHOWN, LicensePanel
from licenses.services.register import newest_serials
from opskit.clients.models import Client
from tests.licenses.lifecycle import KeyRing, ask, issued


def test_the_newest_licences_of_many(session: Session, client: Client, signer: KeyRing) -> None:
    serials = [issued(session, client, signer, site=f"S{n}").serial for n in range(SHOWN + 1)]
    waiting = ask(session, client)
    first, *licenses = LicensePanel().rows(session, client.code)
    assert first.text == f"R{waiting}  requested  FIN AP AR"
    assert [each.facts["number"] for each in licenses] == [f"L{n}" for n in serials[:0:-1]]
    older = f"opskit license list --client DELEZE --before L{serials[1]}"
    assert licenses[-1].text.endswith(f"; there are older ones: {older}")
    assert "older" not in licenses[-2].text
    assert newest_serials(session, limit=2) == serials[:-3:-1]


def test_all_licences_of_few(session: Session, client: Client, signer: KeyRing) -> None:
    serial = issued(session, client, signer).serial
    (row,) = LicensePanel().rows(session, client.code)
    assert (row.facts["number"], row.facts["state"]) == (f"L{serial}", "issued")
    assert "older" not in row.text
