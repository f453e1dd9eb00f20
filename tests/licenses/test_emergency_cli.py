"""opskit license emergency, as typed at a support desk: exact words, and what may go wrong."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from licenses.delivery.wording import wording
from licenses.emergency import days_granted, redeem
from licenses.keyformat import decode, split_signature
from licenses.keytext import read
from licenses.payload import LicensePayload
from opskit.core.signing import EMERGENCY_KEY
from tests.licenses.ordering import approved, requested
from tests.support.faults import ask, detour, new_token
from tests.support.home import House, copy_of
from tests.support.lesser_server import HangUpError
from tests.support.terminal import sit_before

HMAC = f"v1/transit/hmac/{EMERGENCY_KEY}"
PATIENCE = 20.0
GIVE = ("license", "emergency")
TICKET = ("--ticket", "CS-1001")
KEY = f"v1/transit/keys/{EMERGENCY_KEY}"


@dataclass(frozen=True)
class Desk:
    """A home with sally of sales, and bob who gives codes for a licence that ends today."""

    house: House
    file: Path
    serial: str

    @property
    def payload(self) -> LicensePayload:
        return payload_of(self.file)

    def numbers(self) -> list[int]:
        shown = self.house.done("license", "show", self.serial, "--json").json
        return [each["number"] for each in shown["emergency_codes"]]

    def grant(self, code: str, last_used: int) -> int:
        """The number by which the product knows a code that it has not seen yet."""
        return redeem(self.payload, code.strip(), last_used, datetime.now(UTC)).number


def payload_of(file: Path) -> LicensePayload:
    signed, _claimed = read(file.read_bytes())
    return decode(split_signature(signed)[0])


def issued(house: House, file: Path, **options: str) -> str:
    number = approved(house, valid_until="today", **options)
    return house.done("license", "issue", number, "--out", file).out.strip()


@pytest.fixture(scope="module")
def desk(house_pattern: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with copy_of(house_pattern) as house:
        folder = tmp_path_factory.mktemp("desk")
        house.done(
            *("user", "add", "sally", "--role", "sales", "--password-file", "-"),
            stdin="pass of sally",
            as_user="alice",
        )
        yield Desk(house, folder / "deleze.lic", issued(house, folder / "deleze.lic"))


@pytest.fixture(autouse=True)
def _bob_is_logged_in(desk: Desk) -> None:
    desk.house.login("bob")


def test_a_code_is_read_out_in_the_clients_language(desk: Desk) -> None:
    (*_, last) = [0, *desk.numbers()]
    result = desk.house.done(*GIVE, "deleze", *TICKET)
    code = result.out.removesuffix("\n")
    groups = code.split("-")
    assert [len(each) for each in groups] == [5] * 4
    assert desk.grant(code, last) == last + 1
    french = wording("fr")
    day = french.date(datetime.now(UTC).date() + timedelta(days=5))
    *warnings, said, prompt, one, two, three, four, then, sentence = result.err.splitlines()
    assert all(each.startswith(f"warning: code {last} was given on ") for each in warnings)
    assert said == (
        f"emergency code {last + 1} of {desk.serial} for Délèze Outillage SA; "
        f"days: 5; codes left: {23 - last}"
    )
    assert (prompt, then) == ("Read out, a group at a time:", "Then say:")
    assert [each.split()[0] for each in (one, two, three, four)] == groups
    assert sentence == "  " + french.emergency.format(license=desk.serial, day=day)


def test_as_json_and_what_is_told_of_it(desk: Desk) -> None:
    (*_, last) = [0, *desk.numbers()]
    row = desk.house.done(*GIVE, desk.serial.lower(), *TICKET, "--json").json
    code = row.pop("code")
    assert row == {
        "number": last + 1,
        "days": 5,
        "license": desk.serial,
        "client": "DELEZE",
        "left": 23 - last,
    }
    told = desk.house.done("license", "history", "DELEZE").out.splitlines()[-1].split("\t")[1:]
    assert told == [desk.serial, "emergency", f"emergency code {last + 1}, CS-1001", "bob"]
    shown = desk.house.done("license", "show", desk.serial).out.splitlines()
    assert shown[-1].endswith(f" by bob: code {last + 1}, CS-1001")
    assert f"Emergency codes given: {last + 1} of 24; days each: 5" in shown
    page = desk.house.done("client", "show", "DELEZE").out
    assert f"; emergency codes given: {last + 1}\n" in page
    desk.house.done("audit", "verify")

    # Another process looks: closing the database's file here would end our own locks on it.
    words = [word for secret in (code, code.replace("-", "")) for word in ("-e", secret)]
    grep = ["grep", "-rlF", "--exclude-dir=raft", *words, str(desk.house.folder)]
    found = subprocess.run(grep, capture_output=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (1, b"", b"")


def test_sales_give_none(desk: Desk) -> None:
    desk.house.done("login", "sally", "--password-file", "-", stdin="pass of sally")
    before = desk.numbers()
    result = desk.house.opskit(*GIVE, desk.serial, *TICKET)
    assert (result.code, result.out) == (6, "")
    assert result.err == (
        "error[denied]: sally lacks the role agent or license-issuer\n"
        "hint: an admin can give it: opskit user grant sally --role agent\n"
    )
    assert desk.numbers() == before


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("GFELLE", *TICKET), 3, "GFELLE has no production licence"),
        (("L9999", *TICKET), 3, "there is no licence L9999"),
        (("DELEZE", "--ticket", "1001"), 5, "'1001' is no ticket key"),
        (("DELEZE",), 2, "is missing"),
    ],
)
def test_refused(desk: Desk, words: tuple[str, ...], code: int, message: str) -> None:
    result = desk.house.opskit(*GIVE, *words)
    assert (result.code, result.out) == (code, "")
    assert message in result.err


def test_who_has_a_doubt_spends_no_number(desk: Desk) -> None:
    desk.house.done(*GIVE, desk.serial, *TICKET)
    before = desk.numbers()
    doubt = f"warning: code {before[-1]} was given on "
    command = [sys.executable, "-m", "opskit", *GIVE, desk.serial, *TICKET]
    question = "give it all the same? [y/N]"
    kept = sit_before(command, desk.house.environment(), answers=[(question, "")])
    assert kept.code == 1
    assert kept.text.startswith(doubt)
    assert desk.numbers() == before

    given = sit_before(command, desk.house.environment(), answers=[(question, "y")])
    unasked = sit_before([*command, "--yes"], desk.house.environment())
    assert (given.code, unasked.code) == (0, 0)
    assert given.text.count("warning: ") == 1
    assert question not in unasked.text
    assert desk.numbers() == [*before, before[-1] + 1, before[-1] + 2]


def test_a_safe_that_fails_after_the_number_is_spent_costs_that_number(desk: Desk) -> None:
    (*_, last) = [0, *desk.numbers()]

    def hang_up(_method: str, path: str) -> None:
        if path.strip("/").endswith(HMAC):
            raise HangUpError

    with detour(desk.house, hang_up):
        result = desk.house.opskit(*GIVE, desk.serial, *TICKET)
    assert (result.code, result.out) == (7, "")
    *_doubts, lost, failure, _hint = result.err.splitlines()
    assert lost == (
        f"code {last + 1} of {desk.serial} counts as given and was not shown: ask for the next"
    )
    assert failure.startswith("error[unavailable]: ")
    code = desk.house.done(*GIVE, desk.serial, *TICKET).out
    assert desk.grant(code, last) == last + 2


def test_killed_before_the_code_is_shown(desk: Desk) -> None:
    (*_, last) = [0, *desk.numbers()]
    asked, let_go = Event(), Event()

    def hold(_method: str, path: str) -> None:
        if path.strip("/").endswith(HMAC):
            asked.set()
            let_go.wait(PATIENCE)
            raise HangUpError

    command = [sys.executable, "-m", "opskit", *GIVE, desk.serial, *TICKET]
    with (
        detour(desk.house, hold),
        subprocess.Popen(
            command, env=desk.house.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process,
    ):
        assert asked.wait(PATIENCE)
        process.send_signal(signal.SIGKILL)
        shown, doubts = process.communicate()
        assert shown == b""
        assert all(each.startswith(b"warning: ") for each in doubts.splitlines())
        let_go.set()
    assert desk.numbers()[-1] == last + 1
    assert desk.grant(desk.house.done(*GIVE, desk.serial, *TICKET).out, last) == last + 2


def test_the_setting_counts_for_licences_that_are_drafted_later(desk: Desk, tmp_path: Path) -> None:
    settings = desk.house.home.settings_file
    before = settings.read_bytes()
    settings.write_bytes(before + b"emergency_days = 15\n")
    try:
        other = issued(desk.house, tmp_path / "b.lic", site="B")
        assert days_granted(payload_of(tmp_path / "b.lic")) == 15
        assert desk.house.done(*GIVE, other, *TICKET, "--json").json["days"] == 15
        assert desk.house.done(*GIVE, desk.serial, *TICKET, "--json").json["days"] == 5
        several = desk.house.opskit(*GIVE, "DELEZE", *TICKET)
        assert several.code == 4
        assert f"{other} (site B), {desk.serial} (site any)" in several.err

        settings.write_bytes(before + b"emergency_days = 16\n")
        number = desk.house.done(
            *("license", "supersede", other, "--named-users", "40", "--json"), as_user="alice"
        ).json["number"]
        refused = desk.house.opskit("license", "approve", number, as_user="bob")
        assert refused.code == 5
        assert "emergency_days: a code grants 1 to 15 days, not 16" in refused.err
    finally:
        settings.write_bytes(before)
        desk.house.done("license", "withdraw", number, as_user="alice")
        number = desk.house.done(
            *("license", "revoke", other, "--reason", "a test", "--json")
        ).json["number"]
        desk.house.done("license", "approve", number, as_user="bob")
        desk.house.done("license", "issue", number, "--out", tmp_path / "end.lic")
    assert days_granted(payload_of(tmp_path / "end.lic")) is None
    refused = desk.house.opskit(*GIVE, other, *TICKET)
    assert refused.code == 4
    assert f"{other} was revoked by L" in refused.err


def test_a_safe_that_was_provisioned_before_there_were_codes(own_house: House) -> None:
    number = requested(own_house)
    for change in (("POST", f"{KEY}/config", {"deletion_allowed": True}), ("DELETE", KEY, {})):
        assert ask(own_house, new_token(own_house), *change).status in (200, 204)
    refused = own_house.opskit("license", "approve", number, as_user="bob")
    assert refused.code == 3
    assert refused.err == (
        "error[not-found]: cannot use the key license-emergency: the safe has no such thing\n"
        "hint: an admin types: opskit vault provision\n"
    )
    own_house.done("vault", "provision", as_user="alice")
    own_house.done("license", "approve", number, as_user="bob")
