"""Another path, another mentor, many at once, paths as files: as typed."""

import shutil
from itertools import count
from pathlib import Path

import pytest

from opskit.checklists.templates import load_template
from tests.support.home import DATA, House

START = "2035-12-03"  # a Monday
LAYER = """\
layer: neuchatel
kind: site
version: 1
title: {fr: Neuchâtel, en: Neuchâtel}
canton: NE
steps:
  - key: lake
    text: {fr: Vue sur le lac, en: View of the lake}
    phase: week-1
    owner: mentor
    due: +5bd
    needs: [accounts]
"""
_letters = (f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in count())


@pytest.fixture(autouse=True)
def _staff(house: House, tmp_path: Path) -> None:
    house.done("staff", "import", shutil.copy(DATA / "staff.csv", tmp_path))


@pytest.fixture
def name() -> str:
    return f"Léo Tissot-{next(_letters).capitalize()}"


def start(house: House, name: str, *, mentor: str = "echatriant0") -> str:
    words = ("--pole", "back-office", "--site", "sonceboz", "--module", "remote")
    started = house.done("onboarding", "start", name, *words, "--start", START, "--mentor", mentor)
    return started.out.strip()


def test_switching_the_pole_is_shown_first(house: House, name: str) -> None:
    number = start(house, name)
    house.done("onboarding", "tick", number, "mentor", "--answer", "Ethan")
    tried = house.done("onboarding", "switch-pole", name, "--pole", "logistics", "--dry-run")
    assert tried.err == "steps that stay as they are: 33\n"
    first = "Items and stock movements practised in the demo company"
    assert tried.out.splitlines()[0] == f"added\t16\t{first}"
    assert tried.out.splitlines()[-1].startswith("removed\t")
    words = ("--pole", "logistics", "--reason", "short of people")
    asked = house.opskit("onboarding", "switch-pole", name, *words)
    assert asked.code == 2
    done = house.done("onboarding", "switch-pole", name, *words, "--yes")
    assert done.err.splitlines()[-1] == (f"{number} follows path-logistics-sonceboz-remote/2 now")
    page = house.done("onboarding", "show", name, "--json").json
    assert (page["path"], page["done"], page["modules"]) == (
        "path-logistics-sonceboz-remote", 1, ["remote"],
    )  # fmt: skip
    person = house.done("staff", "show", name, "--json").json
    assert person["pole"] == "logistics"
    same = house.opskit("onboarding", "switch-pole", name, *words, "--yes")
    assert same.err.startswith(f"error[conflict]: {number} follows path-logistics-sonceboz-remote")


def test_upgrade_follows_what_the_team_published(house: House, name: str, tmp_path: Path) -> None:
    """The path is composed, edited as a file, and published as a later version."""
    words = ("--pole", "back-office", "--site", "lausanne", "--module", "on-call")
    number = house.done(
        "onboarding", "start", name, *words, "--start", START, "--mentor", "echatriant0"
    ).out.strip()
    none = house.done("onboarding", "upgrade", number)
    assert none.err == f"{number} follows path-back-office-lausanne-on-call/2 already\n"
    file = tmp_path / "path.yaml"
    composed = house.done("onboarding", "path", "compose", *words, "--out", file)
    assert composed.err.splitlines()[:2] == [
        f"path-back-office-lausanne-on-call/2 is in {file}, steps: 37, phases: 6",
        f"to publish it: opskit checklist template publish {file}",
    ]
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("version: 2\n", "version: 3\n").replace("Badge handed", "Badge given")
    )
    house.done("checklist", "template", "publish", file)
    house.done("onboarding", "upgrade", number, "--yes")
    page = house.done("onboarding", "show", number, "--json").json
    assert page["template"] == "path-back-office-lausanne-on-call/3"
    other = house.done(
        "onboarding", "start", f"{name}-b", *words, "--start", START, "--mentor", "echatriant0"
    ).out.strip()
    assert house.done("onboarding", "show", other, "--json").json["template"].endswith("/3")


def test_a_layer_of_the_teams_own(house: House, name: str, tmp_path: Path) -> None:
    layer, out = tmp_path / "neuchatel.yaml", tmp_path / "path.yaml"
    layer.write_text(LAYER, encoding="utf-8")
    words = ("path", "compose", "--pole", "logistics", "--layer", layer, "--out", out)
    row = house.done("onboarding", *words, "--json").json
    assert (row["id"], row["steps"]) == ("path-logistics-neuchatel", 33)
    again = house.done("onboarding", *words)
    assert again.err.splitlines()[0] == f"{out} holds this already"
    house.done("checklist", "template", "publish", out)
    house.done(
        *("onboarding", "start", name, "--path", "path-logistics-neuchatel"),
        *("--start", "2027-02-22", "--mentor", "echatriant0"),
    )
    page = house.done("onboarding", "show", name, "--json").json
    (lake,) = (each["due_on"] for each in page["steps"] if each["step"] == "lake")
    # The first of March is a holiday in Neuchâtel, and in no other canton.
    assert (page["pole"], lake) == ("logistics", "2027-03-02")
    assert name in {
        each["name"]
        for each in house.done("onboarding", "list", "--pole", "logistics", "--json").json
    }
    alone = house.opskit("checklist", "template", "publish", layer)
    assert (alone.code, alone.err.splitlines()[0].partition(":")[0]) == (
        5, "error[template-invalid]",
    )  # fmt: skip
    layer.write_text(LAYER.replace("[accounts]", "[account]"), encoding="utf-8")
    refused = house.opskit("onboarding", *words)
    assert (refused.code, refused.err) == (
        5,
        (
            "error[layer-invalid]: layer neuchatel, lake: account is unknown, "
            "did you mean accounts, planning-and-count?\n"
            "hint: mend that place; docs/onboarding/paths.md explains layers\n"
        ),
    )


