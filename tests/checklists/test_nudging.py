"""The comment that asks again, in the language of whom it is for."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.models import Run, Step
from opskit.checklists.nudging import WORDINGS, language_of, nudge_text
from opskit.checklists.services import Awaited
from opskit.core.team import CLIENT_LANGUAGES
from tests.checklists.samples import ALICE, AT, ON, start_small

LATER = date(2027, 1, 11)


def waiting(session: Session, awaited: Awaited, language: str = "de") -> tuple[Run, Step]:
    run = start_small(session, about={"client": {"language": language}})
    step = services.wait(
        session,
        run=run,
        key="note",
        awaited=awaited,
        nudge_on=date(2027, 1, 7),
        reason="Which interfaces?\nAnd since when?",
        on=ON,
        at=AT,
        actor=ALICE,
    )
    return run, step


def test_the_client_reads_its_own_language(session: Session) -> None:
    run, step = waiting(session, Awaited.CLIENT)
    assert nudge_text(run, step, on=ON, signature="Customer Services") == (
        "Guten Tag\n"
        "\n"
        f"Seit dem 04.01.2027 warten wir auf Ihre Antwort zu: Small list, {run.name}, "
        "20.01.2027.\n"
        "\n"
        "  Optional note\n"
        "  Which interfaces?\n"
        "  And since when?\n"
        "\n"
        "Bitte geben Sie sie uns bis zum 06.01.2027, damit der vorgesehene Termin gehalten wird.\n"
        "Vielen Dank und freundliche Grüsse\n"
        "Customer Services"
    )


@pytest.mark.parametrize("awaited", [Awaited.RND, Awaited.EXPERT])
def test_colleagues_read_french_and_whom_it_is_about(session: Session, awaited: Awaited) -> None:
    run, step = waiting(session, awaited)
    text = nudge_text(run, step, on=LATER)
    assert text == (
        "Bonjour,\n"
        "\n"
        "Nous attendons votre réponse depuis le 04.01.2027 pour\u00a0: Petite liste, "
        f"{run.name}, DELEZE, 20.01.2027.\n"
        "\n"
        "  Remarque facultative\n"
        "  Which interfaces?\n"
        "  And since when?\n"
        "\n"
        "Elle nous était nécessaire pour le 06.01.2027\u00a0: sans elle, nous ne pouvons pas "
        "garantir la date prévue.\n"
        "Merci d'avance et meilleures salutations"
    )


@pytest.mark.parametrize("language", CLIENT_LANGUAGES)
def test_every_language_of_a_client_is_spoken(session: Session, language: str) -> None:
    run, step = waiting(session, Awaited.CLIENT, language)
    assert language_of(run, step) == language
    for on in (ON, LATER):
        text = nudge_text(run, step, on=on)
        assert text.startswith(WORDINGS[language].greeting)
        assert "{" not in text


def test_without_a_client_it_is_french(session: Session) -> None:
    run, step = waiting(session, Awaited.CLIENT, "")
    assert language_of(run, step) == "fr"
