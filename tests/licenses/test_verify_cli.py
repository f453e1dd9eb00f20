"""opskit license verify: a file, the public keys, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from licenses import armour, typedform
from licenses.keys import public_key_set
from licenses.reference import parse, reference_of
from tests.licenses.lifecycle import key_ring
from tests.licenses.ordering import approved
from tests.support.home import House, Result, run_opskit, sealed_environment


@pytest.fixture(scope="module")
def offline(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the public keys, and with neither a server nor a database; and two licences."""
    house.login("alice")
    folder = tmp_path_factory.mktemp("offline")
    plain = approved(house, valid_until="2040-12-31")
    house.done("license", "issue", plain, "--out", folder / "deleze.lic")
    low = approved(house, version_ceiling="12.3", maintenance_until="2026-01-01")
    house.done("license", "issue", low, "--out", folder / "low.lic")
    (folder / "license-keys.json").write_bytes(house.home.public_keys_file.read_bytes())
    house.login("alice")
    return folder


def verify(offline: Path, *words: object, file: str = "deleze.lic") -> Result:
    return run_opskit(offline, "license", "verify", offline / file, *words)


def signed_by(offline: Path) -> bytes:
    """What the vendor signed in `deleze.lic`."""
    return armour.unwrap((offline / "deleze.lic").read_bytes())[0]


def altered(offline: Path, tmp_path: Path, old: str, new: str) -> Path:
    text = (offline / "deleze.lic").read_text()
    assert old in text
    file = tmp_path / "altered.lic"
    file.write_text(text.replace(old, new))
    return file


def test_a_good_licence_without_server_and_database(offline: Path) -> None:
    result = verify(offline)
    assert (result.code, result.err) == (0, "")
    first, number, reference, *rest = result.out.splitlines()
    assert first == "valid"
    assert number.startswith("  Licence            L")
    assert parse(reference.removeprefix("  Reference")) == reference_of(signed_by(offline))
    assert rest.pop(6).startswith("  Valid from         20")
    assert rest == [
        "  Client number      20000",
        "  Kind               production",
        "  Product            ERP STANDARD",
        "  Modules            FIN AP AR",
        "  Named users        60",
        "  Concurrent users   0",
        "  Last usable day    2040-12-31",
        "  Maintenance until  2040-12-31",
        "  Up to version      any",
        "  Emergency codes    days each: 5",
        "  Not checked        product, kind, site, last sequence, ERP version, maintenance",
    ]
    assert sorted(each.name for each in offline.iterdir()) == [
        "deleze.lic",
        "license-keys.json",
        "low.lic",
    ]


def test_as_json(offline: Path) -> None:
    row = verify(offline, "--json").json
    assert row.pop("number").startswith("L")
    assert row.pop("valid_from")
    assert row.pop("issued_on")
    assert row.pop("sequence") > 0
    assert row.pop("reference") == str(reference_of(signed_by(offline)))
    assert row == {
        "verdict": "valid",
        "kind": "production",
        "key_id": 1,
        "client_number": 20000,
        "modules": ["FIN", "AP", "AR"],
        "named_users": 60,
        "concurrent_users": 0,
        "last_day": "2040-12-31",
        "maintenance_until": "2040-12-31",
        "version_ceiling": None,
        "emergency_days": 5,
        "unchecked": [
            "wrong-product",
            "wrong-kind",
            "wrong-site",
            "stale-sequence",
            "version-above-ceiling",
            "maintenance-lapsed",
        ],
        "untrue_headers": [],
    }


def test_what_was_given_is_checked(offline: Path) -> None:
    result = verify(offline, "--erp-version", "12.4", "--site", "ERP-PROD-7")
    assert result.out.endswith("  Not checked        product, kind, last sequence\n")
    row = verify(offline, "--erp-version", "12.4", "--json").json
    assert row["unchecked"] == ["wrong-product", "wrong-kind", "wrong-site", "stale-sequence"]


def test_a_maintenance_that_has_ended_is_noted(offline: Path) -> None:
    result = verify(offline, "--on", "2040-12-31", file="low.lic")
    assert result.code == 0
    assert result.err == "note: maintenance ended on 2026-01-01; later versions are not covered\n"


