"""Files as evidence: given, kept, and got out again."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import update

from opskit.checklists.models import EvidenceFile
from tests.checklists.office import begun
from tests.support.home import House

POLICY = b"policy 4711\n"


@pytest.fixture
def run(house: House, tmp_path: Path) -> str:
    """A list with an insurance policy."""
    number = begun(house, tmp_path)
    file = tmp_path / "policy.txt"
    file.write_bytes(POLICY)
    house.done("checklist", "tick", number, "insurance", "--answer", file)
    return number


def test_a_file_comes_out_as_it_went_in(house: House, run: str, tmp_path: Path) -> None:
    digest = hashlib.sha256(POLICY).hexdigest()
    out = tmp_path / "again.txt"
    result = house.done("checklist", "evidence", run, "5", "--out", out)
    assert (result.out, result.err) == (
        "",
        f"policy.txt of insurance is in {out}, SHA-256 {digest}\n",
    )
    assert out.read_bytes() == POLICY
    row = house.done("checklist", "evidence", run, "insurance", "--out", out, "--json").json
    assert row == {
        "number": run,
        "step": "insurance",
        "name": "policy.txt",
        "file": str(out),
        "size": len(POLICY),
        "sha256": digest,
    }


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("4", "x.txt"), 3, "error[not-found]: keys has no file"),
        (("40", "x.txt"), 3, "error[not-found]: {run} has no step '40'"),
        (("5", "nowhere/x.txt"), 3, "error[not-found]: there is no folder"),
        (("5", "home/settings.toml"), 4, "error[conflict]: "),
    ],
)
def test_where_it_does_not_come_out(
    house: House, run: str, words: tuple[str, str], code: int, error: str
) -> None:
    step, out = words
    result = house.opskit("checklist", "evidence", run, step, "--out", house.folder.parent / out)
    assert result.code == code
    assert result.err.startswith(error.format(run=run))


def test_a_file_on_a_share_stays_there(house: House, tmp_path: Path) -> None:
    number = begun(house, tmp_path)
    (tmp_path / "big.txt").write_text("very big")
    settings = house.home.settings_file
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f'{before}evidence_shares = "docs={tmp_path}"\n', encoding="utf-8")
    try:
        house.done("checklist", "tick", number, "insurance", "--answer", "docs:big.txt")
        result = house.opskit("checklist", "evidence", number, "5", "--out", tmp_path / "x")
    finally:
        settings.write_text(before, encoding="utf-8")
    assert (result.code, result.err) == (
        3,
        (
            "error[not-found]: the file of insurance is not kept here: docs:big.txt\n"
            f"hint: look there; opskit checklist check {number} says whether it still is the same\n"
        ),
    )


def test_an_altered_file_is_not_handed_out(own_house: House, tmp_path: Path) -> None:
    own_house.login("alice")
    number = begun(own_house, tmp_path)
    (tmp_path / "policy.txt").write_bytes(POLICY)
    file = tmp_path / "policy.txt"
    own_house.done("checklist", "tick", number, "insurance", "--answer", file)
    with own_house.context().transaction() as session:
        session.execute(update(EvidenceFile).values(content=b"policy 4712\n"))
    result = own_house.opskit("checklist", "evidence", number, "5", "--out", tmp_path / "x")
    assert (result.code, result.err.partition("\n")[0]) == (
        8,
        "error[evidence-altered]: the file of insurance was altered in the database",
    )
    assert not (tmp_path / "x").exists()


def test_a_setting_that_is_no_share(house: House, run: str) -> None:
    settings = house.home.settings_file
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f'{before}evidence_shares = "backups"\n', encoding="utf-8")
    try:
        result = house.opskit("checklist", "tick", run, "2")
    finally:
        settings.write_text(before, encoding="utf-8")
    assert (result.code, result.err) == (
        5,
        (
            "error[invalid]: 'backups' is no named share\n"
            'hint: evidence_shares = "backups=/mnt/backups"\n'
        ),
    )
