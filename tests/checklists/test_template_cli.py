"""The commands of templates: what they say, in which order, and with which exit code."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.checklists.samples import SMALL
from tests.checklists.template_texts import HEAD, step
from tests.support.home import House

LIST = HEAD.replace("id: list", "id: shelf-check") + "".join(
    [
        step("a", "evidence: text", due="-3bd"),
        step("b", 'when: client.canton == "BE"', "needs: [a]", "evidence: value", due="a +2bd"),
        step("c", 'when: answers.a != "none"', "evidence: text", phase="then"),
    ]
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.yaml"
    path.write_text(LIST, encoding="utf-8")
    return path


def change(file: Path, old: str, new: str, name: str = "changed.yaml") -> Path:
    changed = file.with_name(name)
    changed.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return changed


def template(house: House, *args: object, as_user: str = "alice") -> str:
    return house.done("checklist", "template", *args, as_user=as_user).out


def test_what_ships_is_listed(house: House) -> None:
    lines = [line.split("\t") for line in template(house, "list").splitlines()]
    shipped = {line[0] for line in lines}
    assert shipped >= {"patch-preparation", "back-office", "logistics"}
    rows = house.done("checklist", "template", "list", "--json").json
    assert list(rows[0]) == ["id", "version", "state", "title", "digest"]


def test_a_file_is_checked(house: House, file: Path) -> None:
    found = house.opskit("checklist", "template", "lint", file)
    assert (found.code, found.out) == (
        0,
        "warning\tlist.yaml, line 3: 6 of 6 texts have no German; English is shown in its place\n",
    )
    wrong = change(file, "needs: [a]", "needs: [aa]")
    found = house.opskit("checklist", "template", "lint", file, wrong, "--json")
    assert found.code == 8
    assert [row["verdict"] for row in found.json] == ["warning", "failed"]
    assert found.json[1]["text"] == (
        "changed.yaml, line 21, steps[1].needs[0]: aa is unknown, did you mean a?"
    )
    assert found.err == (
        f"error[check-failed]: 1 of 2 files are wrong: {wrong}\n"
        "hint: docs/checklists.md explains every key\n"
    )


def test_every_check_that_templates_may_name_is_known(house: House, file: Path) -> None:
    good = change(file, "needs: [a]", "check: contract.active")
    assert house.opskit("checklist", "template", "lint", good).code == 0
    wrong = change(file, "needs: [a]", "check: contract.activ")
    found = house.opskit("checklist", "template", "lint", wrong)
    assert found.code == 8
    assert "there is no check contract.activ, did you mean contract.active" in found.out


def test_a_preview_shows_days_and_what_applies(house: House, file: Path) -> None:
    told = template(house, "preview", file, "--on", "2027-01-20", "--canton", "BE")
    assert told == (
        "1\t2027-01-15\tyes\ta\ta\n"
        "2\t2027-01-19\tyes\tb\tb\n"
        '3\t2027-01-20\tif answers.a != "none"\tc\tc\n'
    )
    facts = ("--fact", "answers.a=none", "--fact", "client.canton=VD")
    told = template(house, "preview", file, "--on", "2027-01-20", *facts)
    assert [line.split("\t")[2] for line in told.splitlines()] == ["yes", "no", "no"]
    shown = house.done(
        *("checklist", "template", "preview", "patch-preparation"),
        *("--on", "2027-01-20", "--client", "DELEZE", "--json"),
    ).json
    assert (shown["template"].split("/")[0], shown["on"]) == ("patch-preparation", "2027-01-20")
    assert None not in [row["applies"] for row in shown["steps"] if not row["when"]]


def test_a_fact_has_a_group_a_name_and_a_value(house: House, file: Path) -> None:
    found = house.opskit(
        *("checklist", "template", "preview", file, "--on", "2027-01-20", "--fact", "canton=BE")
    )
    assert found.code == 5
    assert found.err == (
        "error[invalid]: 'canton=BE' gives no fact\nhint: write it like --fact run.version=12.4\n"
    )


def test_a_difference_is_told_step_by_step(house: House, file: Path) -> None:
    changed = change(file, "due: -3bd", "due: -5bd")
    assert template(house, "diff", file, changed) == "changed\tstep\ta\tdue -3bd -> -5bd\n"
    rows = house.done("checklist", "template", "diff", file, changed, "--json").json
    assert rows == [
        {
            "part": "step",
            "key": "a",
            "change": "changed",
            "fields": [{"field": "due", "before": "-3bd", "after": "-5bd"}],
        }
    ]
    other = change(file, "key: c\n", "key: d\n", "other.yaml")
    assert template(house, "diff", file, other) == "added\tstep\td\tc\nremoved\tstep\tc\tc\n"
    same = house.opskit("checklist", "template", "diff", file, file)
    assert (same.code, same.out, same.err) == (0, "", "there is no difference\n")


def test_from_publishing_to_retiring(own_house: House, file: Path) -> None:
    house = own_house
    refused = house.opskit("checklist", "template", "publish", file, as_user="bob")
    assert refused.code == 6
    assert "bob lacks the role manager or admin" in refused.err
    assert template(house, "publish", file) == "shelf-check/1\n"
    assert template(house, "publish", file) == "shelf-check/1\n"
    edited = house.opskit("checklist", "template", "publish", change(file, "-3bd", "-4bd"))
    assert (edited.code, edited.err.splitlines()[1]) == (
        4,
        "hint: give the changed file version 2",
    )
    second = change(file, "version: 1", "version: 2", "second.yaml")
    template(house, "publish", second)
    assert "changed\ttemplate\tshelf-check\tversion 1 -> 2" in template(
        house, "diff", "shelf-check/1", "shelf-check"
    )
    assert (
        template(house, "retire", "shelf-check", "--version", "2", "--reason", "too long")
        == "shelf-check/2\n"
    )
    lines = [line.split("\t")[:3] for line in template(house, "list").splitlines()]
    assert ["shelf-check", "1", "published"] in lines
    assert ["shelf-check", "2", "retired"] in lines
    shown = house.done("checklist", "template", "show", "shelf-check", "--json").json
    assert (shown["version"], [row["waits_for"] for row in shown["steps"]]) == (
        1,
        [[], ["a"], ["a"]],
    )
    missing = house.opskit("checklist", "template", "show", "shelf-check", "--version", "7")
    assert (missing.code, missing.err) == (
        3,
        "error[not-found]: shelf-check has no version 7\nhint: there are: 1, 2\n",
    )


def test_a_template_altered_in_the_database_is_refused(own_house: House, file: Path) -> None:
    house = own_house
    template(house, "publish", file)
    with house.context().transaction() as session:
        session.execute(text("UPDATE checklists_template SET body = replace(body, '-3bd', '-9bd')"))
    lines = template(house, "list").splitlines()
    assert "shelf-check\t1\taltered\tshelf-check" in lines
    for words in (
        ("show", "shelf-check"),
        ("publish", file),
        ("preview", "shelf-check/1", "--on", "today"),
    ):
        found = house.opskit("checklist", "template", *words)
        assert found.code == 8
        assert found.err.startswith(
            "error[template-tampered]: shelf-check/1 was altered in the database after it was"
        )


def test_there_and_back_in_a_workbook(house: House, file: Path, tmp_path: Path) -> None:
    book, back = tmp_path / "list.xlsx", tmp_path / "back.yaml"
    export = ("checklist", "template", "export", file, "--out", book)
    assert house.done(*export).err == f"shelf-check/1 is in {book}\n"
    assert house.done(*export).err == f"{book} holds this already\n"
    said = house.done("checklist", "template", "import", book, "--out", back).err.splitlines()
    assert said[0] == f"shelf-check/1 is in {back}, steps: 3, phases: 2"
    same = house.opskit("checklist", "template", "diff", file, back)
    assert (same.code, same.err) == (0, "there is no difference\n")
    strange = house.opskit("checklist", "template", "export", file, "--out", tmp_path / "x.pdf")
    assert (strange.code, strange.err.splitlines()[1]) == (5, "hint: end its name in .xlsx .yaml")


def test_a_task_list_becomes_a_template(house: House, tmp_path: Path) -> None:
    page = tmp_path / "RELEASING.md"
    page.write_text("# Release\n\n- [ ] Tag it\n- [ ] Tell them\n", encoding="utf-8")
    out = tmp_path / "releasing.yaml"
    made = house.done("checklist", "template", "import", page, "--out", out, "--json").json
    assert (made["id"], made["phases"], made["steps"]) == ("releasing", 1, 2)
    assert house.opskit("checklist", "template", "lint", out).code == 0
    found = house.opskit(*("checklist", "template", "import", page, "--out", out, "--lang", "it"))
    assert (found.code, found.err.splitlines()[1]) == (5, "hint: en, fr, en/fr, fr/en")


def test_a_report_without_runs_says_so(house: House, tmp_path: Path) -> None:
    file = tmp_path / "never-begun.yaml"
    file.write_text(
        SMALL.replace("id: small", "id: never-begun")
        .replace("license.valid", "contract.active")
        .replace("safe.ready", "safe.entry-exists"),
        encoding="utf-8",
    )
    house.done("checklist", "template", "publish", file)
    found = house.done("checklist", "template", "report", "never-begun")
    assert (found.out, found.err) == ("", "nothing to learn yet: never-begun has no runs\n")


def test_what_is_neither_file_nor_template(house: House, tmp_path: Path) -> None:
    for typed, code, told in [
        ("patch-preparatoin", 3, "did you mean patch-preparation?"),
        ("Was ist das?", 5, "give a file, or a name such as patch-preparation"),
        (tmp_path / "gone.yaml", 3, "opskit checklist template list"),
    ]:
        found = house.opskit("checklist", "template", "show", typed)
        assert found.code == code, found.err
        assert told in found.err
