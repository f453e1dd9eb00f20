"""Files that were given as evidence and are no more turn their steps red."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.models import EvidenceFile, Run
from opskit.checklists.templates import load_template
from opskit.core.events import Event
from tests.checklists.samples import ALICE, AT, BOB, ON, SMALL, start_small

FILES = (
    SMALL.replace("needs: [license, note]\n    evidence: value", "evidence: file")
    + "    evidence: file\n"
)


@pytest.fixture
def run(session: Session) -> Run:
    return start_small(session, template=load_template(FILES, "small.yaml"))


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "log.txt").write_text("84 GB")
    return folder


def give(session: Session, run: Run, answer: str, shares: dict[str, Path] | None = None) -> None:
    services.tick(
        session,
        run=run,
        key="backup",
        answer=answer,
        ticket=None,
        on=ON,
        at=AT,
        actor=ALICE,
        shares=shares or {},
    )


NOTHING = services.Looked({}, {}, {}, frozenset())


def gone(run: Run, key: str) -> services.Looked:
    """Somebody has looked, and the file that the step has now was not there."""
    digest = services.find_step(run, key).evidence_digest
    return services.Looked({key: "gone"}, {}, {key: digest}, frozenset())


def test_what_is_there_is_not_lost(session: Session, run: Run, share: Path) -> None:
    give(session, run, "backups:log.txt", {"backups": share})
    looked = services.look_at_evidence(session, run, {"backups": share})
    assert (looked.lost, looked.unseen) == ({}, {})


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda file: file.unlink(), "cannot read {file}: No such file or directory"),
        (lambda file: file.write_text("85 GB"), "backups:log.txt is another file by now"),
    ],
)
def test_a_file_on_a_share_vanishes_or_changes(
    session: Session, run: Run, share: Path, harm: object, reason: str
) -> None:
    give(session, run, "backups:log.txt", {"backups": share})
    file = share / "log.txt"
    assert callable(harm)
    harm(file)
    looked = services.look_at_evidence(session, run, {"backups": share})
    assert looked.lost == {"backup": reason.format(file=file.resolve())}
    (step,) = services.enter_looked(session, run=run, looked=looked, at=AT, actor=BOB)
    assert (step.state, step.proof, step.failures) == ("failed", looked.lost["backup"], 1)
    event = session.query(Event).order_by(Event.id.desc()).first()
    assert event is not None
    assert (event.action, event.subject) == ("patch.evidence-lost", f"{run.name}/backup")
    assert event.before == {"state": "done", "evidence": step.evidence_digest}


def test_a_share_out_of_reach_proves_nothing(session: Session, run: Run, share: Path) -> None:
    give(session, run, "backups:log.txt", {"backups": share})
    for shares in ({}, {"backups": share / "elsewhere"}):
        looked = services.look_at_evidence(session, run, shares)
        assert looked.lost == {}
        assert looked.unseen == {"backup": "the share backups is out of reach"}


def test_a_kept_file_that_somebody_deleted(session: Session, run: Run, share: Path) -> None:
    give(session, run, str(share / "log.txt"))
    assert services.look_at_evidence(session, run, {}).lost == {}
    session.execute(delete(EvidenceFile))
    assert services.look_at_evidence(session, run, {}).lost == {
        "backup": "log.txt is no longer kept"
    }


def test_a_file_that_is_back_turns_its_step_green_again(
    session: Session, run: Run, share: Path
) -> None:
    shares = {"backups": share}
    give(session, run, "backups:log.txt", shares)
    content = (share / "log.txt").read_bytes()
    for harm in ((share / "log.txt").unlink, lambda: (share / "log.txt").write_bytes(content)):
        harm()
        looked = services.look_at_evidence(session, run, shares)
        (step,) = services.enter_looked(session, run=run, looked=looked, at=AT, actor=BOB)
    assert (step.state, step.proof, step.answer) == ("done", None, "backups:log.txt")
    event = session.query(Event).order_by(Event.id.desc()).first()
    assert event is not None
    assert event.action == "patch.evidence-back"
    assert services.enter_looked(session, run=run, looked=looked, at=AT, actor=BOB) == []


def test_a_red_step_takes_the_file_again(session: Session, run: Run, share: Path) -> None:
    give(session, run, str(share / "log.txt"))
    services.enter_looked(session, run=run, looked=gone(run, "backup"), at=AT, actor=BOB)
    give(session, run, str(share / "log.txt"))
    (step,) = (each for each in run.steps if each.key == "backup")
    assert (step.state, step.proof) == ("done", None)


def test_who_gave_another_file_meanwhile_keeps_it(session: Session, run: Run, share: Path) -> None:
    give(session, run, str(share / "log.txt"))
    looked = gone(run, "backup")
    services.reopen(session, run=run, key="backup", reason="lost", at=AT, actor=ALICE)
    (share / "other.txt").write_text("the backup of today")
    give(session, run, str(share / "other.txt"))
    assert services.enter_looked(session, run=run, looked=looked, at=AT, actor=BOB) == []


def test_a_step_that_changed_meanwhile_is_left_alone(
    session: Session, run: Run, share: Path
) -> None:
    give(session, run, str(share / "log.txt"))
    services.reopen(session, run=run, key="backup", reason="no", at=AT, actor=ALICE)
    assert (
        services.enter_looked(session, run=run, looked=gone(run, "backup"), at=AT, actor=BOB) == []
    )
    assert services.enter_looked(session, run=run, looked=NOTHING, at=AT, actor=BOB) == []


def test_a_submitted_file_turns_red_too(session: Session, run: Run, share: Path) -> None:
    for key in ("license", "rerun"):
        services.waive(session, run=run, key=key, reason="none", at=AT, actor=BOB)
    words: dict[str, Any] = {
        "answer": str(share / "log.txt"),
        "ticket": None,
        "on": ON,
        "at": AT,
    }
    services.tick(session, run=run, key="go", actor=ALICE, **words)
    (go,) = (each for each in run.steps if each.key == "go")
    assert go.state == "submitted"
    services.enter_looked(session, run=run, looked=gone(run, "go"), at=AT, actor=BOB)
    assert go.state == "failed"
