"""Whoever owns the database alters a row; `license issue` says so and signs nothing."""

from pathlib import Path

from sqlalchemy import text

from tests.licenses.ordering import approved
from tests.support.home import House


def test_terms_altered_in_the_database_are_not_issued(house: House, tmp_path: Path) -> None:
    number = approved(house)
    with house.context().transaction() as session:
        session.execute(
            text("UPDATE licenses_request SET named_users = 9000 WHERE number = :number"),
            {"number": int(number[1:])},
        )
    result = house.opskit("license", "issue", number, "--out", tmp_path / "x.lic")
    assert result.code == 8
    assert result.err == (
        f"error[forged-approval]: {number} no longer says what was approved\n"
        "hint: compare with opskit audit list; then make a new request\n"
    )
    assert not (tmp_path / "x.lic").exists()


def test_an_approval_by_the_requester_written_by_hand(house: House, tmp_path: Path) -> None:
    number = approved(house)
    with house.context().transaction() as session:
        session.execute(
            text("UPDATE licenses_request SET requested_by = approved_by WHERE number = :number"),
            {"number": int(number[1:])},
        )
    result = house.opskit("license", "issue", number, "--out", tmp_path / "x.lic")
    assert result.code == 8
    assert result.err.startswith(
        f"error[forged-approval]: the approval of {number} does not fit what it says\nhint: "
    )
