"""A licence is signed once two people agreed at the server itself, and only as it was approved."""

import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from licenses.countersigning import look
from licenses.keyformat import SIGNING_DOMAIN, signing_input
from licenses.services import countersigning
from licenses.services.requests import find
from opskit.core.identity import Identity
from opskit.core.refs import parse_number
from opskit.core.second_signer import SecondSigner, SecondSignerNeededError
from opskit.core.signing import LICENSE_KEY, SPARE_LICENSE_KEYS, TEST_LICENSE_KEY, Signer
from tests.licenses.ordering import approved
from tests.support.home import House, Result
from tests.support.signing import asked_raw, signed_raw


def test_the_story(strict: House, tmp_path: Path) -> None:
    number, out = approved(strict), tmp_path / "deleze.lic"
    log = strict.home.safe_folder / "audit.log"
    before = log.stat().st_size
    command = ("license", "issue", number, "--out", out)
    held = strict.opskit(*command, as_user="alice")
    accessor = accessor_of(held)
    assert (held.code, held.out) == (6, "")
    assert re.fullmatch(
        r"error\[second-signer\]: the safe signs once a second person agrees, until \d\d:\d\d\n"
        rf"hint: another license-issuer types: opskit license countersign {accessor}; "
        r"then type this command again\n",
        held.err,
    )
    assert not out.exists()
    assert accessor_of(strict.opskit(*command)) == accessor  # it is not asked for twice

    nobody = strict.opskit("license", "countersign", accessor, as_user="bob")
    assert (nobody.code, nobody.out, events(strict, number)) == (2, "", [])
    assert nobody.err.splitlines()[-1] == "hint: give --yes to do it"
    assert "alice asks the safe to sign" in nobody.err  # a pipe can look
    agreed = strict.done("license", "countersign", accessor, "--yes", "--json", as_user="bob")
    (row,) = agreed.json
    assert (row["accessor"], row["asked_by_name"], row["key"]) == (accessor, "alice", LICENSE_KEY)
    assert row["requests"] == [number]
    assert "Maintenance until  2040-12-31" in agreed.err
    assert "alice asks the safe to sign with license-production: L" in agreed.err
    (logged,) = events(strict, number)
    assert logged["who"] == "bob"
    strict.done("license", "countersign", accessor)
    assert len(events(strict, number)) == 1  # agreeing twice is agreeing once

    issued = strict.done(*command, as_user="alice")
    assert issued.out.startswith("L")
    strict.done("license", "verify", out)
    strict.done("license", "register", "verify")
    assert [each.name for each in strict.home.token_folder.iterdir()] == ["local"]
    gone = strict.opskit("license", "countersign", accessor, as_user="bob")
    assert (gone.code, gone.err.split(":")[0]) == (4, "error[conflict]")

    ours = tmp_path / "audit.log"
    ours.write_bytes(log.read_bytes()[before:])
    seen = strict.done("license", "register", "witness", ours, "--json", as_user="alice").json
    assert (seen["signatures"], seen["explained"], seen["findings"]) == (1, 1, [])


def test_a_test_licence_needs_nobody_at_the_server(strict: House, tmp_path: Path) -> None:
    number = approved(strict, kind="test")
    strict.done("license", "issue", number, "--out", tmp_path / "test.lic", as_user="alice")
    assert strict.context().plug(Signer).sign(TEST_LICENSE_KEY, b"x", 1)


@pytest.mark.parametrize("who", ["alice", "bob", "dave"])
def test_nobody_signs_alone(strict: House, who: str) -> None:
    """Whatever roles somebody has: a rule without the group, merged, would open it."""
    held = signed_raw(strict, who, signing_input(b"nobody approved that"))
    assert held.status == 200
    assert held.data["data"] is None
    assert held.data["wrap_info"]["accessor"]
    spare = asked_raw(
        strict, who, "transit/sign/license-spare-1", {"input": "YQ==", "key_version": 1}
    )
    assert not spare.data.get("data")


