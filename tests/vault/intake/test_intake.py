"""A page goes out, a block comes back, the next version is in the safe."""

import base64
import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.http import VaultHttp
from opskit.core.secret import Secret
from tests.support.contents import contents_of
from tests.support.home import House, Result
from tests.support.intake import Client, armour, bytes_of
from tests.support.terminal import sit_before
from tests.vault.samples import put
from vault.changing.writing import write_entry
from vault.entries import EntryRef
from vault.facts import EntryFacts
from vault.intake import receiving, services
from vault.intake.envelope import Form
from vault.intake.receiving import Proposal, look
from vault.ports import EntryStore, Login

SENTINEL = "s3ntinel-of-intake"
DATABASE = EntryFacts("database", host="db.deleze.example", port=1521, username="SYSTEM")
Ask = Callable[..., Client]
Names = Iterator[str]


@pytest.fixture(scope="module")
def names() -> Names:
    return (f"in{number}" for number in range(1000))


@pytest.fixture
def ref(house: House, names: Names) -> str:
    """A new database entry of DELEZE."""
    path = f"DELEZE/prod/{next(names)}"
    store = house.context().plug(EntryStore)
    put(store, path, "old password", DATABASE)
    return path


@pytest.fixture
def ask(house: House, tmp_path: Path) -> Ask:
    """Make a page and hand it to the client."""

    def make(ref: str, *options: str) -> Client:
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.html"
        house.done("vault", "intake", ref, "--out", out, *options)
        return Client.of(out.read_text(encoding="utf-8"))

    return make


