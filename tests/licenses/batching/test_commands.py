"""opskit license batch and what follows, as typed: alice asks, bob approves and issues."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.licenses.ordering import LAST
from tests.support.home import House

HEADER = "client,kind,modules,named_users,valid_from,maintenance_until,order_ref"
WRONG = """\
DELEZE,production,FIN NOPE,3,2026-12-01,2040-12-31,
NOSUCH,production,FIN,-4,2026-12-01,2040-12-31,
NOSUCH,production,FIN,4,2026-12-01,2040-12-31,
"""


def file_of(folder: Path, *rows: str) -> Path:
    file = folder / "requests.csv"
    file.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return file


def some(folder: Path, order: str, count: int = 3) -> Path:
    """The order makes the file another one."""
    codes = ("DELEZE", "BOVETD", "STAUFF")
    rows = [f"{codes[at % 3]},production,FIN,{at + 1},2020-12-01,{LAST}," for at in range(count)]
    return file_of(folder, *(f"{row}{order}" for row in rows))


def asked(house: House, file: Path) -> str:
    digest = sha256(file.read_bytes()).hexdigest()
    return house.done("license", "batch", file, "--digest", digest, as_user="alice").out.strip()


def test_wrong_rows_are_named_and_nothing_is_asked_for(house: House, tmp_path: Path) -> None:
    file = file_of(tmp_path, *WRONG.splitlines(), f"DELEZE,test,FIN,3,2026-12-01,{LAST},")
    before = house.done("license", "list", "--json").json
    for words in (("--dry-run",), ("--digest", sha256(file.read_bytes()).hexdigest())):
        result = house.opskit("license", "batch", file, *words)
        assert (result.code, result.out) == (5, "")
        assert result.err.startswith(
            f"{file}:2: modules: there is no module NOPE\n"
            f"{file}:3: named_users: '-4' is no number of users\n"
            f"{file}:4: client: there is no client NOSUCH\n"
            f"{file}:5: warning: maintenance until {LAST}, but the client's contract ends on "
        )
        assert result.err.endswith(
            "error[wrong-rows]: rows that are wrong: 3 of 4; nothing was asked for\n"
            f"hint: mend them in {file} and look again with --dry-run\n"
        )
    assert house.done("license", "list", "--json").json == before


def test_a_trial_prints_the_digest_and_what_comes_next(house: House, tmp_path: Path) -> None:
    file = some(tmp_path, "SO-71")
    digest = sha256(file.read_bytes()).hexdigest()
    result = house.done("license", "batch", file, "--dry-run")
    assert result.out == f"{digest}\n"
    assert result.err.endswith(
        f"{file}\n"
        "  Requests    3\n"
        "  Clients     3\n"
        "  Kinds       production 3\n"
        "  Wrong rows  0\n"
        "  Doubts      3\n"
        f"  Digest      {digest}\n"
        "this was a trial; nothing was stored; next:\n"
        f"  opskit license batch {file} --digest {digest}\n"
    )
    shown = house.done("license", "batch", file, "--dry-run", "--json").json
    assert (shown["digest"], shown["requests"], shown["batch"]) == (digest, 3, None)
    assert (shown["kinds"], shown["rejected"], len(shown["doubts"])) == ({"production": 3}, [], 3)


def test_what_nobody_looked_at_is_not_asked_for(house: House, tmp_path: Path) -> None:
    file = some(tmp_path, "SO-72")
    result = house.opskit("license", "batch", file)
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        f"error[usage]: '--digest' is missing\nhint: opskit license batch {file} --dry-run\n"
    )
    digest = house.done("license", "batch", file, "--dry-run").out.strip()
    some(tmp_path, "SO-73")
    result = house.opskit("license", "batch", file, "--digest", digest)
    assert (result.code, result.out) == (4, "")
    assert result.err.startswith(f"error[conflict]: {file} is not the file that was looked at")


def test_the_same_file_is_asked_for_once(house: House, tmp_path: Path) -> None:
    file = some(tmp_path, "SO-74")
    number = asked(house, file)
    digest = sha256(file.read_bytes()).hexdigest()
    again = house.done("license", "batch", file, "--digest", digest)
    assert again.out == f"{number}\n"
    assert again.err == f"requested before; nothing was changed\n  opskit license show {number}\n"
    assert house.done("license", "batch", file, "--dry-run", "--json").json["batch"] == number
    tried = house.done("license", "batch", file, "--dry-run")
    assert tried.err.endswith(f"next:\n  opskit license show {number}\n")
    piped = house.done("license", "batch", "-", "--digest", digest, stdin=file.read_text("utf-8"))
    assert piped.out == f"{number}\n"
    listed = house.done("license", "list", "--batches", "--json").json
    assert {each["number"]: each["states"] for each in listed}[number] == {"requested": 3}
    assert number in house.done("license", "list", "--batches").out


def test_a_batch_on_its_way(house: House, tmp_path: Path) -> None:
    number, keys = asked(house, some(tmp_path, "SO-75", 4)), tmp_path / "keys"
    result = house.opskit("license", "issue", number, "--out", keys, as_user="bob")
    assert (result.code, result.out) == (4, "")
    assert result.err.endswith(f"hint: opskit license approve {number}\n")

    result = house.done("license", "approve", number.lower())
    assert result.out == ""
    assert "\n  States     requested 4\n" in result.err
    assert "\n  to look at twice: opskit license show: 4 (R" in result.err
    assert result.err.endswith(f"\n  opskit license issue {number} --out FOLDER\n")

    result = house.done("license", "issue", number, "--out", keys)
    assert result.out == f"{keys}\n"
    assert result.err == "issued: 4, issued before: 0, files written: 4\n"
    files = sorted(keys.iterdir())
    assert [each.name.split("-")[0] for each in files] == ["BOVETD", "DELEZE", "DELEZE", "STAUFF"]
    for file in files:
        assert house.done("license", "verify", file).code == 0

    files[0].unlink()
    result = house.done("license", "issue", number, "--out", keys, "--json")
    counts = ("issued", "issued_before", "files_written")
    assert [result.json[each] for each in counts] == [0, 4, 1]
    assert sorted(keys.iterdir()) == files

    shown = house.done("license", "show", number, "--json").json
    assert (shown["number"], shown["requests"], shown["states"]) == (number, 4, {"issued": 4})
    assert shown["requested_by_name"] == "alice"
    listed = house.done("license", "list", "--batch", number, "--json").json
    assert [each["state"] for each in listed] == ["issued"] * 4
    house.done("license", "register", "verify")


def test_nobody_approves_their_own(house: House, tmp_path: Path) -> None:
    number = asked(house, some(tmp_path, "SO-76"))
    result = house.opskit("license", "approve", number)
    assert (result.code, result.out) == (6, "")
    assert result.err.startswith("error[own-request]: alice made this request and cannot approve")


def test_refused_and_taken_back(house: House, tmp_path: Path) -> None:
    refused, taken_back = (
        asked(house, some(tmp_path, "SO-77")),
        asked(house, some(tmp_path, "SO-78")),
    )
    first = house.done("license", "list", "--batch", refused, "--json").json[0]["number"]
    house.done("license", "withdraw", first)
    result = house.done("license", "reject", refused, "--reason", "wrong year", as_user="bob")
    assert result.err == f"{refused}: rejected 2, withdrawn 1\n"
    result = house.opskit("license", "withdraw", taken_back)
    assert (result.code, result.err.split("\n")[0]) == (
        6,
        f"error[denied]: {taken_back} was made by somebody else",
    )
    result = house.done("license", "withdraw", taken_back, "--json", as_user="alice")
    assert result.json["states"] == {"withdrawn": 3}
    result = house.opskit("license", "issue", refused, "--out", tmp_path / "keys", as_user="bob")
    assert (result.code, (tmp_path / "keys").exists()) == (4, False)


@pytest.mark.parametrize("command", ["show", "approve", "withdraw"])
def test_a_batch_that_is_not_there(house: House, command: str) -> None:
    result = house.opskit("license", command, "B999")
    assert (result.code, result.out) == (3, "")
    assert result.err == (
        "error[not-found]: there is no batch B999\nhint: opskit license list --batches\n"
    )


def test_the_form(house: House, tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    result = house.done("license", "request", "--template", file)
    assert result.out == ""
    assert result.err == (
        f"{file} written; fill it in, then:\n  opskit license batch {file} --dry-run\n"
    )
    result = house.opskit("license", "batch", file, "--dry-run")
    assert (result.code, result.err.split("\n")[0]) == (
        5,
        f"error[invalid]: {file}: there is no request in it",
    )
    assert "hint: fill in rows below the example" in result.err
    assert house.opskit("license", "request", "--template", file).code == 4
    result = house.opskit("license", "request", "--template", tmp_path / "form.csv")
    assert (result.code, (tmp_path / "form.csv").exists()) == (5, False)
    result = house.opskit("license", "request", "--template", tmp_path / "no" / "form.xlsx")
    assert (result.code, result.err.split("\n")[1]) == (
        3,
        "hint: make the folder, or give another --template",
    )


def test_files_that_are_no_table(house: House, tmp_path: Path) -> None:
    result = house.opskit("license", "batch", tmp_path / "nofile.xlsx", "--dry-run")
    assert result.err.endswith("hint: give an Excel or CSV file that you may read\n")
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7\n\0")
    result = house.opskit("license", "batch", tmp_path / "page.pdf", "--dry-run")
    assert result.err.startswith(f"error[invalid]: {tmp_path / 'page.pdf'}: this is a PDF")