@pytest.mark.parametrize("who", ["alice", "bob", "dave"])
@pytest.mark.parametrize("key", [LICENSE_KEY, *SPARE_LICENSE_KEYS])
def test_nobody_signs_alone_by_naming_a_hash(strict: House, who: str, key: str) -> None:
    """The server takes a hash as a further part of the path, and Ed25519 signs all the same."""
    body = {"input": "YQ==", "key_version": 1}
    refused = asked_raw(strict, who, f"transit/sign/{key}/sha2-256", body)
    assert (refused.status, refused.data.get("data")) == (403, None)


@pytest.mark.parametrize("who", ["kate", "dave"])
def test_only_another_issuer_can_agree(strict: House, who: str) -> None:
    held = signed_raw(strict, "bob", b"x").data["wrap_info"]
    for someone in (who, "bob"):
        asked_raw(strict, someone, "sys/control-group/authorize", {"accessor": held["accessor"]})
    early = asked_raw(strict, "bob", "sys/wrapping/unwrap", {"token": held["token"]})
    assert early.status == 400


def test_what_nobody_approved_is_not_agreed_to(strict: House, tmp_path: Path) -> None:
    body = body_of(strict, approved(strict))
    other = body[:-1] + bytes([body[-1] ^ 1])
    issued = approved(strict)
    strict.opskit("license", "issue", issued, "--out", tmp_path / "a.lic", as_user="alice")
    rejected = approved(strict)
    gone = body_of(strict, rejected)
    strict.done("license", "reject", rejected, "--reason", "no", as_user="bob")
    for message, why in (
        (b"x", "what the safe was asked to sign is no licence"),
        (SIGNING_DOMAIN + b"x", "what the safe was asked to sign is no licence"),
        (body, "what the safe was asked to sign is no licence"),  # without its domain
        (signing_input(other), "as it says"),
        (signing_input(gone), f"{rejected} is rejected, and not approved"),
    ):
        held = signed_raw(strict, "alice", message).data["wrap_info"]
        refused = strict.opskit("license", "countersign", held["accessor"], as_user="bob")
        assert (refused.code, refused.out) == (8, "")
        assert refused.err.startswith("error[unapproved-signature]: ")
        assert why in refused.err
        early = asked_raw(strict, "alice", "sys/wrapping/unwrap", {"token": held["token"]})
        assert early.status == 400


@pytest.mark.parametrize(
    "more",
    [
        {"batch_input": [{"input": "ZXZpbA=="}]},
        {"prehashed": True},
        {"hash_algorithm": "sha2-512"},
        {"context": "eA=="},
    ],
)
def test_a_request_that_asks_for_more_is_refused(strict: House, more: dict[str, Any]) -> None:
    """The server would sign the batch, and not the approved licence beside it."""
    good = signing_input(body_of(strict, approved(strict)))
    held = signed_raw(strict, "alice", good, **more)
    accessor = held.data["wrap_info"]["accessor"]
    refused = strict.opskit("license", "countersign", accessor, as_user="bob")
    assert refused.code == 5
    assert "what waits there is no plain request for a signature" in refused.err


def test_a_team_without_the_setting_is_told_so(strict: House) -> None:
    """A server that was never provisioned for it refuses the question, as it does to nora."""
    settings = strict.home.settings_file
    text = settings.read_text()
    settings.write_text(text.replace("license_second_signer = true\n", ""))
    try:
        refused = strict.opskit("license", "countersign", "abc", as_user="nora")
    finally:
        settings.write_text(text)
    assert refused.code == 6
    assert "license_second_signer is not set" in refused.err
    roles = strict.opskit("license", "countersign", "abc", as_user="nora")
    assert "this takes the role license-issuer" in roles.err


def test_own_requests_are_not_agreed_to(strict: House, tmp_path: Path) -> None:
    number = approved(strict)
    held = strict.opskit("license", "issue", number, "--out", tmp_path / "a.lic", as_user="alice")
    refused = strict.opskit("license", "countersign", accessor_of(held))
    assert (refused.code, refused.err.split(":")[0]) == (6, "error[own-request]")


