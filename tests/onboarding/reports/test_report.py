"""The report, as its readers see it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from onboarding.boards.board import board
from onboarding.boards.standing import Course
from onboarding.models import ConsultantState
from onboarding.privacy.seeing import View, narrowed_to, require_overseer, view_of
from onboarding.reports.agenda import agenda_of
from onboarding.reports.gathering import gather
from onboarding.reports.languages import LANGUAGES
from onboarding.reports.report import report
from onboarding.reviews.holding import decide, open_folder
from onboarding.reviews.models import ReviewNote, Verdict
from onboarding.services import Walk
from onboarding.skills.people import find_learner
from onboarding.skills.rating import Judgement, rate
from opskit.checklists import services as checklists
from opskit.checklists.printing.content import Paper
from opskit.checklists.printing.forms import Form, written
from opskit.core.errors import DeniedError
from opskit.core.identity import Identity
from opskit.staff.models import PersonState
from tests.onboarding.walkers import AT, START, person, settle_until, walk
from tests.support.pdf import read_pdf

ON = START + timedelta(days=40)
CAMILLE = Identity("e-cperret", "cperret", frozenset({"consultant"}))
MARIA = Identity("e-mruiz", "mruiz", frozenset({"agent"}))
PAUL = Identity("e-prey", "prey", frozenset({"agent"}))
BOSS = Identity("e-boss", "boss", frozenset({"manager"}))
AUDITOR = Identity("e-audit", "audit", frozenset({"auditor"}))
NAMES = {"e-mruiz": "Maria Ruiz", "e-cperret": "Camille Perret"}


@pytest.fixture
def camille(session: Session) -> Walk:
    """Some steps are done and answered, one skill is judged, there are notes and a comment."""
    maria = person(session, "mruiz", "Maria Ruiz")
    walked = walk(session, person(session, "cperret", "Camille Perret", "consultant"), maria)
    settle_until(walked, START)
    step = walked.run.steps[0]
    step.answer, step.answered_by, step.answered_at = "Paul is the backup", "e-mruiz", AT
    checklists.comment(session, run=walked.run, key=None, text="quick", at=AT, actor=MARIA)
    learner = find_learner(session, walked.run.name)
    said = Judgement("client-call", 3, START)
    rate(session, learner=learner, said=said, today=ON, at=AT, actor=MARIA)
    for circle in ("newcomer", "mentor"):
        note = ReviewNote(
            run_number=walked.run.number,
            kind="day-30",
            circle=circle,
            text=f"note for {circle}",
            written_by="e-mruiz",
            written_at=AT,
        )
        session.add(note)
    session.flush()
    return walked


def paper(session: Session, walked: Walk, asker: Identity, lang: str = "en") -> Paper:
    material, view = gather(session, walked.run.name, asker=asker, names=NAMES, on=ON)
    return report(material, view, lang=lang, on=ON)


def text_of(shown: Paper) -> str:
    return written(shown, Form.MARKDOWN).decode()


def test_the_consultant_reads_no_judgement_of_others_on_others_words(
    session: Session, camille: Walk
) -> None:
    text = text_of(paper(session, camille, CAMILLE))
    assert "Camille Perret" in text
    assert "note for newcomer (Maria Ruiz)" in text.replace("\\", "")
    for hidden in ("note for mentor", "Paul is the backup", "quick", "For the mentor"):
        assert hidden not in text


@pytest.mark.parametrize("asker", [MARIA, BOSS])
def test_who_leads_reads_it_all(session: Session, camille: Walk, asker: Identity) -> None:
    shown = paper(session, camille, asker)
    text = text_of(shown)
    assert shown.banner == "For the mentor and managers, not for the consultant"
    for told in ("Paul is the backup (Maria Ruiz, 24 November 2026)", "note for mentor", "quick"):
        assert told in text.replace("\\", "")
    assert shown.tasks is None
    assert ("Status", "late") in shown.facts


@pytest.mark.parametrize(
    ("lang", "status"),
    [
        ("fr", "à risque, le mentor est parti"),
        ("en", "at risk, the mentor has left"),
        ("de", "gefährdet, der Mentor ist nicht mehr da"),
    ],
)
def test_the_status_is_that_of_the_board(
    session: Session, camille: Walk, lang: str, status: str
) -> None:
    settle_until(camille, ON)
    camille.mentor.state = PersonState.DISABLED.value
    session.flush()
    line = next(each for each in board(session, on=ON) if each.login == "cperret")
    assert line.standing.course is Course.AT_RISK
    facts = dict(paper(session, camille, BOSS, lang).facts).values()
    assert any(fact.startswith(status) for fact in facts)


def test_a_path_that_is_over_is_not_late(session: Session, camille: Walk) -> None:
    camille.consultant.state = ConsultantState.LEFT
    session.flush()
    facts = dict(paper(session, camille, BOSS, "de").facts)
    assert facts["Lage"] == "nicht mehr im Team"


def test_no_key_is_read_on_paper(session: Session, camille: Walk) -> None:
    """What was decided stands in the reader's language, and only in its part."""
    folder = open_folder(session, camille.run.name)
    until = {"kind": "day-30", "until": None, "on": ON, "at": AT, "actor": BOSS}
    settle_until(camille, ON)
    for step in camille.run.steps:
        if step.key == "review-day-30":
            step.state = "ready"
    decide(session, folder, decision=Verdict.CONTINUE, **until)  # type: ignore[arg-type]
    text = text_of(paper(session, camille, BOSS, "de"))
    assert text.count("geht weiter wie geplant") == 1
    for key in ("continue", "goes on", "day-30", "back-office"):
        assert key not in text