def transit(house: House, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    login = house.context().plug(Login)
    token = login.tokens.load()
    assert token is not None
    with VaultHttp(login.connection.address, token=token.reveal(), timeout=30) as http:
        return http.request(method, f"v1/transit/{path}", body).data


def accept(house: House, ref: str, block: str, *options: str) -> Result:
    return house.opskit("vault", "intake", ref, "--accept", "-", "--yes", *options, stdin=block)


def refused(house: House, ref: str, block: str) -> str:
    """The reference of the error, after which nothing has changed."""
    before = house.opskit("vault", "show", ref, "--json").out
    result = accept(house, ref, block)
    assert house.opskit("vault", "show", ref, "--json").out == before
    assert result.code == 5, result.err
    return result.err.partition("[")[2].partition("]")[0]


def secret(house: House, ref: str, field: str = "password") -> str:
    return house.done("vault", "get", ref, "--field", field).out.removesuffix("\n")


def test_the_page_is_made_and_noted(house: House, ref: str, tmp_path: Path) -> None:
    out = tmp_path / "form.html"
    made = house.done(
        "vault", "intake", ref, "--out", out, "--until", "31.12.2099", "--ticket", "CS-7", "--json"
    )
    facts = made.json
    assert facts["ref"] == ref
    assert (facts["kind"], facts["until"], facts["language"]) == ("database", "2099-12-31", "fr")
    event = house.done("audit", "list", "--client", "DELEZE", "--json").json[0]
    assert (event["action"], event["subject"], event["ticket"]) == (services.ASKED, ref, "CS-7")
    page = out.read_text(encoding="utf-8")
    assert "old password" not in page
    assert facts["fingerprint"] in page
    assert 'value="db.deleze.example"' in page
    assert "CS-7" in page


def test_what_the_client_changed_is_the_next_version(house: House, ref: str, ask: Ask) -> None:
    values = {"host": "db2.deleze.example", "port": "", "password": SENTINEL, "note": "dès lundi"}
    result = accept(house, ref, ask(ref).fill_in(values), "--json")
    assert result.code == 0, result.err
    assert result.json == {
        "ref": ref,
        "version": 2,
        "changed": ["host", "note", "password", "port"],
    }
    shown = house.done("vault", "show", ref, "--json").json
    assert (shown["host"], shown["port"], shown["username"]) == (
        "db2.deleze.example",
        None,
        "SYSTEM",
    )
    assert (shown["version"], shown["holds"]) == (2, ["password", "note"])
    assert secret(house, ref) == SENTINEL
    assert secret(house, ref, "note").endswith(": dès lundi")


def test_a_second_remark_stands_below_the_first(house: House, ref: str, ask: Ask) -> None:
    client = ask(ref)
    for remark in ("first", "second"):
        assert accept(house, ref, client.fill_in({"note": remark})).code == 0
    first, empty, second = secret(house, ref, "note").splitlines()
    assert (first.endswith("first"), empty, second.endswith("second")) == (True, "", True)


def test_a_remark_is_not_noted_twice_where_a_crash_came_between(
    house: House, ref: str, ask: Ask
) -> None:
    """The version was written, and nobody noted that the block was stored."""
    block = ask(ref).fill_in({"note": "dès lundi", "password": "new"})
    run = house.context()
    proposal = look(run, ref=EntryRef.parse(ref), text=block, ticket=None)
    assert isinstance(proposal, Proposal)
    write_entry(run, run.plug(EntryStore), proposal.write)
    again = accept(house, ref, block)
    assert "in the safe already" in again.err
    assert secret(house, ref, "note").count("dès lundi") == 1


def test_no_secret_is_shown_or_kept_outside_the_safe(house: House, ref: str, ask: Ask) -> None:
    block = ask(ref).fill_in({"host": "db2.deleze.example", "password": SENTINEL})
    result = accept(house, ref, block, "--reply")
    assert "host: db.deleze.example -> db2.deleze.example" in result.err
    assert "password: changed" in result.err
    assert SENTINEL not in result.out + result.err
    for file, content in contents_of(house.folder).items():
        assert "raft" in file.parts or SENTINEL.encode() not in content, file


def test_a_new_entry(house: House, names: Names, ask: Ask) -> None:
    ref = f"DELEZE/common/{next(names)}"
    client = ask(ref, "--kind", "vpn", "--lang", "de")
    assert client.facts["needs"]
    result = accept(house, ref, client.fill_in({"host": "vpn.example", "shared-key": "k"}))
    assert result.code == 0, result.err
    shown = house.done("vault", "show", ref, "--json").json
    assert (shown["kind"], shown["host"], shown["version"]) == ("vpn", "vpn.example", 1)
    assert secret(house, ref, "shared-key") == "k"


def test_a_new_entry_needs_its_kind(house: House, names: Names, tmp_path: Path) -> None:
    ref = f"DELEZE/common/{next(names)}"
    result = house.opskit("vault", "intake", ref, "--out", tmp_path / "form.html")
    assert result.code == 3
    assert "--kind" in result.err
    assert not (tmp_path / "form.html").exists()


def test_a_kind_that_is_none(house: House, names: Names, tmp_path: Path) -> None:
    ref, out = f"DELEZE/common/{next(names)}", tmp_path / "form.html"
    result = house.opskit("vault", "intake", ref, "--out", out, "--kind", "vnp")
    assert (result.code, out.exists()) == (5, False)
    assert "'vnp' is no kind of entry" in result.err


def test_a_known_entry_keeps_its_kind(house: House, ref: str, tmp_path: Path) -> None:
    result = house.opskit("vault", "intake", ref, "--out", tmp_path / "form.html", "--kind", "vpn")
    assert result.code == 4


def test_the_same_block_is_stored_once(house: House, ref: str, ask: Ask) -> None:
    block = ask(ref).fill_in({"password": "new"})
    assert accept(house, ref, block).code == 0
    again = accept(house, ref, f"<pre>{block}</pre>", "--json", "--reply")
    assert again.code == 0
    assert "stored already, as version 2" in again.err
    assert again.json["version"] == 2
    assert "Mot de passe" in again.json["reply"]
    assert house.done("vault", "show", ref, "--json").json["version"] == 2


def test_what_is_there_already_makes_no_version(house: House, ref: str, ask: Ask) -> None:
    result = accept(house, ref, ask(ref).fill_in({"password": "old password"}))
    assert result.code == 0
    assert "in the safe already" in result.err
    assert house.done("vault", "show", ref, "--json").json["version"] == 1


def test_without_an_answer_nothing_is_stored(house: House, ref: str, ask: Ask) -> None:
    block = ask(ref).fill_in({"password": "new"})
    result = house.opskit("vault", "intake", ref, "--accept", "-", stdin=block)
    assert result.code == 2
    assert "--yes" in result.err
    assert secret(house, ref) == "old password"


def test_the_block_may_stand_in_a_file(house: House, ref: str, ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "block.txt"
    file.write_text("Bonjour\n" + ask(ref).fill_in({"password": "neu"}), encoding="utf-16")
    house.done("vault", "intake", ref, "--accept", file, "--yes")
    assert secret(house, ref) == "neu"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), ("Bonjour", "Mot de passe", "Hôte")),
        (("--lang", "de"), ("Guten Tag", "Passwort", "Host")),
        (("--lang", "en"), ("Hello", "Password", "Host")),
    ],
)
def test_the_answer_for_the_ticket(
    house: House, ref: str, ask: Ask, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    block = ask(ref).fill_in({"host": "db9.deleze.example", "password": SENTINEL})
    answer = accept(house, ref, block, "--reply", *options).out
    assert [word for word in (*words, ref) if word not in answer] == []
    assert SENTINEL not in answer
    assert "db9" not in answer


def test_an_altered_block(house: House, ref: str, ask: Ask) -> None:
    client = ask(ref)
    block = client.fill_in({"password": "new"})
    for place in (30, -1):  # the wrapped key, the sealed values
        raw = bytes_of(block)
        raw[place] ^= 1
        assert refused(house, ref, armour(client.facts, bytes(raw))) == "intake-altered"


def test_a_truncated_block(house: House, ref: str, ask: Ask) -> None:
    block = ask(ref).fill_in({"password": "new"})
    assert refused(house, ref, block[: len(block) // 2]) == "intake-truncated"


def test_no_block(house: House, ref: str) -> None:
    assert refused(house, ref, "le mot de passe est secret") == "intake-unreadable"


def test_too_long_a_text(house: House, ref: str, ask: Ask) -> None:
    block = ask(ref).fill_in({"password": "new"})
    assert refused(house, ref, block + "é" * 600_000) == "invalid"


def test_a_block_for_another_entry(house: House, ref: str, names: Names, ask: Ask) -> None:
    other = f"DELEZE/prod/{next(names)}"
    put(house.context().plug(EntryStore), other, "another password", DATABASE)
    block = ask(other).fill_in({"password": "new"})
    assert refused(house, ref, block) == "intake-wrong-entry"


def test_a_block_made_for_one_form_and_labelled_with_another(
    house: House, ref: str, names: Names, ask: Ask
) -> None:
    other = f"DELEZE/prod/{next(names)}"
    put(house.context().plug(EntryStore), other, "another password", DATABASE)
    raw = bytes_of(ask(other).fill_in({"password": "new"}))
    client = ask(ref)
    raw[:10] = base64.b32decode(client.facts["form"])
    assert refused(house, ref, armour(client.facts, bytes(raw))) == "intake-altered"


def test_a_page_that_nobody_made(house: House, ref: str, ask: Ask) -> None:
    client = ask(ref)
    client.facts["form"] = "A" * 16
    assert refused(house, ref, client.fill_in({"password": "new"})) == "intake-unknown-form"


def test_another_version_of_the_key(house: House, ref: str, ask: Ask) -> None:
    client = ask(ref)
    client.facts["version"] += 1
    assert refused(house, ref, client.fill_in({"password": "new"})) == "intake-foreign-key"


def a_form(run: AppContext, ref: str, client: Client, *, days: int = 1, key: str = "") -> Form:
    """Another page of the client's, with its own last day or key."""
    facts = client.facts
    form = Form(
        ref=EntryRef.parse(ref),
        form=facts["form"][::-1],
        kind="database",
        key_version=facts["version"],
        key=key or facts["context"].splitlines()[4].partition(" ")[2],
        until=run.today() + timedelta(days=days),
    )
    with run.transaction() as session:
        services.record_asked(session, form=form, ticket=None, at=run.now(), actor=run.identity())
    facts |= {"form": form.form, "context": form.context}
    return form


def test_a_page_of_yesterday(house: House, ref: str, ask: Ask) -> None:
    client = ask(ref)
    a_form(house.context(), ref, client, days=-1)
    result = accept(house, ref, client.fill_in({"password": "new"}))
    assert result.code == 5
    assert "error[intake-expired]" in result.err
    assert f"opskit vault intake {ref} --out form.html" in result.err


def test_today_is_the_last_day(house: House, ref: str, ask: Ask) -> None:
    client = ask(ref, "--until", "today")
    assert accept(house, ref, client.fill_in({"password": "new"})).code == 0


def test_no_page_that_has_expired_already(house: House, ref: str, tmp_path: Path) -> None:
    out = tmp_path / "form.html"
    result = house.opskit("vault", "intake", ref, "--out", out, "--until", "yesterday")
    assert result.code == 5
    assert not out.exists()


def test_a_key_that_is_another_now(house: House, ref: str, ask: Ask) -> None:
    client = ask(ref)
    a_form(house.context(), ref, client, key="0000 0000")
    assert refused(house, ref, client.fill_in({"password": "new"})) == "intake-key-gone"


def test_a_key_turned_over(house: House, ref: str, ask: Ask) -> None:
    """Pages of the old version are good until it is retired."""
    old, older = ask(ref), ask(ref)
    transit(house, "POST", "keys/intake/rotate", {})
    new = ask(ref)
    assert new.facts["version"] == old.facts["version"] + 1
    assert accept(house, ref, old.fill_in({"password": "one"})).code == 0
    assert accept(house, ref, new.fill_in({"password": "two"})).code == 0
    oldest = {"min_decryption_version": new.facts["version"]}
    transit(house, "POST", "keys/intake/config", oldest)
    try:
        assert refused(house, ref, older.fill_in({"password": "x"})) == "intake-key-gone"
    finally:
        transit(house, "POST", "keys/intake/config", {"min_decryption_version": 1})


STRANGE = {
    "the kind": ({"kind": "vpn"}, "intake-altered"),
    "a field of the team's": ({"via": "common/vpn"}, "intake-altered"),
    "a waiting password": ({"next:password": "x"}, "intake-altered"),
    "no port": ({"port": "http"}, "invalid"),
    "a very long port": ({"port": "9" * 5000}, "intake-altered"),
    "an escape sequence": ({"host": "\x1b]0;x\x07"}, "invalid"),
    "no date": ({"expires": "tomorrow"}, "invalid"),
    "too much": ({"password": "x" * 501}, "intake-altered"),
}


@pytest.mark.parametrize(("values", "reference"), STRANGE.values(), ids=STRANGE)
def test_whoever_has_a_page_cannot_do_more_with_it(
    house: House, ref: str, ask: Ask, values: dict[str, str], reference: str
) -> None:
    assert refused(house, ref, ask(ref).fill_in(values)) == reference


def test_content_of_another_making(house: House, ref: str, ask: Ask) -> None:
    block = ask(ref).seal(json.dumps(["password", SENTINEL]).encode())
    result = accept(house, ref, block)
    assert result.code == 5
    assert SENTINEL not in result.err


def test_somebody_else_was_faster(house: House, ref: str, ask: Ask) -> None:
    run, entry = house.context(), EntryRef.parse(ref)
    block = ask(ref).fill_in({"password": "new"})
    proposal = receiving.look(run, ref=entry, text=block, ticket=None)
    assert isinstance(proposal, Proposal)
    put(run.plug(EntryStore), ref, "a colleague's", DATABASE, after=1)
    with pytest.raises(OpsError) as caught:
        receiving.store(run, proposal)
    assert (caught.value.exit_code, caught.value.reference) == (4, "entry-changed")
    assert secret(house, ref) == "a colleague's"
    assert accept(house, ref, block).code == 0
    assert secret(house, ref) == "new"


def test_a_crash_before_the_note_leaves_nothing_to_do_twice(
    house: House, ref: str, ask: Ask
) -> None:
    run, entry = house.context(), EntryRef.parse(ref)
    block = ask(ref).fill_in({"password": "new"})
    proposal = receiving.look(run, ref=entry, text=block, ticket=None)
    assert isinstance(proposal, Proposal)
    store = run.plug(EntryStore)
    store.write(entry, proposal.write.value)
    assert accept(house, ref, block, "--json").json["version"] == 2
    assert store.read(entry, None).secrets["password"].reveal() == Secret("new").reveal()


def test_it_says_what_to_do_when_nothing_was_said(house: House, ref: str) -> None:
    result = house.opskit("vault", "intake", ref)
    assert result.code == 2
    assert "--accept FILE" in result.err


def test_a_language_that_no_page_speaks(house: House, ref: str, tmp_path: Path) -> None:
    result = house.opskit("vault", "intake", ref, "--out", tmp_path / "f.html", "--lang", "it")
    assert result.code == 5


def test_a_file_that_is_not_there(house: House, ref: str, tmp_path: Path) -> None:
    result = house.opskit("vault", "intake", ref, "--accept", tmp_path / "none.txt")
    assert result.code == 3


def test_an_agent_may(house: House, ref: str, ask: Ask) -> None:
    house.login("bob")
    block = ask(ref).fill_in({"password": "by bob"})
    assert accept(house, ref, block).code == 0
    assert secret(house, ref) == "by bob"


def test_who_has_no_right_to_the_safe_makes_no_page(house: House, ref: str, tmp_path: Path) -> None:
    house.done(
        *("user", "add", "intakecarl", "--role", "consultant", "--password-file", "-"),
        stdin="pass of carl",
    )
    house.done("login", "intakecarl", "--password-file", "-", stdin="pass of carl")
    result = house.opskit("vault", "intake", ref, "--out", tmp_path / "form.html")
    assert result.code == 6
    assert not (tmp_path / "form.html").exists()


def test_an_entry_that_was_removed(house: House, ref: str, ask: Ask, tmp_path: Path) -> None:
    block = ask(ref).fill_in({"password": "new"})
    house.done("vault", "remove", ref, "--yes")
    for options in (("--out", tmp_path / "form.html"), ("--accept", "-", "--yes")):
        result = house.opskit("vault", "intake", ref, *options, stdin=block)
        assert result.code == 3
        assert f"opskit vault undelete {ref}" in result.err


@pytest.mark.parametrize("agrees", [False, True])
def test_a_person_is_asked(house: House, ref: str, ask: Ask, tmp_path: Path, agrees: bool) -> None:
    file = tmp_path / "block.txt"
    file.write_text(ask(ref).fill_in({"password": "new"}), encoding="utf-8")
    screen = sit_before(
        [sys.executable, "-m", "opskit", "vault", "intake", ref, "--accept", file],
        house.environment(OPSKIT_LANGUAGE="en"),
        answers=[("Store it?", "y" if agrees else "n")],
    )
    assert "password: changed" in screen.text
    assert screen.code == (0 if agrees else 1)
    assert secret(house, ref) == ("new" if agrees else "old password")


def test_a_guarded_entry_gets_no_unguarded_twin(
    house: House, ref: str, ask: Ask, tmp_path: Path
) -> None:
    block = ask(ref).fill_in({"password": "new"})
    house.done("vault", "break-glass", "guard", ref, "--yes")
    page = ("--out", tmp_path / "form.html", "--kind", "database")
    for options in (page, ("--accept", "-", "--yes")):
        result = house.opskit("vault", "intake", ref, *options, stdin=block)
        assert result.code == 6
        assert "error[entry-guarded]" in result.err
