"""What a lone signer does past opskit stands in the server's log, and the register lacks it."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from licenses.keyformat import signing_input
from licenses.services.requests import find
from licenses.witnessing import comparing
from opskit.core.refs import parse_number
from opskit.core.signing import LICENSE_KEY, TEST_LICENSE_KEY, Signer
from tests.licenses.ordering import approved
from tests.licenses.witnessing.conftest import Tail, issue
from tests.support.home import House, Result
from tests.support.signing import asked_raw, signed_raw

SIGN = f"transit/sign/{LICENSE_KEY}"


def witness(house: House, *words: object, who: str = "carol") -> Result:
    return house.opskit("license", "register", "witness", *words, as_user=who)


def findings(house: House, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = witness(house, *words, "--json").json["findings"]
    return found


def test_every_signature_is_explained(watched: House, tail: Tail, tmp_path: Path) -> None:
    for _ in range(2):
        issue(watched, tmp_path)
    log = tail()
    result = witness(watched, log)
    assert (result.code, result.out, result.err) == (
        0,
        "",
        "signatures in the log: 2, explained by the register: 2\n",
    )
    assert witness(watched, log, "--json").json == {
        "signatures": 2,
        "explained": 2,
        "licenses": 2,
        "findings": [],
        "remarks": [],
    }


def test_a_lone_signer_shows(watched: House, tail: Tail, tmp_path: Path) -> None:
    issue(watched, tmp_path)
    evil = [signing_input(b"nobody approved %d" % number) for number in range(3)]
    assert signed_raw(watched, "bob", *evil).status == 200
    assert signed_raw(watched, "bob", b"no licence at all").status == 200
    result = witness(watched, tail())
    lines = [line.split("\t") for line in result.out.splitlines()]
    assert [line[:1] + line[2:] for line in lines] == [
        [
            *("", "bob", LICENSE_KEY, count, "127.0.0.1"),
            "signed, and no licence of the register says that",
        ]
        for count in ("3", "1")
    ]
    assert result.code == 8
    assert result.err == (
        "error[signed-outside]: signatures in the log: 5, explained by the register: 1; "
        "things that do not fit: 2\n"
        "hint: ask the people named, and keep a copy of the log and of the database\n"
    )
    # The register alone cannot know.
    watched.done("license", "register", "verify")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"input": "ZXZpbA=="}, {"X-Vault-Wrap-TTL": "60"}),
        ({"batch_input": [{"input": "ZXZpbA=="}, {"input": "!"}]}, None),
        ({"input": 12345678}, None),
        ({}, None),
        ({"input": "ZXZpbA==", "k" * (17 << 20): 1}, None),
    ],
    ids=["wrapped", "half a batch", "a number", "nothing", "17 MB"],
)
def test_no_way_of_asking_hides_it(
    watched: House, tail: Tail, body: dict[str, Any], headers: dict[str, str] | None
) -> None:
    asked_raw(watched, "bob", "auth/token/lookup-self", method="GET")  # a log has other lines
    asked = asked_raw(watched, "bob", SIGN, {"key_version": 1, **body}, headers=headers)
    assert asked.status == 200
    (found,) = findings(watched, tail())
    assert (found["who"], found["key"], found["count"]) == ("bob", LICENSE_KEY, 1)
    assert found["at"]


def test_who_is_refused_signed_nothing(watched: House, tail: Tail) -> None:
    assert signed_raw(watched, "carol", b"evil").status == 403
    assert signed_raw(watched, "bob", b"evil", key_version=9).status != 200
    assert findings(watched, tail()) == []


def test_a_key_that_leaves_the_safe_shows(watched: House, tail: Tail) -> None:
    key = TEST_LICENSE_KEY
    asked_raw(watched, "alice", f"transit/keys/{key}/config", {"exportable": True})
    export = f"transit/export/signing-key/{key}"
    assert asked_raw(watched, "alice", export, method="GET").status == 200
    (found,) = findings(watched, tail())
    assert (found["finding"], found["who"], found["key"]) == ("exported", "alice", key)


def test_what_was_approved_and_never_issued_is_told_apart(
    watched: House, tail: Tail, tmp_path: Path
) -> None:
    number = approved(watched)
    watched.login("alice")
    body = body_of(watched, number)
    watched.context().plug(Signer).sign(LICENSE_KEY, signing_input(body), 1)
    (found,) = findings(watched, tail())
    assert (found["finding"], found["subject"], found["who"]) == ("not-issued", number, "alice")
    watched.done("license", "issue", number, "--out", tmp_path / "a.lic", as_user="alice")
    assert findings(watched, tail()) == []


def test_a_log_with_lines_taken_out(
    watched: House, tail: Tail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "SLACK", timedelta(0))
    issue(watched, tmp_path)
    serial = issue(watched, tmp_path)
    log = tail()
    lines = log.read_bytes().splitlines(keepends=True)
    last = max(at for at, line in enumerate(lines) if b'"path":"transit/sign/lic' in line)
    short = tmp_path / "short.log.gz"
    short.write_bytes(gzip.compress(b"".join(lines[:last])))
    (found,) = findings(watched, short)
    assert (found["finding"], found["subject"]) == ("no-trace", serial)
    assert findings(watched, log) == []


def test_a_log_without_any_signature(
    watched: House, tail: Tail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was issued in the log's time is held against it, and so is what --since asks for."""
    monkeypatch.setattr(comparing, "SLACK", timedelta(0))
    asked_raw(watched, "bob", "auth/token/lookup-self", method="GET")
    serials = [issue(watched, tmp_path) for _ in range(2)]
    lines = tail().read_bytes().splitlines(keepends=True)
    short = tmp_path / "short.log"
    short.write_bytes(b"".join(line for line in lines if b'"path":"transit/sign/lic' not in line))
    result = witness(watched, short, "--json")
    found = [(each["finding"], each["subject"]) for each in result.json["findings"]]
    assert (result.code, sorted(found)) == (8, [("no-trace", each) for each in sorted(serials)])
    assert result.json["licenses"] == 2
    late = tmp_path / "late.log"
    late.write_bytes(lines[-1])
    assert findings(watched, late) == []
    missed = {each["subject"] for each in findings(watched, late, "--since", "today")}
    assert serials[0] in missed