def test_skills_and_reviews_have_heads_of_their_own(session: Session, camille: Walk) -> None:
    shown = paper(session, camille, MARIA, "fr")
    page = written(shown, Form.HTML).decode()
    for head in ("Étape", "Compétence", "Niveau", "Évalué le", "Décision"):
        assert f">{head}</th>" in page
    assert "Compétence Niveau Évalué le" in read_pdf(written(shown, Form.PDF)).words


def test_the_parts_of_the_paper(session: Session, camille: Walk) -> None:
    shown = paper(session, camille, MARIA)
    titles = [phase.title for phase in shown.phases]
    assert titles[:2] == ["Before the first day", "First week"]
    assert titles[-1] == "Reviews"
    skills = [phase for phase in shown.phases if phase.title.startswith("Skills, ")]
    call = next(step for phase in skills for step in phase.steps if "call" in step.text)
    assert (call.is_settled, call.state) == (True, "mentor: alone")
    assert [step.state for step in shown.phases[-1].steps] == ["to come"] * 4


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", list(Form))
def test_every_language_in_every_form(
    session: Session, camille: Walk, lang: str, form: Form
) -> None:
    content = written(paper(session, camille, MARIA, lang), form)
    start = {Form.MARKDOWN: b"# ", Form.HTML: b"<!doctype html>", Form.PDF: b"%PDF"}
    assert content.startswith(start[form])
    if form is not Form.PDF:
        word = {"fr": "Compétences", "en": "Skills", "de": "Kompetenzen"}[lang]
        assert word in content.decode()


def test_who_sees_whom(session: Session, camille: Walk) -> None:
    learner = find_learner(session, camille.run.name)
    assert view_of(learner, CAMILLE) is View.OWN
    assert view_of(learner, MARIA) is view_of(learner, BOSS) is View.LEAD
    assert view_of(learner, AUDITOR) is View.AUDITOR
    with pytest.raises(DeniedError) as caught:
        view_of(learner, PAUL)
    assert caught.value.hint == "ask Maria Ruiz, or a manager"
    with pytest.raises(DeniedError):
        require_overseer(MARIA)
    require_overseer(AUDITOR)
    assert [narrowed_to(each) for each in (CAMILLE, MARIA, BOSS)] == ["e-cperret", "e-mruiz", None]


def test_the_agenda_of_reviews_keeps_its_names(session: Session, camille: Walk) -> None:
    every = agenda_of(session, [camille], at=AT)
    reviews = agenda_of(session, [camille], at=AT, only_reviews=True)
    number = camille.run.name
    assert [event.uid for event in reviews] == [
        f"{number}/review-{kind}@opskit" for kind in ("day-30", "day-60", "day-90", "month-6")
    ]
    assert len(every) > len(reviews)
    assert agenda_of(session, [], at=AT) == []