def test_a_guarded_entry_is_not_countersigned(strict: House) -> None:
    held = asked_raw(strict, "alice", "guarded/data/DELEZE/prod/x", method="GET")
    accessor = held.data["wrap_info"]["accessor"]
    refused = strict.opskit("license", "countersign", accessor, as_user="bob")
    assert refused.code == 5


def test_many_at_once_are_asked_for_together(strict: House) -> None:
    """One that is approved is not lost while another waits."""
    strict.login("alice")
    signer = strict.context().plug(Signer)
    messages = [b"%d" % number for number in range(251)]

    def ask() -> tuple[str, ...]:
        with pytest.raises(SecondSignerNeededError) as caught:
            signer.sign_many(LICENSE_KEY, messages, 1)
        return caught.value.accessors

    first, second = ask()
    strict.login("bob")
    strict.context().plug(SecondSigner).approve(second)
    strict.login("alice")
    assert ask() == (first,)
    strict.login("bob")
    strict.context().plug(SecondSigner).approve(first)
    strict.login("alice")
    signatures = signer.sign_many(LICENSE_KEY, messages, 1)
    key = Ed25519PublicKey.from_public_bytes(signer.public_keys(LICENSE_KEY)[1])
    for signature, message in zip(signatures, messages, strict=True):
        key.verify(signature, message)
    assert len(ask()) == 2  # used once


def test_an_interrupted_agreement_is_settled(strict: House, tmp_path: Path) -> None:
    done, undone = (
        accessor_of(
            strict.opskit(
                "license", "issue", approved(strict), "--out", tmp_path / "a.lic", as_user="alice"
            )
        )
        for _ in range(2)
    )
    strict.login("bob")
    run = strict.context()
    for accessor in (done, undone):
        _waiting, found = look(run, accessor)
        with run.transaction() as session:
            countersigning.begin_agreement(
                session, accessor=accessor, found=found, at=run.now(), actor=run.identity()
            )
    run.plug(SecondSigner).approve(done)
    with run.transaction() as session:  # the safe has forgotten that one
        countersigning.begin_agreement(
            session, accessor="gone", found=found, at=run.now(), actor=run.identity()
        )
    strict.login("alice")
    said = strict.done("doctor", "--repair").out
    assert "bob did not agree to the signature for R" in said
    assert "was agreed to" in said
    assert "nobody knows who agreed to the signature for R" in said
    last = strict.done("audit", "list", "--action", "license.countersigned", "--json").json
    assert [row["after"].get("certain", True) for row in last[:2]] == [False, True]
    strict.done("doctor")


def test_nobody_is_said_to_have_agreed_who_did_not(strict: House, tmp_path: Path) -> None:
    """Carol was cut off before she agreed, and bob did."""
    number = approved(strict)
    held = strict.opskit("license", "issue", number, "--out", tmp_path / "a.lic", as_user="alice")
    accessor = accessor_of(held)
    strict.login("bob")
    run = strict.context()
    with run.transaction() as session:
        countersigning.begin_agreement(
            session,
            accessor=accessor,
            found=[find(session, parse_number("R", number))],
            at=run.now(),
            actor=Identity("of carol", "carol", frozenset({"license-issuer"})),
        )
    strict.done("license", "countersign", accessor, "--yes")
    said = strict.done("doctor", "--repair", as_user="alice").out
    assert f"carol did not agree to the signature for {number}" in said
    assert [each["who"] for each in events(strict, number)] == ["bob"]


def accessor_of(held: Result) -> str:
    found = re.search(r"opskit license countersign (\S+);", held.err)
    assert found, held.err
    return found[1]


def events(house: House, number: str) -> list[dict[str, Any]]:
    rows = house.done("audit", "list", "--action", "license.countersigned", "--json").json
    return [row for row in rows if row["subject"] == number]


def body_of(house: House, number: str) -> bytes:
    with house.context().snapshot() as session:
        return find(session, parse_number("R", number)).body or b""
