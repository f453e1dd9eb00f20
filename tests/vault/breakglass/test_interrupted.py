"""A request cut off on its way, and what doctor makes of it."""

from opskit.core.refs import TicketKey
from tests.support.breakglass import REF, ask, row_of
from tests.support.home import House
from vault.breakglass import services
from vault.breakglass.models import AccessRequest
from vault.breakglass.ports import SecondPerson
from vault.entries import EntryRef
from vault.login.tokens import open_access_store


def test_interrupted_steps_are_settled(vaulted: House) -> None:
    number = ask(vaulted)
    run = vaulted.context()
    bob = run.identity()
    with run.transaction() as session:
        request = services.find(session, number)
        services.begin_ask(
            session,
            ref=EntryRef.parse(REF),
            ticket=TicketKey("CS-1"),
            at=run.now(),
            actor=bob,
        )
        for kind in (services.APPROVE, services.READ):
            services.begin_step(session, kind=kind, request=request, at=run.now(), actor=bob)
    vaulted.login("alice")
    said = vaulted.done("doctor", "--repair").out
    assert f"the request for {REF} came to nothing" in said
    assert f"{number} was not approved" in said
    assert f"nobody knows whether {REF} was shown" in said
    row = row_of(vaulted, number)
    assert (row["state"], row["approved_by"]) == ("done", None)
    store = open_access_store(vaulted.home, run.settings, number)
    assert store.load() is None


def test_an_approval_cut_off_is_found_in_the_safe(vaulted: House) -> None:
    number = ask(vaulted)
    vaulted.login("carol")
    run = vaulted.context()
    with run.transaction() as session:
        request = services.find(session, number)
        services.begin_step(
            session, kind=services.APPROVE, request=request, at=run.now(), actor=run.identity()
        )
    run.plug(SecondPerson).approve(request.accessor)
    vaulted.login("alice")
    assert f"{number} is approved" in vaulted.done("doctor", "--repair").out
    with vaulted.context().snapshot() as session:
        row = session.get_one(AccessRequest, request.number)
        assert row.approved_by == run.identity().entity_id
