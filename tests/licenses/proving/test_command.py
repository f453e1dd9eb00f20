"""opskit license register verify, as typed."""

from pathlib import Path

from sqlalchemy import text

from tests.licenses.ordering import approved
from tests.support.home import House


def test_verify_and_what_it_names(own_house: House, tmp_path: Path) -> None:
    house = own_house
    serials = []
    for name in ("a", "b"):
        number = approved(house)
        out = tmp_path / f"{name}.lic"
        serials.append(house.done("license", "issue", number, "--out", out).out.strip())
    fine = house.done("license", "register", "verify")
    assert fine.out == ""
    assert fine.err.startswith("licences: 2, approvals: 2, events: ")
    assert fine.err.endswith("everything fits\n")
    row = house.done("license", "register", "verify", "--json", as_user="alice").json
    assert (row["licenses"], row["approvals"], row["faults"]) == (2, 2, [])

    with house.context().transaction() as session:
        session.execute(
            text("UPDATE licenses_record SET named_users = 9000 WHERE serial = :serial"),
            {"serial": int(serials[0][1:])},
        )
    broken = house.opskit("license", "register", "verify")
    assert broken.code == 8
    assert broken.out == (
        f"{serials[0]}: the row says something else than what was signed\n"
        f"{serials[0]}: its request says something else\n"
    )
    assert broken.err == (
        "error[register-broken]: the register does not prove itself; faults: 2\n"
        "hint: keep a copy of the database and call the auditor\n"
    )
    named = house.opskit("license", "register", "verify", "--json")
    assert named.code == 8
    assert [each["flaw"] for each in named.json["faults"]] == ["other-terms", "other-request"]

    house.done(
        *("user", "add", "sally", "--role", "sales", "--password-file", "-"),
        stdin="pass of sally",
        as_user="alice",
    )
    house.done(
        *("user", "add", "audrey", "--role", "auditor", "--password-file", "-"), stdin="pass of au"
    )
    house.done("login", "sally", "--password-file", "-", stdin="pass of sally")
    assert house.opskit("license", "register", "verify").code == 6
    house.done("login", "audrey", "--password-file", "-", stdin="pass of au")
    assert house.opskit("license", "register", "verify").code == 8
