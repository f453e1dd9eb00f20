"""opskit license deliver: what the client gets, and what the register remembers."""

from pathlib import Path

import pytest

from tests.licenses.ordering import approved
from tests.support.home import House


@pytest.fixture(scope="module")
def serial(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("key") / "a.lic"
    return house.done("license", "issue", approved(house, "BOSSHA"), "--out", out).out.strip()


@pytest.mark.parametrize("form", ["file", "typed"])
def test_what_is_delivered_is_verified(
    house: House, serial: str, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "licence"
    words = ("license", "deliver", serial, "--format", form, "--out", file, "--to", "Noah Beguin")
    said = house.done(*words).err
    assert f"{serial} is recorded as received by Noah Beguin" in said
    verified = house.done("license", "verify", file, "--json").json
    assert (verified["number"], verified["untrue_headers"]) == (serial, [])


def test_a_certificate_is_recorded_in_the_log(house: House, serial: str, tmp_path: Path) -> None:
    file = tmp_path / "licence.pdf"
    row = house.done(
        "license", "deliver", serial, "--format", "pdf", "--out", file, "--lang", "it", "--json"
    ).json
    assert file.read_bytes().startswith(b"%PDF-")
    assert row["received_by"]
    request = house.done("license", "show", serial, "--json").json["request"]
    assert house.done("license", "show", request, "--json").json["state"] == "delivered"
    events = house.done("audit", "list", "--client", "BOSSHA", "--json").json
    assert [each["action"] for each in events].count("license.delivered") >= 1


def test_what_cannot_be_delivered(house: House, serial: str, tmp_path: Path) -> None:
    file = tmp_path / "licence"
    assert house.opskit("license", "deliver", serial, "--format", "fax", "--out", file).code == 5
    assert house.opskit("license", "deliver", serial, "--lang", "rm", "--out", file).code == 5
    assert house.opskit("license", "deliver", serial, "--to", " ", "--out", file).code == 5
    assert house.opskit("license", "deliver", "L999999", "--out", file).code == 3
    assert not file.exists()


def test_a_delivered_licence_shows_as_such(house: House, serial: str, tmp_path: Path) -> None:
    house.done("license", "deliver", serial, "--out", tmp_path / "licence")
    shown = house.done("license", "show", serial, "--json").json
    assert shown["state"] == "delivered"
    listed = house.done("license", "list", "--client", "BOSSHA", "--json").json
    assert [row["state"] for row in listed if row["number"] == serial] == ["delivered"]
    assert "warning" not in house.done("license", "show", shown["request"]).err