def test_from_stdin(offline: Path) -> None:
    content = (offline / "deleze.lic").read_bytes()
    words = ("license", "verify", "-")
    assert run_opskit(offline, *words, stdin=content).out == verify(offline).out
    refused = run_opskit(offline, *words, stdin="no licence")
    assert refused.code == 8
    assert refused.err.startswith("error[license-refused]: stdin: not-a-key: ")


def test_a_refusal_as_json(offline: Path) -> None:
    result = verify(offline, "--on", "2041-01-02", "--json")
    assert result.code == 8
    assert result.json == {
        "verdict": "refused",
        "reason": "expired",
        "detail": "last day 2040-12-31, grace days 0",
        "lines": [],
    }
    assert result.err.startswith("error[license-refused]: ")


def test_a_site_needs_a_name(offline: Path) -> None:
    result = verify(offline, "--site", "")
    assert (result.code, result.err) == (
        5,
        "error[invalid]: --site is empty\nhint: give the installation's name\n",
    )


def test_keys_from_a_file(offline: Path, tmp_path: Path) -> None:
    words = ("license", "verify", offline / "deleze.lic")
    missing = run_opskit(tmp_path, *words)
    assert missing.code == 3
    assert missing.err == (
        f"error[not-found]: cannot read {tmp_path}/license-keys.json: No such file or directory\n"
        "hint: opskit license keys publish writes the public keys\n"
    )
    assert run_opskit(tmp_path, *words, "--keys", offline / "license-keys.json").code == 0


@pytest.mark.parametrize(
    ("on", "code"), [("2040-12-31", 0), ("2041-01-02", 8), ("2030-06-15", 0), ("2026-01-01", 8)]
)
def test_on_another_day(offline: Path, on: str, code: int) -> None:
    assert verify(offline, "--on", on).code == code


def test_an_expired_licence_says_since_when(offline: Path) -> None:
    result = verify(offline, "--on", "2041-01-02")
    assert result.out == ""
    assert result.err == (
        f"error[license-refused]: {offline}/deleze.lic: expired: "
        "last day 2040-12-31, grace days 0\n"
        "hint: docs/spec/license-key-v1.md, section 5, explains expired\n"
    )


@pytest.mark.parametrize(
    ("version", "code", "reason"),
    [
        ("11.9", 0, ""),
        ("12.2", 0, ""),
        (
            "12.3",
            8,
            "maintenance-lapsed: maintenance until 2026-01-01, version 12.3 released on 2026",
        ),
        ("12.4", 8, "version-above-ceiling: up to version 12.3, not 12.4"),
        ("99.9", 3, "there is no version 99.9"),
    ],
)
def test_for_a_version(offline: Path, version: str, code: int, reason: str) -> None:
    result = verify(offline, "--erp-version", version, file="low.lic")
    assert result.code == code
    assert reason in result.err


def test_for_a_site_of_a_licence_that_is_bound_to_none(offline: Path) -> None:
    assert verify(offline, "--site", "ERP-PROD-7").code == 0


def test_an_altered_licence(offline: Path, tmp_path: Path) -> None:
    block = (offline / "deleze.lic").read_text().split("\n\n")[1]
    line = block.splitlines()[0]
    bent = line[:12] + ("A" if line[12] != "A" else "B") + line[13:]
    file = altered(offline, tmp_path, line, bent)
    result = verify(offline, file=str(file))
    assert (result.code, result.out) == (8, "")
    assert result.err == (
        f"error[license-refused]: {file}: bad-signature: altered, or not signed by the vendor\n"
        "hint: docs/spec/license-key-v1.md, section 5, explains bad-signature\n"
    )


