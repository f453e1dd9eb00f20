"""Reading kdbx 4, and kdbx 3 as somebody else wrote it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opskit.core.errors import ExitCode
from opskit.core.secret import Secret
from tests.support.keepass_files import CHANGED, Sample, write_kdbx3, write_kdbx4
from tests.vault.importing.samples import GROUPS, NASTY, OVPN, PASSWORD, SEED
from vault.importing.errors import UnreadableFileError
from vault.importing.keepass import KeePassFile, WrongKeyError, open_keepass
from vault.importing.records import Leftover, Record

Write = Callable[..., Path]
writers = pytest.mark.parametrize("write", [write_kdbx4, write_kdbx3])


def opened(path: Path, password: str = PASSWORD, key: bytes | None = None) -> KeePassFile:
    return open_keepass(path, password=Secret(password) if password else None, key=key)


def records(source: KeePassFile) -> dict[str, Record]:
    found = list(source)
    assert [each for each in found if isinstance(each, Leftover)] == []
    return {each.title: each for each in found if isinstance(each, Record)}


@writers
def test_all_that_an_entry_holds_is_read(write: Write, tmp_path: Path) -> None:
    source = opened(write(tmp_path / "a.kdbx", GROUPS, password=PASSWORD))
    found = records(source)
    assert (sorted(found), source.skipped) == (["DB", "RDP", "VPN PROD"], 1)
    vpn = found["VPN PROD"]
    assert vpn.group == ("DELEZE - Délèze Outillage SA", "PROD")
    assert vpn.password is not None
    assert vpn.password.reveal() == NASTY
    assert vpn.note is not None
    assert vpn.note.reveal() == 'Compte "admin",\nne pas supprimer'
    assert vpn.totp is not None
    assert vpn.totp.reveal() == f"otpauth://totp/x?secret={SEED}&digits=8"
    assert {(f.name, f.value.reveal(), f.protected) for f in vpn.fields} == {
        ("PIN", "5231", True),
        ("Jump host", "jump.deleze.example", False),
    }
    assert [(each.name, each.content) for each in vpn.files] == [("client.ovpn", OVPN)]
    assert (vpn.tags, vpn.modified, vpn.expires) == (("vpn", "Service clients"), CHANGED, None)
    assert found["RDP"].totp is not None
    assert found["RDP"].totp.reveal() == SEED
    assert found["RDP"].fields == ()


def test_it_can_be_gone_through_twice(tmp_path: Path) -> None:
    source = opened(write_kdbx4(tmp_path / "a.kdbx", GROUPS, password=PASSWORD))
    assert [each.title for each in source] == [each.title for each in source]


def test_the_recycle_bin_is_known_by_its_id_too(tmp_path: Path) -> None:
    groups = {"A": [Sample("kept")], "Trash": [Sample("gone")], "Trash/deeper": [Sample("gone")]}
    path = write_kdbx4(tmp_path / "a.kdbx", groups, password="x", recycled="Trash")
    source = opened(path, "x")
    assert (list(records(source)), source.skipped) == (["kept"], 2)


def test_an_expiry_is_the_day_on_the_clock_here(tmp_path: Path) -> None:
    moment = datetime(2027, 12, 31, 22, tzinfo=UTC)
    path = write_kdbx4(tmp_path / "a.kdbx", {"A": [Sample("t", expires=moment)]}, password="x")
    assert records(opened(path, "x"))["t"].expires == moment.astimezone().date()


def test_a_reference_to_another_entry_is_followed(tmp_path: Path) -> None:
    main = Sample("main", username="SYSTEM", password="p", uuid=bytes(range(16)))
    there = main.uuid.hex().upper()
    lost = bytes(16).hex()
    groups = {
        "A": [
            main,
            Sample("twin", username=f"{{REF:U@I:{there}}}", password=f"{{REF:P@I:{there}}}"),
            Sample("lost", password=f"{{REF:P@I:{lost}}}"),
            Sample("strange", password="{REF:P@T:main}"),
        ]
    }
    found = list(opened(write_kdbx4(tmp_path / "a.kdbx", groups, password="x"), "x"))
    twin = found[1]
    assert isinstance(twin, Record)
    assert twin.password is not None
    assert (twin.username, twin.password.reveal()) == ("SYSTEM", "p")
    assert [type(each) for each in found[2:]] == [Leftover, Leftover]


def test_a_circle_of_references_ends(tmp_path: Path) -> None:
    one, two = bytes(range(16)), bytes(range(1, 17))
    groups = {
        "A": [
            Sample("a", password=f"{{REF:P@I:{two.hex()}}}", uuid=one),
            Sample("b", password=f"{{REF:P@I:{one.hex()}}}", uuid=two),
        ]
    }
    source = opened(write_kdbx4(tmp_path / "a.kdbx", groups, password="x"), "x")
    assert [type(each) for each in source] == [Leftover, Leftover]


@writers
def test_a_wrong_password_is_told(write: Write, tmp_path: Path) -> None:
    path = write(tmp_path / "a.kdbx", GROUPS, password=PASSWORD)
    with pytest.raises(WrongKeyError) as caught:
        opened(path, "wrong-s3cret")
    assert caught.value.exit_code is ExitCode.INVALID
    assert "wrong-s3cret" not in caught.value.message + caught.value.hint
    assert caught.value.__cause__ is None


@writers
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_told(write: Write, tmp_path: Path, share: float) -> None:
    path = write(tmp_path / "a.kdbx", GROUPS, password=PASSWORD)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnreadableFileError):
        list(opened(path))


def test_one_altered_byte_is_noticed(tmp_path: Path) -> None:
    path = write_kdbx4(tmp_path / "a.kdbx", GROUPS, password=PASSWORD)
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        opened(path)


def test_a_key_file_opens_it_alone_or_with_a_password(tmp_path: Path) -> None:
    key = b"any file can be a key"
    alone = write_kdbx3(tmp_path / "a.kdbx", GROUPS, password="", key=key)
    both = write_kdbx3(tmp_path / "b.kdbx", GROUPS, password=PASSWORD, key=key)
    assert records(opened(alone, "", key))
    assert records(opened(both, PASSWORD, key))
    for wrong in ("", PASSWORD):
        with pytest.raises(WrongKeyError):
            opened(both, wrong, None if wrong else key)
