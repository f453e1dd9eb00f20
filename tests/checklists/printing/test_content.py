"""What stands on the client's paper, and what only on the team's."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.printing.content import Addressee, Task, client_paper, team_paper
from opskit.checklists.printing.languages import LANGUAGES
from opskit.checklists.printing.wording import Wording, wording
from opskit.checklists.states import State
from opskit.checklists.templates import load_template
from opskit.core import i18n
from tests.checklists.printing.papers import DELEZE, FRIDAY, for_the_client, for_the_team
from tests.checklists.samples import ALICE, AT, start_small
from tests.checklists.told_runs import NAMES, RICH, local, rich_run


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OPSKIT_LANGUAGE", "en")
    i18n.language.cache_clear()
    yield
    i18n.language.cache_clear()


def test_the_clients_paper_speaks_its_language(session: Session, tmp_path: Path) -> None:
    paper = for_the_client(session, tmp_path)
    assert paper.title == "Préparation"
    assert paper.facts == (
        ("Pour", "Délèze Outillage SA"),
        ("Date du patch", "20 janvier 2027"),
        ("Nouvelle version", "12.4"),
        ("Avancement", "3 étapes réglées sur 9, état au 8 janvier 2027"),
    )
    assert [(phase.title, len(phase.steps)) for phase in paper.phases] == [
        ("Avant", 7),
        ("La veille (l’une après l’autre)", 2),
    ]
    assert paper.contacts == (
        ("Chez vous", "Noah Beguin"),
        ("Responsable chez nous", "Bob Rey"),
        ("Notre équipe", "Service clients"),
        ("Téléphone", "+41 32 555 00 00"),
        ("Courriel", "support@vendor.example"),
    )


def test_states_are_told_in_the_clients_words(session: Session, tmp_path: Path) -> None:
    paper = for_the_client(session, tmp_path, lang="de")
    assert [(s.number, s.text, s.state, s.due) for phase in paper.phases for s in phase.steps] == [
        (1, "Die Lizenz ist gültig", "wird nochmals geprüft", "6. Januar 2027"),
        (2, "Der Zugang besteht", "in Abklärung", "6. Januar 2027"),
        (3, "Termin bestätigt", "wartet auf Sie", "7. Januar 2027"),
        (4, "Deputy named", "entfällt", ""),
        (5, "Holiday taken into account", "entfällt", ""),
        (6, "Fragebogen ausgefüllt", "offen", "8. Januar 2027"),
        (7, "Datensicherung bestätigt", "erledigt", ""),
        (8, "Plan geprüft", "in Prüfung", "19. Januar 2027"),
        (9, "Entscheid", "folgt", "19. Januar 2027"),
    ]


def test_the_client_reads_what_it_has_to_do_and_by_when(session: Session, tmp_path: Path) -> None:
    assert for_the_client(session, tmp_path, lang="en").tasks == (
        Task("Date confirmed", "due since 7 January 2027: as soon as possible, please", True),
        Task("Questionnaire filled in", "by 8 January 2027", False),
    )


def test_a_run_that_is_over_asks_its_client_for_nothing(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    services.cancel(session, run=run, reason="moved away", at=AT, actor=ALICE)
    assert client_paper(run, DELEZE, on=FRIDAY).tasks is None


def test_a_step_of_the_clients_that_waits_for_others_is_not_asked_yet(session: Session) -> None:
    text = RICH.replace("owner: client\n", "owner: client\n    needs: [license]\n")
    run = start_small(session, template=load_template(text, "rich.yaml"))
    assert client_paper(run, DELEZE, on=FRIDAY).tasks == ()


def test_of_a_reader_without_a_part_in_it_nothing_is_expected(session: Session) -> None:
    reader = Addressee(name="Move to Sonceboz", language="en", own_roles=frozenset())
    assert client_paper(start_small(session), reader, on=FRIDAY).tasks is None


def test_nobody_is_named_by_a_login(session: Session) -> None:
    run = start_small(session, assignee="bob")
    ours = [label for label, _value in client_paper(run, DELEZE, on=FRIDAY).contacts]
    assert "Responsable chez nous" not in ours


def test_of_what_is_not_known_nothing_is_said(session: Session) -> None:
    paper = client_paper(start_small(session), Addressee(name="X", language="ro"), on=FRIDAY)
    assert paper.words.code == "en"
    assert paper.contacts == ()
    assert paper.facts[:2] == (("For", "X"), ("Date", "20 January 2027"))


def test_the_teams_paper_says_everything(session: Session, tmp_path: Path) -> None:
    paper = for_the_team(session, tmp_path)
    assert paper.banner == "For the team only, not for the client"
    assert paper.tasks is None
    assert paper.facts[0] == ("Run", "P1, open")
    assert ("Template", "rich/3") in paper.facts
    steps = [step for phase in paper.phases for step in phase.steps]
    assert steps[1].notes == ("DELEZE/prod/vpn was refused (checked 2027-01-04)",)
    assert (steps[1].who, steps[1].due, steps[1].is_pressing) == ("safe-keeper", "2027-01-06", True)
    assert paper.comments == (
        f"{local()}  Bob Rey: call on Monday (CS-8)",
        f"{local()}  Alice Martin, step 3: asked twice",
    )


def test_a_decision_is_told_to_the_team(session: Session, tmp_path: Path) -> None:
    run = rich_run(session, tmp_path)
    decision = services.no_go(session, run=run, reason="not ready", at=AT, actor=ALICE)
    paper = team_paper(run, DELEZE, on=FRIDAY, names=NAMES, decision=decision)
    assert ("Decision", f"no-go: not ready (Alice Martin, {local()})") in paper.facts


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_says_the_same_things(code: str) -> None:
    words, english = wording(code), wording("en")
    assert words.code == code
    assert set(words.states) == set(State)
    for each in fields(Wording):
        text = getattr(words, each.name)
        if isinstance(text, str) and each.name != "code":
            assert text.strip()
            assert braces(text) == braces(getattr(english, each.name)), each.name


def braces(text: str) -> set[str]:
    return set(re.findall(r"{\w+}", text))
