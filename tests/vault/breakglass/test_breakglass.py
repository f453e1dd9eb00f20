"""Guarded entries in a whole home: asked for, agreed to, read once; and never by one alone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from sqlalchemy import select

from opskit.core.errors import OpsError
from opskit.core.events import Event
from opskit.core.http import Reply, VaultHttp
from opskit.core.intents import open_intents
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from opskit.local.state import FILE_NAME
from tests.support.contents import contents_of
from tests.support.home import PASSWORDS, House, Result, copy_of
from tests.support.lesser_server import lesser_server
from vault.breakglass import services
from vault.breakglass.guarding import GUARD, guard
from vault.breakglass.models import AccessRequest
from vault.breakglass.ports import GuardedStore, SecondPerson
from vault.changing.removing import begin
from vault.entries import EntryRef, EntryValue
from vault.login.tokens import open_access_store
from vault.ports import EntryStore, Login
from vault.services import PURGERS

REF = "DELEZE/prod/payroll"
SECRET = "only two open this"
CAROL = "pass of carol"


@pytest.fixture(scope="module")
def vaulted(house_pattern: House) -> Iterator[House]:
    """A home with a guarded entry; bob is an agent, alice and carol keep the safe."""
    with pytest.MonkeyPatch.context() as patch, copy_of(house_pattern) as house:
        patch.setitem(PASSWORDS, "carol", CAROL)
        house.login("alice")
        house.done(
            *("user", "add", "carol", "--role", "safe-keeper", "--password-file", "-"), stdin=CAROL
        )
        put_under_guard(house, REF)
        yield house


def put_under_guard(house: House, ref: str, *more: str) -> Result:
    add = ("vault", "add", ref, "--kind", "erp", "--host", "erp.deleze.example")
    house.done(*add, "--password-file", "-", stdin=SECRET, as_user="alice")
    return house.done("vault", "break-glass", "guard", ref, "--yes", *more)


def ask(house: House, who: str = "bob", ref: str = REF) -> str:
    words = ("vault", "break-glass", "request", ref, "--ticket", "CS-1001")
    return house.done(*words, as_user=who).out.strip()


def glass(house: House, who: str, *words: str) -> Result:
    return house.opskit("vault", "break-glass", *words, as_user=who)


def row_of(house: House, number: str) -> dict[str, Any]:
    rows = house.done("vault", "break-glass", "list", "--all", "--json").json
    (row,) = [row for row in rows if row["number"] == number]
    return dict(row)


def test_one_asks_another_agrees_and_the_first_reads_once(vaulted: House) -> None:
    number = ask(vaulted)
    assert number.startswith("B")
    assert row_of(vaulted, number)["state"] == "requested"
    early = glass(vaulted, "bob", "read", number)
    assert (early.code, early.out) == (6, "")
    assert early.err.startswith(f"error[not-approved]: nobody has agreed to {number} yet\n")

    agreed = glass(vaulted, "carol", "approve", number.lower())
    assert agreed.code == 0
    assert agreed.err.startswith(f"bob may read {REF} for CS-1001 until ")
    assert row_of(vaulted, number)["approved_by"] == "carol"

    read = glass(vaulted, "bob", "read", number)
    assert (read.code, read.out, read.err) == (0, f"{SECRET}\n", "")
    again = glass(vaulted, "bob", "read", number)
    assert again.code == 4
    assert again.err.startswith(f"error[access-ended]: {number} has ended")
    assert row_of(vaulted, number)["state"] == "done"


def test_the_token_is_kept_like_a_login_and_ends_with_the_reading(vaulted: House) -> None:
    number = ask(vaulted)
    store = open_access_store(vaulted.home, vaulted.context().settings, number)
    token = store.load()
    assert token is not None
    files = contents_of(vaulted.folder).items()
    holding = [
        f for f, content in files if "safe" not in f.parts and token.reveal().encode() in content
    ]
    assert [(f.parent.name, f.stat().st_mode & 0o777) for f in holding] == [("tokens", 0o600)]
    glass(vaulted, "carol", "approve", number)
    assert glass(vaulted, "bob", "read", number).code == 0
    assert store.load() is None
    vaulted.login("bob")
    with pytest.raises(OpsError, match="does not give it out"):
        vaulted.context().plug(SecondPerson).read(token, TicketKey("CS-1"))


def test_the_whole_entry_as_json_and_a_field_that_is_not_there(vaulted: House) -> None:
    number = ask(vaulted)
    glass(vaulted, "carol", "approve", number)
    missing = glass(vaulted, "bob", "read", number, "--field", "pin")
    assert missing.code == 3
    assert "keeps no field pin" in missing.err
    read = glass(vaulted, "bob", "read", number, "--json")
    assert read.json == {"ref": REF, "secrets": {"password": SECRET}}


def test_nobody_agrees_to_their_own_request(vaulted: House) -> None:
    for who in ("alice", "carol"):
        number = ask(vaulted, who)
        refused = glass(vaulted, who, "approve", number)
        assert refused.code == 6
        assert refused.err.startswith("error[own-request]: whoever asks cannot agree\n")
        assert glass(vaulted, who, "read", number).code == 6
    with vaulted.context().snapshot() as session:
        accessor = services.find(session, number).accessor
    with pytest.raises(OpsError, match="whoever asks cannot agree"):  # the server's own refusal
        vaulted.context().plug(SecondPerson).approve(accessor)


def test_an_agent_cannot_agree_for_another(vaulted: House) -> None:
    number = ask(vaulted, "carol")
    refused = glass(vaulted, "bob", "approve", number)
    assert refused.code == 6
    assert refused.err.startswith("error[denied]: bob lacks the role safe-keeper\n")
    with vaulted.context().snapshot() as session:
        accessor = services.find(session, number).accessor
    with pytest.raises(OpsError, match="this takes the role safe-keeper"):
        vaulted.context().plug(SecondPerson).approve(accessor)


def test_what_somebody_else_asked_for_is_theirs_to_read(vaulted: House) -> None:
    number = ask(vaulted)
    glass(vaulted, "carol", "approve", number)
    refused = glass(vaulted, "alice", "read", number)
    assert refused.code == 6
    assert f"{number} was asked for by somebody else" in refused.err
    assert glass(vaulted, "bob", "read", number).out == f"{SECRET}\n"


def test_a_swapped_row_is_noticed_before_anybody_agrees(vaulted: House) -> None:
    """Whoever owns the database could have a keeper agree to another entry than the one shown."""
    put_under_guard(vaulted, "DELEZE/prod/bank")
    harmless, wanted = ask(vaulted), ask(vaulted, "bob", "DELEZE/prod/bank")
    with vaulted.context().transaction() as session:
        row = services.find(session, harmless)
        row.accessor = services.find(session, wanted).accessor
    refused = glass(vaulted, "carol", "approve", harmless)
    assert refused.code == 8
    assert refused.err.startswith(
        f"error[forged-access]: {harmless} says {REF}, and the safe was asked for DELEZE/prod/bank"
    )
    assert glass(vaulted, "bob", "read", wanted).code == 6


def test_a_request_whose_hour_is_over(vaulted: House) -> None:
    number = ask(vaulted)
    store = open_access_store(vaulted.home, vaulted.context().settings, number)
    token = store.load()
    assert token is not None
    vaulted.context().plug(SecondPerson).end(token)  # as the server does after an hour
    for who, verb in (("carol", "approve"), ("bob", "read")):
        late = glass(vaulted, who, verb, number)
        assert late.code == 4
        assert late.err.startswith(f"error[access-ended]: {number} has ended")
        assert f"hint: opskit vault break-glass request {REF} --ticket CS-1234" in late.err
    assert store.load() is None


def test_a_request_of_another_machine(vaulted: House) -> None:
    number = ask(vaulted)
    open_access_store(vaulted.home, vaulted.context().settings, number).forget()
    refused = glass(vaulted, "bob", "read", number)
    assert refused.code == 3
    assert f"this machine did not ask for {number}" in refused.err


def test_what_waits_and_what_was(vaulted: House) -> None:
    number = ask(vaulted)
    waiting = glass(vaulted, "carol", "list", "--json").json
    assert all(row["state"] in ("requested", "approved") for row in waiting)
    assert waiting[0]["number"] == number
    assert set(waiting[0]) == {
        *("number", "state", "ref", "ticket", "requested_by", "requested_at"),
        *("approved_by", "approved_at", "read_at", "ends_at"),
    }
    line = glass(vaulted, "carol", "list").out.splitlines()[0]
    assert line.startswith(f"{number}\trequested\t{REF}\tCS-1001\tbob\t")


def test_get_says_how_a_guarded_entry_is_read(vaulted: House) -> None:
    refused = vaulted.opskit("vault", "get", REF, as_user="bob")
    assert refused.code == 6
    assert refused.err == (
        f"error[entry-guarded]: {REF} is guarded: reading it takes a second person\n"
        f"hint: opskit vault break-glass request {REF} --ticket CS-1234\n"
    )


def test_only_what_is_guarded_is_asked_for(vaulted: House) -> None:
    vaulted.login("alice")
    add = ("vault", "add", "DELEZE/prod/plain", "--kind", "erp", "--password-file", "-")
    vaulted.done(*add, stdin="x")
    refused = glass(vaulted, "bob", "request", "DELEZE/prod/plain", "--ticket", "CS-1")
    assert refused.code == 3
    assert "hint: opskit vault get DELEZE/prod/plain" in refused.err
    missing = glass(vaulted, "bob", "request", REF)
    assert missing.code == 2
    assert "--ticket" in missing.err


def test_the_log_tells_it_all_and_no_secret(vaulted: House) -> None:
    number = ask(vaulted)
    glass(vaulted, "carol", "approve", number)
    glass(vaulted, "bob", "read", number)
    with vaulted.context().snapshot() as session:
        events = [
            each
            for each in session.scalars(select(Event).where(Event.subject == REF))
            if (each.after or {}).get("number") == number
        ]
    assert [(each.action, each.ticket, each.client) for each in events] == [
        ("vault.access-requested", "CS-1001", "DELEZE"),
        ("vault.access-approved", "CS-1001", "DELEZE"),
        ("vault.access-read", "CS-1001", "DELEZE"),
    ]
    audit = (vaulted.home.safe_folder / "audit.log").read_text(encoding="utf-8")
    reads = [json.loads(line) for line in audit.splitlines() if f"guarded/data/{REF}" in line]
    assert any(
        each["request"].get("headers", {}).get("x-opskit-ticket") == ["CS-1001"] for each in reads
    )
    files = contents_of(vaulted.folder).items()
    assert [file for file, content in files if SECRET.encode() in content] == []


def test_guarding_moves_everything_and_leaves_nothing(vaulted: House) -> None:
    ref = "DELEZE/prod/moved"
    said = put_under_guard(vaulted, ref, "--json")
    assert said.json == {"ref": ref, "version": 1, "guarded": True}
    run = vaulted.context()
    entry = EntryRef.parse(ref)
    assert ref not in run.plug(EntryStore).names()
    kept = run.plug(GuardedStore).describe(entry)
    assert (kept.facts.kind, kept.facts.host) == ("erp", "erp.deleze.example")
    assert kept.stamps.holds == ("password",)
    told = vaulted.done("audit", "list", "--action", "vault.guarded", "--json").json
    assert ref in {each["subject"] for each in told}

    put_under_guard(vaulted, ref)  # a new password, added and guarded again
    assert run.plug(GuardedStore).describe(entry).version == 2


def test_guarding_asks_and_is_for_keepers(vaulted: House) -> None:
    vaulted.login("alice")
    add = ("vault", "add", "DELEZE/prod/stays", "--kind", "erp", "--password-file", "-")
    vaulted.done(*add, stdin="x")
    unasked = glass(vaulted, "alice", "guard", "DELEZE/prod/stays")
    assert (unasked.code, "--yes" in unasked.err) == (2, True)
    refused = glass(vaulted, "bob", "guard", "DELEZE/prod/stays", "--yes")
    assert refused.code == 6
    assert vaulted.done("vault", "get", "DELEZE/prod/stays").out == "x\n"


def test_an_interrupted_guarding_is_finished(vaulted: House) -> None:
    """At whichever step the machine failed."""
    vaulted.login("alice")
    run = vaulted.context()
    store, guarded = run.plug(EntryStore), run.plug(GuardedStore)
    for step in range(4):
        ref = EntryRef.parse(f"DELEZE/prod/cut-{step}")
        add = ("vault", "add", ref.path, "--kind", "erp", "--password-file", "-")
        vaulted.done(*add, stdin=SECRET)
        value = store.read(ref, None)
        begin(run, GUARD, ref, {"version": 1}, ticket=None, roles=PURGERS)
        if step > 0:
            guarded.write(ref, EntryValue(value.facts, value.secrets))
        if step > 1:
            store.remove(ref)
        if step > 2:
            store.purge(ref)
        assert f"{ref} is guarded" in vaulted.done("doctor", "--repair").out
        assert ref.path not in store.names()
        assert guarded.describe(ref).facts.kind == ("erp" if step < 3 else "generic")
    with run.snapshot() as session:
        assert open_intents(session) == []


def test_what_is_written_meanwhile_is_guarded_too(vaulted: House) -> None:
    vaulted.login("alice")
    run = vaulted.context()
    store = run.plug(EntryStore)
    ref = EntryRef.parse("DELEZE/prod/raced")
    add = ("vault", "add", ref.path, "--kind", "erp", "--password-file", "-")
    vaulted.done(*add, stdin="old")

    colleague = vaulted.context().plug(EntryStore)

    def write_meanwhile(response: requests.Response, **_options: object) -> None:
        """Once the copy is made, and before the entry is removed."""
        if response.request.method == "POST" and "/guarded/data/" in str(response.url):
            hooks.clear()
            newest = colleague.read(ref, None)
            changed = {"password": Secret("newer")}
            colleague.write(ref, EntryValue(newest.facts, changed, newest.version))

    hooks = store._safe.api.adapter.session.hooks["response"]  # type: ignore[attr-defined]
    hooks.append(write_meanwhile)
    assert guard(run, ref, ticket=None) == 2
    assert ref.path not in store.names()
    number = ask(vaulted, "bob", ref.path)
    glass(vaulted, "carol", "approve", number)
    assert glass(vaulted, "bob", "read", number).out == "newer\n"


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


UNSUPPORTED = b'{"errors":["1 error occurred:\\n\\t* unsupported path\\n\\n"]}'


def without_control_groups(_method: str, path: str) -> tuple[int, bytes] | None:
    """As HashiCorp Vault's open edition and an older OpenBao answer."""
    return (404, UNSUPPORTED) if path.startswith("/v1/sys/control-group/") else None


