import hashlib
import os
from pathlib import Path

import pytest

from opskit.checklists.errors import EvidenceError
from opskit.checklists.evidence import LARGEST, Given, accept, digest_on_share, shares_of
from opskit.checklists.templates import Evidence
from opskit.core.errors import InvalidError, NotFoundError


@pytest.mark.parametrize(
    ("evidence", "answer", "expected"),
    [
        (Evidence.NONE, None, None),
        (Evidence.NONE, "  ", None),
        (Evidence.NONE, " a note ", "a note"),
        (Evidence.TEXT, "agreed with Ms Beguin", "agreed with Ms Beguin"),
        (Evidence.VALUE, "240 GB", "240 GB"),
        (Evidence.LINK, "https://wiki.example/plan", "https://wiki.example/plan"),
    ],
)
def test_what_is_accepted(evidence: Evidence, answer: str | None, expected: str | None) -> None:
    assert accept(evidence, answer, shares={}) == Given(expected)


@pytest.mark.parametrize("evidence", [each for each in Evidence if each is not Evidence.NONE])
@pytest.mark.parametrize("answer", [None, "", " \n"])
def test_demanded_evidence_must_be_given(evidence: Evidence, answer: str | None) -> None:
    with pytest.raises(EvidenceError, match=f"demands evidence: {evidence}") as caught:
        accept(evidence, answer, shares={})
    assert "--answer " in caught.value.hint


@pytest.mark.parametrize("answer", ["wiki/plan", "javascript:alert(1)", "ftp://x"])
def test_a_link_is_a_web_address(answer: str) -> None:
    with pytest.raises(EvidenceError, match="is no link"):
        accept(Evidence.LINK, answer, shares={})


def test_a_file_is_kept_with_its_name_and_digest(tmp_path: Path) -> None:
    path, content = tmp_path / "sauvegarde été.log", b"done 22:14"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    given = accept(Evidence.FILE, str(path), shares={})
    assert given == Given("sauvegarde été.log", digest, content)


def test_ten_megabytes_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "dump.bin"
    path.write_bytes(bytes(LARGEST))
    assert accept(Evidence.FILE, str(path), shares={}).content == bytes(LARGEST)
    path.write_bytes(bytes(LARGEST + 1))
    with pytest.raises(EvidenceError, match="larger than 10 MB") as caught:
        accept(Evidence.FILE, str(path), shares={"backups": tmp_path})
    assert "--answer backups:PATH" in caught.value.hint


@pytest.mark.parametrize(
    "typed", ["backups:2027/a.log", "backups: /2027/a.log", "backups:2027\\a.log"]
)
def test_a_file_on_a_share_stays_there(tmp_path: Path, typed: str) -> None:
    (tmp_path / "2027").mkdir()
    (tmp_path / "2027" / "a.log").write_bytes(b"done")
    digest = hashlib.sha256(b"done").hexdigest()
    given = accept(Evidence.FILE, typed, shares={"backups": tmp_path})
    assert given == Given("backups:2027/a.log", digest)
    assert digest_on_share("backups:2027/a.log", {"backups": tmp_path}) == digest
    (tmp_path / "2027" / "a.log").unlink()
    with pytest.raises(NotFoundError, match="cannot read"):
        digest_on_share("backups:2027/a.log", {"backups": tmp_path})


def test_no_path_leads_out_of_a_share(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "share" / "link").symlink_to(tmp_path / "secret")
    for typed in ("s:../secret", "s:link", "s:/../secret"):
        with pytest.raises(EvidenceError, match="leads out of the share"):
            accept(Evidence.FILE, typed, shares={"s": tmp_path / "share"})


def test_the_setting_names_shares() -> None:
    assert shares_of("") == {}
    assert shares_of(" a=/mnt/a ; b = /mnt/b;") == {"a": Path("/mnt/a"), "b": Path("/mnt/b")}
    for wrong in ("backups", "a=mnt", "a b=/mnt"):
        with pytest.raises(InvalidError, match="is no named share"):
            shares_of(wrong)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """Whoever opened it would wait for ever, and everybody else for them."""
    os.mkfifo(tmp_path / "pipe")
    for typed in (str(tmp_path / "pipe"), "s:pipe", "/dev/null"):
        with pytest.raises(NotFoundError, match="it is no ordinary file"):
            accept(Evidence.FILE, typed, shares={"s": tmp_path})


def test_a_file_must_be_readable(tmp_path: Path) -> None:
    for unreadable in (tmp_path, tmp_path / "missing.log"):
        with pytest.raises(NotFoundError, match="cannot read"):
            accept(Evidence.FILE, str(unreadable), shares={})
