"""Nothing of a guarded entry's name stands beside it, so nobody is handed another's secret."""

import pytest

from tests.support.breakglass import REF, SECRET, glass, put_under_guard
from tests.support.home import House, Result
from vault.breakglass.ports import GuardedStore
from vault.changing.removing import PURGE, begin
from vault.entries import EntryRef
from vault.ports import EntryStore
from vault.services import PURGERS

GUARDED = f"error[entry-guarded]: {REF} is guarded"


def add(house: House, who: str, ref: str = REF) -> Result:
    words = ("vault", "add", ref, "--kind", "erp", "--password-file", "-")
    return house.opskit(*words, stdin="a twin", as_user=who)


def test_an_agent_puts_nothing_beside_a_guarded_entry(vaulted: House) -> None:
    refused = add(vaulted, "bob")
    assert refused.code == 6
    assert refused.err.startswith(GUARDED)
    assert f"opskit vault break-glass guard {REF}" in refused.err
    add(vaulted, "bob", "DELEZE/prod/mine")
    moved = vaulted.opskit("vault", "move", "DELEZE/prod/mine", REF)
    assert (moved.code, moved.err.startswith(GUARDED)) == (6, True)
    assert REF not in vaulted.context().plug(EntryStore).names()


def test_a_keeper_does_and_hears_who_can_read_it_meanwhile(vaulted: House) -> None:
    ref = "DELEZE/prod/twin"
    put_under_guard(vaulted, ref)
    done = add(vaulted, "alice", ref)
    assert done.code == 0
    assert f"until you type this every agent of the pole reads it: {_guard(ref)}" in done.err
    assert vaulted.done("vault", "remove", ref, "--yes").code == 0

    for words in (("get", ref), ("note", ref), ("set", ref, "--host", "x"), ("undelete", ref)):
        refused = vaulted.opskit("vault", *words, as_user="bob")
        assert refused.err.startswith(f"error[entry-guarded]: {ref} is guarded"), words
    assert "error[entry-guarded]" in add(vaulted, "bob", ref).err

    taken = add(vaulted, "alice", ref)
    assert (taken.code, f"opskit vault purge {ref}" in taken.err) == (4, True)
    vaulted.done("vault", "purge", ref, "--yes")
    assert vaulted.context().plug(GuardedStore).guards(EntryRef.parse(ref))
    put_under_guard(vaulted, ref)
    assert vaulted.context().plug(GuardedStore).describe(EntryRef.parse(ref)).version == 2


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (f"set {REF} --host x", f"opskit vault break-glass guard {REF}"),
        (f"rotate {REF} --generate", f"opskit vault break-glass guard {REF}"),
        (f"break-glass guard {REF} --yes", f"opskit vault add {REF}"),
        (f"remove {REF} --yes", f"opskit vault purge {REF}"),
    ],
)
def test_the_hint_helps(vaulted: House, words: str, hint: str) -> None:
    refused = vaulted.opskit("vault", *words.split(), as_user="alice")
    assert refused.code == 6
    assert hint in refused.err


def test_a_keeper_purges_what_is_guarded(vaulted: House) -> None:
    ref = "DELEZE/prod/over"
    put_under_guard(vaulted, ref)
    assert vaulted.opskit("vault", "purge", ref, "--yes", as_user="bob").code == 6
    assert vaulted.done("vault", "purge", ref, "--yes", as_user="alice").code == 0
    assert vaulted.opskit("vault", "show", ref).code == 3
    told = vaulted.done("audit", "list", "--action", "vault.purged", "--json").json
    assert ref in {each["subject"] for each in told}


def test_an_interrupted_purge_of_a_guarded_one_is_settled(vaulted: House) -> None:
    ref = EntryRef.parse("DELEZE/prod/half-over")
    put_under_guard(vaulted, ref.path)
    run = vaulted.context()
    created = run.plug(GuardedStore).history(ref)[-1].created_at
    data = {"version": 1, "created_at": created, "guarded": True}
    begin(run, PURGE, ref, data, ticket=None, roles=PURGERS)
    assert f"{ref} stayed as it was" in vaulted.done("doctor", "--repair").out
    assert SECRET not in glass(vaulted, "alice", "list", "--all").out


def _guard(ref: str) -> str:
    return f"opskit vault break-glass guard {ref}"