@pytest.mark.parametrize("content", [b"", b"no licence", b"\xff\xfe\x00"])
def test_what_is_no_licence_at_all(offline: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.lic"
    file.write_bytes(content)
    result = verify(offline, file=str(file))
    assert result.code == 8
    assert f"{file}: not-a-key: " in result.err


def test_the_keys_of_somebody_else(offline: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(public_key_set(key_ring()).to_json())
    result = verify(offline, "--keys", keys)
    assert result.code == 8
    assert "bad-signature" in result.err


@pytest.mark.parametrize("content", ["", "[]", '{"keys": 1}', "no json"])
def test_keys_that_are_none(offline: Path, tmp_path: Path, content: str) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(content)
    result = verify(offline, "--keys", keys)
    assert result.code == 5
    assert result.err.startswith(f"error[invalid]: {keys}: ")
    assert result.err.endswith("hint: opskit license keys publish writes the file anew\n")


def test_a_file_that_is_not_there(offline: Path) -> None:
    result = verify(offline, file="nothing.lic")
    assert result.code == 3
    assert result.err == (
        f"error[not-found]: cannot read {offline}/nothing.lic: No such file or directory\n"
        "hint: a licence file, for example deleze.lic\n"
    )


def test_a_header_that_claims_more_than_was_signed(offline: Path, tmp_path: Path) -> None:
    file = altered(offline, tmp_path, "Named users: 60", "Named users: 9000")
    result = verify(offline, file=str(file))
    assert result.code == 0
    assert "  Named users        60\n" in result.out  # what was signed
    assert result.err == ("warning: the header Named users claims something that was not signed\n")
    assert verify(offline, "--json", file=str(file)).json["untrue_headers"] == ["Named users"]


def test_the_clients_name_may_be_anything(offline: Path, tmp_path: Path) -> None:
    file = altered(offline, tmp_path, "Client: Délèze Outillage SA", "Client: Deleze")
    assert verify(offline, file=str(file)).err == ""


def test_a_file_that_a_mail_programme_mangled(offline: Path, tmp_path: Path) -> None:
    file = tmp_path / "crlf.lic"
    file.write_bytes((offline / "deleze.lic").read_bytes().replace(b"\n", b"\r\n"))
    assert verify(offline, file=str(file)).code == 0


def test_with_the_server_of_the_home_stopped(own_house: House, offline: Path) -> None:
    own_house.done("local", "stop")
    own_house.home.database_file.rename(own_house.folder / "away.db")
    assert own_house.opskit("license", "verify", offline / "deleze.lic").code == 0
    assert own_house.opskit("license", "list").code == 7  # it is really away


def test_a_database_is_not_even_loaded(offline: Path) -> None:
    code = (
        "import sys; from opskit.__main__ import main\n"
        "try: main(['license', 'verify', 'deleze.lic'])\n"
        "except SystemExit as end: assert not end.code\n"
        "print([name for name in ('sqlalchemy', 'hvac') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=offline,
        env={**sealed_environment(), "OPSKIT_HOME": str(offline)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_cut_file_is_a_mangled_file(offline: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.lic"
    file.write_bytes(b"-----BEGIN")
    assert f"{file}: bad-armour: " in verify(offline, file=str(file)).err


def test_a_typed_key_is_verified_and_its_wrong_line_is_named(offline: Path, tmp_path: Path) -> None:
    typed = typedform.wrap(signed_by(offline))
    file = tmp_path / "typed.txt"
    file.write_text(typed.lower().replace("-", " "), "utf-8")
    assert verify(offline, file=str(file)).out == verify(offline).out
    lines = typed.splitlines()
    file.write_text("\n".join([*lines[:3], lines[3][:-1], *lines[4:]]), "utf-8")
    result = verify(offline, file=str(file))
    assert result.code == 8
    assert f"{file}: bad-typed-line: line 4 is wrong\n" in result.err
    assert verify(offline, "--json", file=str(file)).json["lines"] == [4]
    file.write_text("\n".join([*lines[:3], *lines[4:5]]), "utf-8")
    several = verify(offline, file=str(file))
    assert "line 4 is missing, or another stands in its place\n" in several.err


def test_a_licence_saved_in_another_encoding(offline: Path, tmp_path: Path) -> None:
    file = tmp_path / "latin.lic"
    file.write_bytes((offline / "deleze.lic").read_text("utf-8").encode("cp1252"))
    result = verify(offline, file=str(file))
    assert result.code == 8
    assert f"{file}: not-a-key: no licence key, or not saved as UTF-8\n" in result.err


def test_what_a_qr_code_holds(offline: Path, tmp_path: Path) -> None:
    file = tmp_path / "scanned.txt"
    file.write_text(typedform.qr_text(signed_by(offline)), "utf-8")
    assert verify(offline, file=str(file)).out == verify(offline).out


def test_a_reference_number_is_no_key(offline: Path, tmp_path: Path) -> None:
    file = tmp_path / "number.txt"
    file.write_text(f"{reference_of(signed_by(offline))}\n", "utf-8")
    assert "reference-not-a-key: a reference number" in verify(offline, file=str(file)).err
