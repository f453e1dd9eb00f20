"""Entries are put under guard: whole, and whatever comes between."""

import requests

from opskit.core.intents import open_intents
from opskit.core.secret import Secret
from tests.support.breakglass import SECRET, ask, glass, put_under_guard
from tests.support.home import House
from vault.breakglass.guarding import GUARD, guard
from vault.breakglass.ports import GuardedStore
from vault.changing.removing import begin
from vault.entries import EntryRef, EntryValue
from vault.facts import EntryFacts
from vault.ports import EntryStore
from vault.services import PURGERS


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


def test_a_guarded_write_whose_answer_was_lost_counts_as_nobodys(vaulted: House) -> None:
    """What stands there takes a second person to see."""
    vaulted.login("alice")
    store, ref = vaulted.context().plug(GuardedStore), EntryRef.parse("DELEZE/prod/lost")
    value = EntryValue(EntryFacts("generic"), {"password": Secret(SECRET)})
    store.write(ref, value)
    assert store._landed(ref, value) is None  # type: ignore[attr-defined]
