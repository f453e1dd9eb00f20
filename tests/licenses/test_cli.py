"""opskit license, as typed: two people, one home, exact words."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from licenses.publickeys import PublicKeySet
from tests.licenses.ordering import LAST, approved, requested
from tests.support.home import House

REQUEST = ("license", "request", "DELEZE")
TERMS = ("--modules", "FIN AP AR", "--named-users", "60", "--maintenance-until", LAST)

BEYOND = f"warning: maintenance until {LAST}, but the client's contract ends on 2026-11-04"


def today() -> str:
    return datetime.now(UTC).astimezone().date().isoformat()


def test_request_prints_its_number_and_the_next_command(house: House) -> None:
    result = house.done(*REQUEST, *TERMS, "--ticket", "cs-1002")
    number = result.out.strip()
    assert result.out == f"{number}\n"
    assert number.startswith("R")
    assert result.err == (
        f"{BEYOND}\n"
        f"requested for DELEZE; a second person types:\n  opskit license approve {number}\n"
    )


def test_request_as_json(house: House) -> None:
    made = house.done(
        *REQUEST,
        *("--modules", "ap,fin", "--named-users", "unlimited", "--concurrent-users", "5"),
        *("--maintenance-until", "31.12.2040", "--valid-from", "today", "--valid-until", LAST),
        *("--kind", "temporary", "--edition", "enterprise", "--version-ceiling", "12.4"),
        *("--ticket", "CS-1002", "--json"),
    ).json
    assert made.pop("number").startswith("R")
    assert made.pop("requested_by")
    assert made.pop("requested_at")
    assert made == {
        "requested_by_name": "alice",
        "approved_by_name": None,
        "action": "new",
        "replaces": None,
        "order": None,
        "batch": None,
        "reason": None,
        "grace_days": 0,
        "site": None,
        "state": "requested",
        "client": "DELEZE",
        "kind": "temporary",
        "product": "ERP",
        "edition": "ENTERPRISE",
        "modules": ["FIN", "AP"],
        "named_users": "unlimited",
        "concurrent_users": 5,
        "valid_from": today(),
        "last_day": LAST,
        "maintenance_until": LAST,
        "version_ceiling": "12.4",
        "ticket": "CS-1002",
        "license": None,
        "approved_by": None,
        "approved_at": None,
    }


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("DELEZZ", *TERMS), 3, "there is no client DELEZZ"),
        (("DELEZE", *TERMS, "--modules", "FIN XYZ"), 3, "there is no module XYZ"),
        (("DELEZE", *TERMS, "--named-users", "0"), 5, "a licence needs at least one user"),
        (("DELEZE", *TERMS, "--concurrent-users", "-1"), 5, "'-1' is no number of users"),
        (("DELEZE", *TERMS, "--kind", "prod"), 5, "'prod' is no kind of licence"),
        (("DELEZE", *TERMS, "--edition", "gold"), 3, "there is no edition gold"),
        (("DELEZE", *TERMS, "--product", "CRM9"), 3, "there is no product CRM9"),
        (("DELEZE", *TERMS, "--maintenance-until", "2040-02-30"), 5, "is no day of the calendar"),
        (("DELEZE", *TERMS, "--valid-until", "2020-01-01"), 5, "--valid-until: 2020-01-01 is b"),
        (("DELEZE", *TERMS, "--version-ceiling", "twelve"), 5, "'twelve' is no version"),
        (("DELEZE", *TERMS, "--ticket", "1002"), 5, "'1002' is no ticket key"),
        (("DELEZE", *TERMS[:4]), 2, "--maintenance-until is missing"),
    ],
)
def test_request_refuses(house: House, words: tuple[str, ...], code: int, message: str) -> None:
    result = house.opskit("license", "request", *words)
    assert (result.code, result.out) == (code, "")
    assert message in result.err.replace("'--maintenance-until'", "--maintenance-until")
    assert "\nhint: " in result.err


def test_a_maintenance_that_is_over_is_doubted(house: House) -> None:
    words = ("--maintenance-until", "2020-01-01", "--named-users", "0", "--concurrent-users", "5")
    result = house.done(*REQUEST, "--modules", "FIN", *words)
    assert result.err.startswith("warning: maintenance until 2020-01-01 is over already\n")


def test_nobody_approves_their_own_request(house: House) -> None:
    number = requested(house)
    result = house.opskit("license", "approve", number)
    assert (result.code, result.out) == (6, "")
    assert result.err == (
        "error[own-request]: alice made this request and cannot approve it\n"
        "hint: another person with the role license-issuer has to: opskit login NAME\n"
    )
    assert house.done("license", "show", number, "--json").json["state"] == "requested"


def test_approve_shows_what_is_signed(house: House) -> None:
    number = requested(house, ticket="CS-1002")
    result = house.done("license", "approve", number.lower(), as_user="bob")
    assert result.out == ""
    assert result.err.startswith(
        f"Licence request {number} for DELEZE: requested\n"
        "  Client             Délèze Outillage SA\n"
        "  Client number      20000\n"
        "  Kind               production\n"
        "  Product            ERP STANDARD\n"
        "  Modules            FIN AP AR\n"
        "  Named users        60\n"
        "  Concurrent users   0\n"
        f"  Valid from         {today()}\n"
        "  Last usable day    without end\n"
        f"  Maintenance until  {LAST}\n"
        "  Up to version      any\n"
        "  What for           new licence\n"
        "  Ticket             CS-1002\n"
        f"  Requested          {today()} by alice\n"
        "Changes"
    )
    assert "What the client will see:\n" in result.err
    assert "  SHA-256 " in result.err
    assert result.err.endswith(
        f"{BEYOND}\napproved by bob; next:\n  opskit license issue {number} --out FILE\n"
    )
    again = house.opskit("license", "approve", number)
    assert again.code == 4
    assert again.err == (
        f"error[conflict]: {number} is approved already, and not issued yet\n"
        f"hint: opskit license issue {number} --out FILE\n"
    )


def test_approve_as_json(house: House) -> None:
    number = requested(house)
    row = house.done("license", "approve", number, "--json", as_user="bob").json
    assert (row["number"], row["state"]) == (number, "approved")
    assert row["license"].startswith("L")
    assert row["approved_by"] not in {None, row["requested_by"]}


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("approve", "R99999"), 3, "error[not-found]: there is no licence request R99999"),
        (("approve", "L12"), 5, "error[invalid]: 'L12' is no number of this kind"),
        (("issue", "R99999", "--out", "x"), 3, "error[not-found]: there is no licence request"),
        (("show", "R99999"), 3, "error[not-found]: there is no licence request R99999"),
        (("show", "L99999"), 3, "error[not-found]: there is no licence L99999"),
        (
            ("show", "P1"),
            5,
            "error[invalid]: 'P1' is no number of this kind\nhint: a request looks like R12, a l",
        ),
        (
            ("show", "BOVETD"),
            5,
            "error[invalid]: 'BOVETD' is no number of this kind\nhint: a request looks like R12",
        ),
        (
            ("deliver", "BOVETD", "--out", "x"),
            5,
            "error[invalid]: 'BOVETD' is no number of this kind\nhint: R12 or L1042; a client's",
        ),
        (("list", "--client", "DELEZZ"), 3, "error[not-found]: there is no client DELEZZ"),
    ],
)
def test_what_is_not_there(house: House, words: tuple[str, ...], code: int, error: str) -> None:
    result = house.opskit("license", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)


def test_issue_writes_the_same_file_again(house: House, tmp_path: Path) -> None:
    number = requested(house)
    early = house.opskit("license", "issue", number, "--out", tmp_path / "early.lic", as_user="bob")
    assert early.code == 4
    assert early.err == (
        f"error[conflict]: {number} is not approved yet\nhint: opskit license approve {number}\n"
    )
    assert not (tmp_path / "early.lic").exists()

    house.done("license", "approve", number)
    first, second = tmp_path / "first.lic", tmp_path / "second.lic"
    issued = house.done("license", "issue", number, "--out", first)
    serial = issued.out.strip()
    assert (issued.out, issued.err) == (f"{serial}\n", f"{first} written\n")
    again = house.done("license", "issue", number, "--out", second)
    assert (again.out, again.err) == (
        f"{serial}\n",
        f"issued before\n{second} written\n",
    )
    third = house.done("license", "issue", number, "--out", second)
    assert third.err == f"issued before\n{second} holds it already\n"
    assert first.read_bytes() == second.read_bytes()
    assert first.read_text().startswith(
        "-----BEGIN OPSKIT LICENCE-----\n"
        "Client: Délèze Outillage SA\n"
        f"Licence: {serial}\n"
        "Kind: production\n"
        "Client number: 20000\n"
    )
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_issue_as_json(house: House, tmp_path: Path) -> None:
    number = approved(house)
    file = tmp_path / "deleze.lic"
    row = house.done("license", "issue", number, "--out", file, "--json").json
    assert (row["request"], row["state"], row["file"]) == (number, "issued", str(file))
    assert row["issued_by_name"] == "bob"
    assert file.exists()


def test_nothing_is_signed_for_a_file_that_cannot_be_written(house: House, tmp_path: Path) -> None:
    number = approved(house)
    refused = house.opskit("license", "issue", number, "--out", tmp_path)
    assert (refused.code, refused.out) == (5, "")
    assert refused.err == (
        f"error[invalid]: {tmp_path} is no file that can be written\n"
        "hint: give the name of a new file\n"
    )
    blocked = tmp_path / "file" / "deleze.lic"
    blocked.parent.write_text("no folder")
    assert house.opskit("license", "issue", number, "--out", blocked).code == 3
    taken = house.opskit("license", "issue", number, "--out", blocked.parent)
    assert taken.code == 4
    assert taken.err == (
        f"error[conflict]: {blocked.parent} is there already and holds something else\n"
        "hint: choose another name, or remove the file first\n"
    )
    assert blocked.parent.read_text() == "no folder"
    assert house.done("license", "show", number, "--json").json["state"] == "approved"
    house.done("license", "issue", number, "--out", tmp_path / "deleze.lic")
    house.done("license", "verify", tmp_path / "deleze.lic")


def test_who_lacks_the_role_is_told(house: House, tmp_path: Path) -> None:
    number = requested(house)
    house.done(
        *("user", "add", "sally", "--role", "sales", "--password-file", "-"), stdin="pass of sally"
    )
    house.done("login", "sally", "--password-file", "-", stdin="pass of sally")
    for words in (("approve", number), ("issue", number, "--out", tmp_path / "x.lic")):
        result = house.opskit("license", *words)
        assert result.code == 6
        assert result.err == (
            "error[denied]: sally lacks the role license-issuer\n"
            "hint: an admin can give it: opskit user grant sally --role license-issuer\n"
        )


def test_list_and_show(house: House, tmp_path: Path) -> None:
    waiting = requested(house, "BLUMCO", named_users="unlimited")
    number = approved(house, "BLUMCO")
    serial = house.done("license", "issue", number, "--out", tmp_path / "x.lic").out.strip()
    listed = house.done("license", "list", "--client", "blumco")
    assert listed.err == ""
    assert listed.out.splitlines() == [
        f"{waiting}\tBLUMCO\tproduction\trequested\tFIN AP AR\tunlimited\t{LAST}\t",
        f"{serial}\tBLUMCO\tproduction\tissued\tFIN AP AR\t60\t{LAST}\t",
    ]
    rows = house.done("license", "list", "--client", "BLUMCO", "--json").json
    assert [row["number"] for row in rows] == [waiting, serial]
    whole = house.done("license", "list", "--json").json
    assert {waiting, serial} <= {row["number"] for row in whole}

    assert house.done("license", "show", serial.lower()).out == (
        f"Licence {serial} for BLUMCO\n"
        "  Client             Blum & Co. Käserei\n"
        "  Client number      20021\n"
        "  Kind               production\n"
        "  Product            ERP STANDARD\n"
        "  Modules            FIN AP AR\n"
        "  Named users        60\n"
        "  Concurrent users   0\n"
        f"  Valid from         {today()}\n"
        "  Last usable day    without end\n"
        f"  Maintenance until  {LAST}\n"
        "  Up to version      any\n"
        f"  Request            {number}\n"
        f"  Requested          {today()} by alice\n"
        f"  Approved           {today()} by bob\n"
        f"  Issued             {today()} by bob\n"
        "Emergency codes given: 0 of 24; days each: 5\n"
    )
    shown = house.done("license", "show", number)
    assert shown.out.startswith(f"Licence request {number} for BLUMCO: issued\n")
    assert shown.out.endswith(f"  Approved           {today()} by bob\n")
    assert shown.err == ""
    assert "contract ends on 2027-09-20\n" in house.done("license", "show", waiting).err
    assert house.done("license", "show", number, "--json").json["license"] == serial
    assert house.done("license", "show", serial, "--json").json["request"] == number


def test_catalog(house: House) -> None:
    lines = house.done("license", "catalog").out.splitlines()
    assert lines[0] == "FIN\tGeneral ledger"
    assert len(lines) == 24
    rows = house.done("license", "catalog", "--json").json
    assert rows[4] == {"code": "PAY", "bit": 4, "name": "Payroll", "retired": False}


def test_publish_keys(house: House, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    result = house.done("license", "keys", "publish", "--out", file)
    assert (result.out, result.err) == ("", f"4 public keys written to {file}\n")
    keys = PublicKeySet.from_json(file.read_bytes()).keys
    assert [(key.key_id, key.transit_key) for key in keys] == [
        (1, "license-production"),
        (101, "license-spare-1"),
        (111, "license-spare-2"),
        (129, "license-test"),
    ]
    assert house.home.public_keys_file.read_bytes() == file.read_bytes()
    refused = house.opskit("license", "keys", "publish", "--out", tmp_path)
    assert refused.code == 5
    assert refused.err.startswith(f"error[invalid]: {tmp_path} is no file")


def test_the_page_of_the_client_shows_both(house: House, tmp_path: Path) -> None:
    waiting = requested(house, "KUHNCO")
    number = approved(house, "KUHNCO")
    serial = house.done("license", "issue", number, "--out", tmp_path / "x.lic").out.strip()
    page = house.done("client", "show", "KUHNCO", as_user="alice").out
    assert f"{waiting}  requested  FIN AP AR" in page
    assert f"{serial}  production, maintenance until {LAST}: FIN AP AR" in page


@pytest.mark.parametrize("content", [None, "[]"])
def test_the_doctor_misses_the_public_keys(house: House, content: str | None) -> None:
    file = house.home.public_keys_file
    kept = file.read_bytes()
    assert "4 public keys in the home" in "".join(_said(house))
    file.unlink()
    if content is not None:
        file.write_text(content)
    try:
        said = "".join(_said(house))
        assert "no public keys in the home, so nothing can be verified offline" in said
        assert "opskit license keys publish" in said
        house.done("license", "keys", "publish")
        assert file.read_bytes() == kept
    finally:
        file.write_bytes(kept)


def _said(house: House) -> tuple[str, str]:
    result = house.opskit("doctor")
    return result.out, result.err
