"""opskit patch, as typed: exact words, and exit code 8 while a step is red."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.licenses.ordering import approved
from tests.patches.preparing import prepared
from tests.support.holding import PATIENCE, commands_that_asked, nobody_may_write
from tests.support.home import DATA, House

ON = "2035-01-22"
MODULES = "FIN AP AR PAY LOG QRB"  # what HAWKIN uses


def test_prepare(house: House) -> None:
    result = house.done("patch", "prepare", "deleze", "--to", "12.4", "--on", ON, as_user="bob")
    number = result.out.strip()
    assert result.out == f"{number}\n"
    assert result.err == (
        f"{number}  Patch preparation  DELEZE  {ON}  0/19  0 %\nnext: opskit patch check {number}\n"
    )
    again = house.opskit("patch", "prepare", "DELEZE", "--to", "12.4", "--on", "22.01.2035")
    assert again.code == 4
    assert again.err == (
        f"error[conflict]: {number} prepares this already\nhint: opskit patch show {number}\n"
    )


def test_prepare_as_json(house: House) -> None:
    words = ("BETSCH", "--to", "12.4", "--on", ON, "--ticket", "CS-9", "--json")
    row = house.done("patch", "prepare", *words).json
    assert row.pop("number").startswith("P")
    assert row == {
        "version": "12.4",
        "subject": "BETSCH",
        "from_version": "12.1",
        "assignee": None,
        "state": "open",
        "anchor_on": ON,
        "done": 0,
        "total": 19,
        "late": 0,
        "percent": 0,
    }


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("DELEZZ", "--to", "12.4", "--on", ON), 3, "error[not-found]: there is no client DELEZZ"),
        (("DELEZE", "--to", "12.9", "--on", ON), 3, "error[not-found]: there is no version 12.9"),
        (("DELEZE", "--to", "12.4", "--on", "2035-02-30"), 5, "error[invalid]: '2035-02-30' is no"),
        (("DELEZE", "--to", "12.4", "--on", "soon"), 5, "error[invalid]: 'soon' is no date"),
        (("DELEZE", "--to", "12.4"), 2, "error[usage]: '--on' is missing"),
        (("DELEZE", "--to", "12.4", "--on", ON, "--ticket", "9"), 5, "error[invalid]: '9' is no"),
    ],
)
def test_prepare_refuses(house: House, words: tuple[str, ...], code: int, error: str) -> None:
    result = house.opskit("patch", "prepare", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)
    assert "\nhint: " in result.err


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("show", "P99999"), 3, "error[not-found]: there is no run P99999"),
        (("check", "P99999"), 3, "error[not-found]: there is no run P99999"),
        (("tick", "P99999", "1"), 3, "error[not-found]: there is no run P99999"),
        (("show", "R1"), 5, "error[invalid]: 'R1' is no number of this kind"),
        (("list", "--client", "DELEZZ"), 3, "error[not-found]: there is no client DELEZZ"),
    ],
)
def test_what_is_not_there(house: House, words: tuple[str, ...], code: int, error: str) -> None:
    prepared(house)
    result = house.opskit("patch", *words)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(error)


def test_from_red_to_green(house: House, tmp_path: Path) -> None:
    run = prepared(house, "HAWKIN")
    on = house.done("patch", "show", run, "--json").json["anchor_on"]
    red = house.opskit("patch", "check", run)
    assert red.code == 8
    assert red.out.splitlines() == [
        f"contract-active\tfailed\tmaintenance ends on 2028-12-23, before the patch on {on}",
        "license-version\tfailed\tno production licence in the register",
        f"license-modules\tfailed\tnot licensed: {MODULES}",
        f"date-proposed\tok\t{on} is a working day in TI and not frozen",
        "credentials\tfailed\tthe safe has no entry HAWKIN/prod",
    ]
    assert red.err == (
        f"error[check-failed]: {run}: 4 of 5 checks are not green: "
        "contract-active, license-version, license-modules, credentials\n"
        f"hint: mend what the proofs name, then: opskit patch check {run}\n"
    )

    number = approved(house, "HAWKIN", modules=MODULES)
    serial = house.done("license", "issue", number, "--out", tmp_path / "x.lic").out.strip()
    entry = ("HAWKIN/prod/erp-db", "--kind", "database", "--host", "db.hawkin.example")
    more = ("--port", "1521", "--username", "SYSTEM", "--password-file", "-")
    house.done("vault", "add", *entry, *more, stdin="s3cret")
    table = (DATA / "clients.csv").read_text(encoding="utf-8")
    prolonged = tmp_path / "clients.csv"
    prolonged.write_text(table.replace("2028-12-23", "2040-12-31"), encoding="utf-8")
    house.done("client", "import", prolonged, as_user="alice")

    green = house.done("patch", "check", run, as_user="bob")
    assert green.err == ""
    assert green.out.splitlines() == [
        "contract-active\tok\tmaintenance until 2040-12-31",
        f"license-version\tok\t{serial}: covers 12.4",
        "license-modules\tok\t6 modules and their users are licensed",
        f"date-proposed\tok\t{on} is a working day in TI and not frozen",
        "credentials\tok\tin the safe: erp-db",
    ]

    house.done("client", "import", DATA / "clients.csv", as_user="alice")
    lapsed = house.opskit("patch", "check", run, "--json", as_user="bob")
    assert lapsed.code == 8
    assert [row["step"] for row in lapsed.json if row["changed"]] == ["contract-active"]
    assert lapsed.json[0] == {
        "step": "contract-active",
        "verdict": "failed",
        "proof": f"maintenance ends on 2028-12-23, before the patch on {on}",
        "fresh_until": None,
        "state": "failed",
        "changed": True,
    }
    assert "s3cret" not in house.done("patch", "show", run, "--json").out


def test_show(house: House) -> None:
    run = house.done(
        *("patch", "prepare", "SANDOZ", "--to", "12.4", "--on", "2035-01-24"), as_user="bob"
    ).out.strip()
    house.opskit("patch", "check", run)
    page = house.done("patch", "show", run)
    assert page.err == ""
    lines = page.out.splitlines()
    assert lines[0] == f"{run}  Patch preparation  SANDOZ  2035-01-24  1/19  5 %"
    begin, today = lines.index("Opening the file"), datetime.now().astimezone().date()
    assert lines[begin + 1 : begin + 5] == [
        f"[ ]  1  {'File opened, current and target version noted':<64}  2034-12-26  agent",
        f"[!]  2  {'Maintenance contract active on the patch date':<64}  2034-12-26  sales",
        f"        maintenance ends on 2026-11-04, before the patch on 2035-01-24 (checked {today})",
        f"[!]  3  {'The licence covers the target version':<64}  2034-12-26  sales",
    ]
    assert "[x]  7  Date proposed, away from payroll close and stocktake" in page.out
    closing = "Version entered in the register, review held, file closed"
    assert lines[-2:] == [
        f"[~] 19  {closing:<64}  2035-01-25  agent",
        "        waits for 18 (go-no-go)",
    ]
    whole = house.done("patch", "show", run, "--json").json
    assert (whole["number"], whole["done"], len(whole["steps"])) == (run, 1, 19)
    assert whole["steps"][1]["state"] == "failed"


def test_a_holiday_at_the_clients_place(house: House) -> None:
    """The first of March is a holiday in Neuchâtel, and not in Berne."""
    for client, verdict in (("DELEZE", "failed"), ("BETSCH", "ok")):
        run = house.done(
            *("patch", "prepare", client, "--to", "12.4", "--on", "2035-03-01"), as_user="bob"
        ).out.strip()
        rows = house.opskit("patch", "check", run, "--json").json
        found = {row["step"]: row["verdict"] for row in rows}
        assert found["date-proposed"] == verdict


def test_list_shows_the_open_ones_first(house: House) -> None:
    done, still_open = (prepared(house, "BLUMCO") for _ in range(2))
    for step in range(1, 18):
        house.done("patch", "waive", done, str(step), "--reason", "rehearsal", as_user="alice")
    house.done("patch", "go", done, "--reason", "rehearsed", as_user="alice")
    house.done("patch", "close", done, "--answer", "rehearsed", as_user="bob")
    lines = house.done("patch", "list", "--client", "blumco").out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [still_open, done]
    assert [line.split("\t")[4:] for line in lines] == [["open", "0", "0"], ["closed", "100", "0"]]
    rows = house.done("patch", "list", "--client", "BLUMCO", "--json").json
    assert [row["number"] for row in rows] == [still_open, done]
    page = house.done("client", "show", "BLUMCO").out
    assert f"{still_open}  Patch preparation  BLUMCO" in page


def test_the_go_is_given_by_another_person(house: House) -> None:
    run = prepared(house)
    open_still = house.opskit("patch", "go", run, "--reason", "all green", as_user="alice")
    assert open_still.code == 8
    assert open_still.err.startswith(f"error[steps-open]: {run}: still open (16): 1 open-file, ")
    for step in (*range(1, 7), *range(8, 18)):  # the date has proved itself
        house.done("patch", "waive", run, str(step), "--reason", "rehearsal", as_user="alice")
    words = ("patch", "go", run, "--reason", "all green")
    own = house.opskit(*words, as_user="bob")
    assert (own.code, own.err.split(":")[0]) == (6, "error[second-person]")
    result = house.done(*words, as_user="alice")
    assert f"{run}" in result.err
    assert house.done("patch", "show", run, "--json").json["steps"][17]["state"] == "done"


def test_after_the_closing_the_client_runs_the_new_version(house: House) -> None:
    run = prepared(house, "KUHNCO")
    for step in range(1, 18):
        house.done("patch", "waive", run, str(step), "--reason", "rehearsal", as_user="alice")
    house.done("patch", "go", run, "--reason", "all green")
    house.done("patch", "close", run, "--answer", "12.4 runs", as_user="bob")
    assert house.done("patch", "show", run, "--json").json["state"] == "closed"
    client = house.done("client", "show", "KUHNCO", "--json").json
    assert client["erp_version"] == "12.4"


def test_an_auditor_reads_and_changes_nothing(house: House) -> None:
    run = prepared(house)
    before = house.done("patch", "show", run, "--json", as_user="alice").out
    add = ("user", "add", "audrey", "--role", "auditor", "--password-file", "-")
    house.done(*add, stdin="pass of audrey")
    house.done("login", "audrey", "--password-file", "-", stdin="pass of audrey")
    for words in (
        ("check", run),
        ("tick", run, "1", "--answer", "x"),
        ("waive", run, "2", "--reason", "x"),
        ("reopen", run, "1", "--reason", "x"),
    ):
        refused = house.opskit("patch", *words)
        assert (refused.code, refused.out) == (6, "")
        assert refused.err.startswith("error[denied]: audrey lacks the role agent or sales or ")
    assert house.done("patch", "show", run, "--json").out == before


def test_a_stopped_safe_leaves_every_step_as_it_was(own_house: House) -> None:
    run = prepared(own_house)
    own_house.opskit("patch", "check", run)
    before = own_house.done("patch", "show", run, "--json").out
    own_house.done("local", "stop")
    result = own_house.opskit("patch", "check", run)
    assert (result.code, result.out) == (7, "")
    assert result.err.endswith("hint: opskit local start\n")
    assert own_house.done("patch", "show", run, "--json").out == before


def test_a_safe_that_goes_away_in_the_middle_of_the_checks(own_house: House) -> None:
    """The person was recognised, then the server stopped: the step waits, and is not called red."""
    run = prepared(own_house)
    person = own_house.done("whoami", "--json").json["entity_id"]
    command = ("patch", "check", run, "--json")
    with (
        nobody_may_write(own_house) as release,
        commands_that_asked(own_house, f"identity/entity/id/{person}", [command]) as (checking,),
    ):
        own_house.done("local", "stop")
        release()
        out, err = checking.communicate(timeout=PATIENCE)
    assert checking.returncode == 8, err
    found = {row["step"]: (row["verdict"], row["state"]) for row in json.loads(out)}
    assert found["credentials"] == ("unknown", "ready")
    assert found["date-proposed"] == ("ok", "done")
