"""`opskit license keys`: a key is rotated, a spare takes over, nobody gets an unknown key."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from licenses.publickeys import PublicKeySet
from opskit.core.errors import ExitCode
from tests.licenses.ordering import approved, requested
from tests.support.faults import ask, detour, new_token
from tests.support.home import House
from tests.support.lesser_server import HangUpError, Refusal

SAMPLE = Path("opskit/core/catalog.yaml")
DENIED = b'{"errors":["permission denied"]}'
DELEZE = "11.9"  # the version that the client has


def states(house: House) -> dict[int, str]:
    rows = house.done("license", "keys", "list", "--json", as_user="alice").json
    return {row["key_id"]: row["state"] for row in rows}


def teach(house: House, version: str, *key_ids: int) -> None:
    """Say in the home's catalogue which keys a version knows."""
    own = house.home.catalog_file
    source = own if own.exists() else Path(__file__).parents[2] / SAMPLE
    catalog = yaml.safe_load(source.read_text(encoding="utf-8"))
    for each in catalog["versions"]:
        if each["number"] == version:
            each["license_keys"] = list(key_ids)
    own.write_text(yaml.safe_dump(catalog, allow_unicode=True), encoding="utf-8")


def issued(house: House, file: Path, **options: str) -> int:
    """A licence for DELEZE; the id of the key that signed it."""
    house.done("license", "issue", approved(house, **options), "--out", file, as_user="bob")
    return int(house.done("license", "verify", file, "--json").json["key_id"])


def events(house: House, action: str) -> list[Any]:
    found: list[Any] = house.done("audit", "list", "--action", action, "--json").json
    return found


def test_the_first_day(own_house: House, tmp_path: Path) -> None:
    house = own_house
    for name in ("a.lic", "b.lic"):  # the second takes the place of the first
        assert issued(house, tmp_path / name) == 1
    assert issued(house, tmp_path / "c.lic", kind="test") == 129
    assert house.done("license", "keys", "list", as_user="alice").out == "".join(
        f"{line}\t11.9 12.0 12.1 12.2 12.3 12.4\n"
        for line in (
            "1\tlicense-production\t1\tproduction temporary\tin-use\t2\t1",
            "101\tlicense-spare-1\t1\tproduction temporary\tspare\t0\t0",
            "111\tlicense-spare-2\t1\tproduction temporary\tspare\t0\t0",
            "129\tlicense-test\t1\ttest demo\tin-use\t1\t1",
        )
    )
    published = json.loads(house.home.public_keys_file.read_bytes())["keys"]
    assert [each["key_id"] for each in published] == [1, 101, 111, 129]
    for more in ((), ("--to-spare", "--yes")):
        refused = house.opskit("license", "keys", "rotate", *more, as_user="bob")
        assert (refused.code, refused.out) == (ExitCode.DENIED, "")
        assert refused.err.startswith("error[denied]: bob lacks the role admin\n")
    assert set(states(house)) == {1, 101, 111, 129}


def test_a_rotated_key_signs_once_the_version_knows_it(own_house: House, tmp_path: Path) -> None:
    house = own_house
    made = house.done("license", "keys", "rotate", as_user="alice")
    assert made.out == "2\n"
    assert made.err.splitlines() == [
        "key 2 is license-production, version 2",
        "it signs nothing for clients with ERP 11.9 12.0 12.1 12.2 12.3 12.4, which do not know it",
        "next: opskit license keys publish --out FILE; the next ERP release carries that file",
        "then add 2 to the license_keys of that version in catalog.yaml",
    ]
    assert states(house)[2] == "waiting"
    assert issued(house, tmp_path / "a.lic") == 1
    teach(house, DELEZE, 1, 2, 101, 111, 129)
    assert issued(house, tmp_path / "b.lic") == 2
    assert (states(house)[1], states(house)[2]) == ("in-use", "in-use")
    (event,) = events(house, "license.key-rotated")
    assert (event["subject"], event["after"]) == ("license-production", {"version": 2})

    number = approved(house)
    teach(house, DELEZE, 1, 101, 111, 129)  # it turned out to be an older build
    refused = house.opskit("license", "issue", number, "--out", tmp_path / "c.lic")
    hint = f"opskit license reject {number} --reason TEXT"
    assert (refused.code, refused.out) == (ExitCode.CONFLICT, "")
    assert refused.err == (
        f"error[key-unknown]: ERP {DELEZE} knows the keys 1 101 111 129, and not 2\n"
        f"hint: make another request, which gets another key; before that: {hint}\n"
    )
    assert not (tmp_path / "c.lic").exists()
    house.done(*hint.split()[1:-1], "another build", as_user="bob")
    assert issued(house, tmp_path / "c.lic") == 1

    teach(house, DELEZE, 101, 111)
    refused = house.opskit("license", "approve", requested(house), as_user="bob")
    assert refused.code == ExitCode.CONFLICT
    assert refused.err.startswith(
        f"error[key-unknown]: ERP {DELEZE} knows the keys 101 111, "
        "and what signs production licences is 1 2\n"
    )


