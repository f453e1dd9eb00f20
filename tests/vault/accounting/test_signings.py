"""Which lines of an audit log are uses of a licence key, for lines that are hard to be had."""

from collections.abc import Mapping
from typing import Any

import pytest

from opskit.core.signings import KeyUse, Use
from tests.support.audit_log import HMAC, line_of
from vault.accounting.audit_log import Tally
from vault.accounting.signings import uses_in

PATH = "transit/sign/license-production"
SIGNED = {"signature": HMAC, "key_version": 1}


def line(
    path: str = PATH,
    *,
    asked: Any = None,
    answer: Mapping[str, Any] | None = None,
    wrapped: int | None = None,
    wished: int = 0,
    namespace: str = "",
    mount: str = "transit",
) -> bytes:
    request = {
        "id": "1",
        "operation": "update",
        "mount_point": f"{mount}/",
        "mount_type": "kv" if mount == "clients" else "transit",
        "namespace": {"id": "root", "path": namespace},
        "path": path,
        "data": {"input": "a", "key_version": 1} if asked is None else asked,
        "remote_address": "127.0.0.1",
        "wrap_ttl": wished,
    }
    response = {"data": answer} if wrapped is None else {"wrap_info": {"ttl": wrapped}}
    return line_of(path=path, request=request, response=response)


def uses(*lines: bytes, namespace: str = "") -> tuple[list[KeyUse], Tally]:
    tally = Tally()
    return list(uses_in(lines, tally, namespace=namespace)), tally


@pytest.mark.parametrize(
    ("asked", "answer", "inputs"),
    [
        ({"input": "a"}, SIGNED, ("a",)),
        ({"batch_input": None, "input": "a"}, SIGNED, ("a",)),
        ({"input": 7}, SIGNED, ("",)),
        ({}, SIGNED, ("",)),
        (
            {"input": "c", "batch_input": [{"input": "a"}, {"input": "b"}]},
            {"batch_results": [{"error": HMAC}, SIGNED]},
            ("b",),
        ),
        (
            {"batch_input": [{"input": "a"}, {"input": "b"}]},
            {"batch_results": [SIGNED]},  # which of them, nobody knows
            ("a", "b"),
        ),
    ],
)
def test_what_was_signed(
    asked: Mapping[str, Any], answer: Mapping[str, Any], inputs: tuple[str, ...]
) -> None:
    ((use,), _tally) = uses(line(asked=asked, answer=answer))
    assert (use.use, use.key, use.inputs) == (Use.SIGNED, "license-production", inputs)
    assert use.display_name == "userpass-bob"


@pytest.mark.parametrize(
    "other",
    [
        line(answer={"error": HMAC}),
        line(answer={"batch_results": [{"error": HMAC}]}),
        line(wrapped=14400),  # a control group holds it back
        line("transit/sign/checkpoint", answer=SIGNED),
        line("transit/hmac/license-emergency", answer={"hmac": HMAC}),
        line("transit/export/public-key/license-test", answer={"keys": {"1": HMAC}}),
        line("transit/keys/license-production", answer={"keys": {"1": HMAC}}),
    ],
)
def test_what_is_no_use(other: bytes) -> None:
    assert uses(other) == ([], Tally(is_log=True, is_empty=False))


@pytest.mark.parametrize(
    ("path", "answer", "use"),
    [
        (f"{PATH}/sha2-512", SIGNED, Use.SIGNED),
        ("transit/export/signing-key/license-production/1", {"keys": {"1": HMAC}}, Use.EXPORTED),
        ("transit/backup/license-spare-1", {"backup": HMAC}, Use.EXPORTED),
        (PATH, {"signature": 7}, Use.UNREADABLE),
        ("transit/byok-export/public-key/license-test", {"keys": {"1": HMAC}}, Use.EXPORTED),
    ],
)
def test_other_ways_to_use_a_key(path: str, answer: Mapping[str, Any], use: Use) -> None:
    ((found,), _tally) = uses(line(path, answer=answer))
    assert found.use is use
    assert found.key.startswith("license-")


def test_an_engine_that_was_moved() -> None:
    """An admin mounts it elsewhere, signs, and moves it back."""
    ((use,), _tally) = uses(line("else/where/sign/license-test", answer=SIGNED, mount="else/where"))
    assert (use.use, use.key) == (Use.SIGNED, "license-test")


def test_an_entry_of_that_name_is_no_key() -> None:
    entry = line("clients/data/sign/license-x", wrapped=60, wished=60, mount="clients")
    assert uses(entry)[0] == []


def test_a_wrapping_that_was_wished_for_is_worth_a_signature() -> None:
    ((use,), _tally) = uses(line(wrapped=60, wished=60))
    assert use.inputs == ("a",)


def test_another_namespace_is_counted_and_left_out() -> None:
    lines = (line(answer=SIGNED, namespace="ns1/"), line(answer=SIGNED))
    found, tally = uses(*lines)
    assert (len(found), tally.elsewhere) == (1, 1)
    found, tally = uses(*lines, namespace="ns1")
    assert (len(found), tally.elsewhere) == (1, 1)


def test_half_a_line_is_counted() -> None:
    found, tally = uses(line(answer=SIGNED)[:300] + b"\n", line(answer=SIGNED))
    assert (len(found), tally.broken) == (1, 1)