def test_an_older_licence_explains_a_later_signature(watched: House, tail: Tail) -> None:
    """Somebody has it signed again: the same bytes, and the same key comes out."""
    watched.login("alice")
    oldest = watched.done("license", "list", "--json").json[-1]["request"]
    signed_raw(watched, "bob", signing_input(body_of(watched, oldest)))
    assert findings(watched, tail()) == []


def test_since_a_day(watched: House, tail: Tail) -> None:
    signed_raw(watched, "bob", b"evil")
    log = tail()
    found = findings(watched, log, "--since", "today")
    assert [each["finding"] for each in found].count("not-registered") == 1
    assert findings(watched, log, "--since", "tomorrow") == []


def test_the_log_of_another_device(watched: House, tail: Tail, tmp_path: Path) -> None:
    """Another device has another secret: nothing fits, and the hint says why."""
    issue(watched, tmp_path)
    log = tail()
    log.write_bytes(log.read_bytes().replace(b"hmac-sha256:", b"hmac-sha256:0"))
    result = witness(watched, log)
    assert result.code == 8
    assert "hint: is that the log of the audit device file? --device names another" in result.err
    unknown = witness(watched, log, "--device", "syslog")
    assert (unknown.code, unknown.err.split("\n")[0]) == (
        3,
        "error[not-found]: the server has no audit device syslog",
    )


def test_no_log(watched: House, tmp_path: Path) -> None:
    assert witness(watched, tmp_path / "no.log").code == 3
    folder = witness(watched, tmp_path)
    assert f"hint: give the files in it: opskit license register witness {tmp_path}/*" in folder.err
    wrong = tmp_path / "wrong.log"
    wrong.write_text(json.dumps({"a": 1}) + "\n")
    assert witness(watched, wrong).code == 5


def test_the_own_log_and_only_for_auditors(watched: House) -> None:
    assert witness(watched, "--since", "tomorrow", who="alice").code == 0
    refused = witness(watched, who="bob")
    assert (refused.code, refused.err.split("\n")[0]) == (
        6,
        "error[denied]: bob lacks the role auditor or admin",
    )


def body_of(house: House, number: str) -> bytes:
    with house.context().snapshot() as session:
        return find(session, parse_number("R", number)).body or b""