def test_a_long_task_list_becomes_a_path(house: House, name: str, tmp_path: Path) -> None:
    source = Path(__file__).parent / "task_list.md"
    out = tmp_path / "path-support.yaml"
    said = house.done("onboarding", "path", "import", source, "--out", out)
    assert said.err.splitlines()[:2] == [
        f"path-support/1 is in {out}, steps: 50, phases: 7",
        f"to publish it: opskit checklist template publish {out}",
    ]
    path = load_template(out.read_text(encoding="utf-8"), out.name)
    assert (path.anchor, len({step.owner for step in path.steps})) == ("start-date", 4)
    house.done("checklist", "template", "publish", out)
    number = house.done(
        *("onboarding", "start", name, "--path", "path-support"),
        *("--start", START, "--mentor", "echatriant0"),
    ).out.strip()
    assert house.done("onboarding", "show", number, "--json").json["total"] == 50


def test_handing_over(house: House, name: str) -> None:
    first, second = (
        start(house, name, mentor="dbonvin4"),
        start(house, f"{name}-b", mentor="dbonvin4"),
    )
    asked = house.opskit("onboarding", "hand-over", "dbonvin4", "lbonvin17")
    assert asked.code == 2
    one = house.done("onboarding", "hand-over", "dbonvin4", "lbonvin17", name, "--yes")
    mentor = house.done("staff", "show", "lbonvin17", "--json").json["name"]
    assert one.out == f"{first}\t{name}\t{mentor}\n"
    assert one.err.startswith(f"newcomers whom {mentor} goes along with now: ")
    rest = house.done("onboarding", "hand-over", "dbonvin4", "lbonvin17", "--yes", "--json").json
    assert [(each["number"], each["steps"]) for each in rest] == [(second, 0)]
    for words in (("lbonvin17", "lbonvin17"), ("dbonvin4", "lbonvin17", name)):
        same = house.done("onboarding", "hand-over", *words)  # nothing is asked
        told = f"{mentor} is their mentor already; nothing changes\n"
        assert (same.out, same.err) == ("", told)
    nobody = house.opskit("onboarding", "hand-over", "dbonvin4", "lbonvin17", "--yes")
    assert (nobody.code, nobody.err.splitlines()[1]) == (3, "hint: opskit onboarding list")


HEAD = "name;pole;site;modules;start;mentor\n"


def test_a_table_of_newcomers(house: House, name: str, tmp_path: Path) -> None:
    file = tmp_path / "newcomers.csv"
    rows = [
        f"{name};back-office;sonceboz;on-call;{START};echatriant0",
        f"{name}-b;logistics;lausanne;;{START};Ethan Chatriant",
        f"{name}-c;logistics;lausane;;{START};echatriant0",
    ]
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    tried = house.opskit("onboarding", "start", "--file", file, "--dry-run")
    assert (tried.code, tried.out) == (5, "2 added, 0 changed, 0 unchanged, 1 rejected\n")
    assert tried.err.splitlines()[:2] == [
        f"{file}:4: path: there is no site 'lausane'",
        "this was a trial; nothing was stored",
    ]
    assert name not in house.done("onboarding", "list").out
    done = house.opskit("onboarding", "start", "--file", file, "--json")
    assert done.code == 5
    assert (len(done.json["numbers"]), done.json["added"]) == (2, [name, f"{name}-b"])
    rejected = tmp_path / "newcomers.rejected.csv"
    assert rejected.read_text(encoding="utf-8") == f"{HEAD}{rows[2]}\n"
    rejected.write_text(rejected.read_text().replace("lausane", "lausanne"), encoding="utf-8")
    mended = house.done("onboarding", "start", "--file", rejected)
    assert mended.out == "1 added, 0 changed, 0 unchanged, 0 rejected\n"
    file.write_text(HEAD + "\n".join(rows[:2]) + "\n", encoding="utf-8")
    again = house.done("onboarding", "start", "--file", file)
    assert (again.out, again.err) == (
        "0 added, 0 changed, 2 unchanged, 0 rejected\n", "every row was known already\n",
    )  # fmt: skip


def test_who_may_not_start_many(house: House, tmp_path: Path) -> None:
    file = tmp_path / "newcomers.csv"
    file.write_text(HEAD + f"A B;logistics;;;{START};echatriant0\n", encoding="utf-8")
    denied = house.opskit("onboarding", "start", "--file", file, as_user="bob")
    assert denied.code == 6
    assert denied.err.startswith("error[denied]: bob lacks the role manager or admin\n")
