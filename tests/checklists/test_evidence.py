import hashlib
from pathlib import Path

import pytest

from opskit.checklists.errors import EvidenceError
from opskit.checklists.evidence import Given, accept
from opskit.checklists.templates import Evidence
from opskit.core.errors import NotFoundError


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
    assert accept(evidence, answer) == Given(expected)


@pytest.mark.parametrize("evidence", [each for each in Evidence if each is not Evidence.NONE])
@pytest.mark.parametrize("answer", [None, "", " \n"])
def test_demanded_evidence_must_be_given(evidence: Evidence, answer: str | None) -> None:
    with pytest.raises(EvidenceError, match=f"demands evidence: {evidence}") as caught:
        accept(evidence, answer)
    assert "--answer " in caught.value.hint


@pytest.mark.parametrize("answer", ["wiki/plan", "javascript:alert(1)", "ftp://x"])
def test_a_link_is_a_web_address(answer: str) -> None:
    with pytest.raises(EvidenceError, match="is no link"):
        accept(Evidence.LINK, answer)


def test_a_file_is_kept_as_its_name_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "sauvegarde été.log"
    path.write_bytes(b"done 22:14")
    digest = hashlib.sha256(b"done 22:14").hexdigest()
    assert accept(Evidence.FILE, str(path)) == Given("sauvegarde été.log", f"sha256:{digest}")


def test_a_file_must_be_readable(tmp_path: Path) -> None:
    for unreadable in (tmp_path, tmp_path / "missing.log"):
        with pytest.raises(NotFoundError, match="cannot read"):
            accept(Evidence.FILE, str(unreadable))
