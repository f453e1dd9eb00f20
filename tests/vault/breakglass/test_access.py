"""A guarded entry is asked for, agreed to, read once; and never by one alone."""

import json

import pytest
from sqlalchemy import select

from opskit.core.errors import OpsError
from opskit.core.events import Event
from opskit.core.refs import TicketKey
from tests.support.breakglass import CAROL, REF, SECRET, ask, glass, put_under_guard, row_of
from tests.support.completion import offers
from tests.support.contents import contents_of
from tests.support.home import House
from vault.breakglass import services
from vault.breakglass.ports import SecondPerson
from vault.login.tokens import open_access_store


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


@pytest.mark.parametrize(
    "words",
    [
        f"set {REF} --host erp2.deleze.example",
        f"rotate {REF} --generate",
        f"history {REF}",
        f"move {REF} DELEZE/prod/elsewhere",
        f"remove {REF} --yes",
        f"break-glass guard {REF} --yes",
    ],
)
def test_whatever_would_change_a_guarded_entry_says_that_it_is_one(
    vaulted: House, words: str
) -> None:
    refused = vaulted.opskit("vault", *words.split(), as_user="alice")
    assert (refused.code, refused.out) == (6, "")
    assert refused.err.startswith(f"error[entry-guarded]: {REF} is guarded")


def test_an_agent_of_the_other_pole_hears_it_too(vaulted: House) -> None:
    stranger = ("--role", "agent", "--pole", "logistics", "--password-file", "-")
    vaulted.login("alice")
    vaulted.done("user", "add", "stranger", *stranger, stdin=CAROL)
    vaulted.done("login", "stranger", "--password-file", "-", stdin=CAROL)
    assert "error[entry-guarded]" in vaulted.opskit("vault", "get", REF).err
    assert "error[entry-guarded]" not in vaulted.opskit("vault", "get", "DELEZE/prod/none").err


def test_the_shell_is_offered_what_can_still_be_read(vaulted: House) -> None:
    number, used = ask(vaulted), ask(vaulted)
    glass(vaulted, "carol", "approve", used)
    assert glass(vaulted, "bob", "read", used).code == 0
    offered = offers(vaulted, "vault break-glass approve B")
    assert number in offered
    assert used not in offered


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
            for each in session.scalars(
                select(Event).where(Event.subject == REF).order_by(Event.id)
            )
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