def test_a_spare_takes_over_when_somebody_agrees(own_house: House, tmp_path: Path) -> None:
    house = own_house
    waiting = approved(house)
    rotate = ("license", "keys", "rotate", "--to-spare")
    assert house.opskit(*rotate, as_user="alice").code == ExitCode.USAGE
    wrong = house.opskit(*rotate, "--kind", "test", "--yes")
    assert wrong.err.startswith("error[usage]: there is no spare for test licences\n")
    assert states(house) == {1: "in-use", 101: "spare", 111: "spare", 129: "in-use"}

    rows = house.done(*rotate, "--yes", "--json").json
    assert [(row["key_id"], row["unknown_to"][:1]) for row in rows] == [(101, []), (2, [DELEZE])]
    assert states(house) == {
        1: "retired",
        2: "waiting",
        101: "in-use",
        111: "spare",
        129: "in-use",
    }
    stopped = house.opskit("license", "issue", waiting, "--out", tmp_path / "a.lic", as_user="bob")
    assert stopped.err.startswith("error[key-out-of-use]: the key 1 signs no more\n")
    assert issued(house, tmp_path / "a.lic") == 101
    assert issued(house, tmp_path / "b.lic", kind="temporary", valid_until="2040-01-31") == 101
    teach(house, DELEZE, 1, 2, 101, 111, 129)
    assert issued(house, tmp_path / "c.lic") == 2
    house.done("license", "register", "verify", as_user="alice")
    house.done("vault", "provision", "--check")
    house.done("license", "export", "--format", "json", "--out", tmp_path / "register.json")
    register = json.loads((tmp_path / "register.json").read_bytes())
    assert [each["key_id"] for each in register] == [2, 101, 101]
    (event,) = events(house, "license.spare-opened")
    assert event["after"] == {"version": 2, "spare": "license-spare-1", "before": None}


def test_a_misused_key_is_left_out_of_what_the_next_release_gets(
    house: House, tmp_path: Path
) -> None:
    publish = ("license", "keys", "publish")
    file, other = tmp_path / "next.json", tmp_path / "other.json"
    made = house.done(*publish, "--without", 1, "--without", 129, "--out", file, "--json").json
    assert made == {"file": str(file), "key_ids": [101, 111]}
    assert [key.key_id for key in PublicKeySet.from_json(file.read_bytes()).keys] == [101, 111]
    assert house.opskit(*publish, "--without", 1).code == ExitCode.USAGE
    unknown = house.opskit(*publish, "--without", 77, "--out", other)
    assert unknown.err.startswith("error[not-found]: no key has the id 77\n")
    everything = [word for key in states(house) for word in ("--without", key)]
    assert house.opskit(*publish, *everything, "--out", other).code == ExitCode.INVALID
    assert not other.exists()


def test_an_interrupted_take_over_is_finished(own_house: House) -> None:
    """The connection breaks between stopping the old key and opening the spare."""
    house = own_house

    def hang_up(_method: str, path: str) -> None:
        if "license-spare-1/soft-delete-restore" in path:
            raise HangUpError

    rotate = ("license", "keys", "rotate", "--to-spare", "--yes")
    with detour(house, hang_up):
        assert house.opskit(*rotate, as_user="alice").code == ExitCode.UNAVAILABLE
    assert states(house) == {
        1: "retired",
        2: "waiting",
        101: "spare",
        111: "spare",
        129: "in-use",
    }
    said = house.opskit("doctor")
    assert said.code == ExitCode.CHECK_FAILED
    assert "license.spare-open license-production, begun" in said.out
    for other in (rotate, rotate[:3]):
        assert house.opskit(*other).err == (
            "error[conflict]: a rotation was interrupted, or goes on now\n"
            "hint: opskit doctor --repair\n"
        )
    house.done("doctor", "--repair")
    assert states(house)[101] == "in-use"
    assert len(events(house, "license.spare-opened")) == 1

    house.done(*rotate)
    assert states(house) == {
        1: "retired",
        2: "retired",
        3: "waiting",
        101: "retired",
        111: "in-use",
        129: "in-use",
    }
    assert house.opskit(*rotate).err == (
        "error[conflict]: no spare is left\nhint: opskit license keys rotate --kind production\n"
    )
    assert 4 not in states(house)
    house.done("audit", "verify")


def test_a_take_over_that_was_refused_half_way_is_finished(own_house: House) -> None:
    """The old key is stopped already, which somebody has to know."""
    house = own_house

    def refuse(place: str) -> Refusal:
        return lambda _method, path: (403, DENIED) if place in path else None

    rotate = ("license", "keys", "rotate", "--to-spare", "--yes")
    with detour(house, refuse("license-production/rotate")):
        assert house.opskit(*rotate, as_user="alice").code == ExitCode.DENIED
    house.done("doctor")  # nothing was done, and nothing is to be finished
    with detour(house, refuse("license-spare-1/soft-delete-restore")):
        assert house.opskit(*rotate).code == ExitCode.DENIED
    assert (states(house)[1], states(house)[101]) == ("retired", "spare")
    assert "license.spare-open license-production, begun" in house.opskit("doctor").out
    house.done("doctor", "--repair")
    assert states(house)[101] == "in-use"
    assert len(events(house, "license.spare-opened")) == 1


@pytest.mark.parametrize("arrived", [False, True], ids=["never arrived", "answer was lost"])
def test_an_interrupted_rotation_is_finished_and_made_once(
    own_house: House, *, arrived: bool
) -> None:
    house, path = own_house, "v1/transit/keys/license-test/rotate"

    def hang_up(_method: str, asked: str) -> None:
        if asked.endswith(path):
            raise HangUpError

    with detour(house, hang_up):
        result = house.opskit("license", "keys", "rotate", "--kind", "demo", as_user="alice")
    assert result.code == ExitCode.UNAVAILABLE
    if arrived:
        ask(house, new_token(house), "POST", path, {})
    house.done("doctor", "--repair")
    assert (states(house)[130], 131 in states(house)) == ("waiting", False)
    assert len(events(house, "license.key-rotated")) == 1