def test_a_safe_that_cannot_ask_a_second_person_lets_nobody_read(own_house: House) -> None:
    """Provisioned through a server without the feature; the policies are the real server's."""
    put_under_guard(own_house, REF)
    run = own_house.context()
    address = run.plug(Login).connection.address
    with lesser_server(address, without_control_groups) as lesser:
        point_at(own_house, lesser)
        assert own_house.opskit("vault", "provision", "--check").code == 8
        own_house.done("vault", "provision")
        assert own_house.done("vault", "provision", "--check").out == ""
        for who in ("alice", "bob"):
            refused = glass(own_house, who, "request", REF, "--ticket", "CS-1001")
            assert (refused.code, refused.out) == (6, "")
            assert refused.err.startswith(
                "error[no-second-person]: this safe cannot ask a second person, "
                "so nobody reads a guarded entry\n"
            )
        own_house.login("alice")
        for verb in ("GET", "POST", "DELETE"):
            assert raw(own_house, address, verb, f"guarded/data/{REF}").status == 403
        add = ("vault", "add", "DELEZE/prod/later", "--kind", "erp", "--password-file", "-")
        own_house.done(*add, stdin="x")
        closed = glass(own_house, "alice", "guard", "DELEZE/prod/later", "--yes")
        assert closed.code == 6
        assert "error[no-second-person]" in closed.err
        assert own_house.done("vault", "get", "DELEZE/prod/later").out == "x\n"
    point_at(own_house, address)
    own_house.done("vault", "provision")
    assert raw(own_house, address, "GET", f"guarded/data/{REF}").data["wrap_info"]["accessor"]


def test_a_plain_answer_is_dropped(own_house: House) -> None:
    """Where somebody's own policy opens the guarded entries, opskit does not show them."""
    put_under_guard(own_house, REF)
    safe = own_house.context().plug(EntryStore)._safe  # type: ignore[attr-defined]
    safe.api.sys.create_or_update_acl_policy(
        "agent",
        f'path "guarded/*" {{ capabilities = ["read"] }}\npath "guarded/data/{REF}" '
        '{ capabilities = ["read"] }\n',
    )
    refused = glass(own_house, "bob", "request", REF, "--ticket", "CS-1001")
    assert (refused.code, refused.out) == (6, "")
    assert "error[no-second-person]" in refused.err
    assert SECRET not in refused.err


def point_at(house: House, address: str) -> None:
    """Let every command of the home go through another address."""
    state = house.home.safe_folder / FILE_NAME
    kept = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps({**kept, "address": address}), encoding="utf-8")


def raw(house: House, address: str, method: str, path: str) -> Reply:
    """One request of whoever is logged in, past opskit."""
    token = house.context().plug(Login).tokens.load()
    assert token is not None
    with VaultHttp(address, token=token.reveal()) as http:
        return http.request(method, f"v1/{path}", {"data": {}} if method == "POST" else None)
