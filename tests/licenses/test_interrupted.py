"""Two issuers at once, and an issuer who is killed between the signature and the register."""

import signal
from pathlib import Path

from tests.licenses.ordering import approved
from tests.support.holding import PATIENCE, commands_that_asked, nobody_may_write
from tests.support.home import House

SIGNATURE = "transit/sign/license-production"


def serials(house: House, number: str) -> list[str]:
    rows = house.done("license", "list", "--client", "DELEZE", "--json").json
    return [row["number"] for row in rows if row.get("request") == number]


def test_killed_between_signature_and_register(house: House, tmp_path: Path) -> None:
    number, file = approved(house), tmp_path / "deleze.lic"
    command = ("license", "issue", number, "--out", file)
    with (
        nobody_may_write(house),
        commands_that_asked(house, SIGNATURE, [command]) as (issuer,),
    ):
        issuer.send_signal(signal.SIGKILL)
        assert issuer.wait(PATIENCE) == -signal.SIGKILL
    assert not file.exists()
    assert serials(house, number) == []
    assert house.done("license", "show", number, "--json").json["state"] == "approved"

    serial = house.done(*command).out.strip()
    assert serials(house, number) == [serial]
    house.done("license", "verify", file)
    house.done("audit", "verify")


def test_two_issuers_make_one_licence(house: House, tmp_path: Path) -> None:
    number = approved(house)
    files = [tmp_path / "one.lic", tmp_path / "two.lic"]
    commands = [("license", "issue", number, "--out", file) for file in files]
    with (
        nobody_may_write(house) as release,
        commands_that_asked(house, SIGNATURE, commands) as both,
    ):
        release()
        talk = [process.communicate(timeout=PATIENCE) for process in both]

    winner, loser = sorted(range(2), key=lambda i: both[i].returncode)
    assert [both[winner].returncode, both[loser].returncode] == [0, 4]
    assert serials(house, number) == [talk[winner][0].strip()]
    assert talk[loser][0] == ""
    assert talk[loser][1].startswith(f"error[conflict]: {number} is issued already\nhint: ")
    assert not files[loser].exists()

    house.done("license", "issue", number, "--out", files[loser])
    assert files[loser].read_bytes() == files[winner].read_bytes()
