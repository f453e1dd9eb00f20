"""What stays with the team stands on no paper of the client's, in no form and no language."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from opskit.checklists.printing.forms import Form, written
from opskit.checklists.printing.languages import LANGUAGES
from tests.checklists.printing.papers import for_the_client, for_the_team
from tests.support.pdf import read_pdf

PROOFS = ("DELEZE/prod/vpn", "L7 covers 12.4")
WRITTEN = ("backup.log", "the landlord does it", "Monday or Tuesday?", "call on Monday")
TICKETS = ("CS-7", "CS-8")
TELLING = (*PROOFS, *WRITTEN, *TICKETS)


def read(content: bytes, form: Form) -> str:
    return read_pdf(content).words if form is Form.PDF else content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", Form)
def test_the_client_reads_none_of_it(
    session: Session, tmp_path: Path, form: Form, lang: str
) -> None:
    text = read(written(for_the_client(session, tmp_path, lang=lang), form), form)
    assert "Délèze Outillage SA" in text
    assert [each for each in (*TELLING, "alice", "bob", "P1") if each in text] == []


@pytest.mark.parametrize("form", Form)
def test_the_team_reads_all_of_it(session: Session, tmp_path: Path, form: Form) -> None:
    text = read(written(for_the_team(session, tmp_path), form), form)
    assert [each for each in (*TELLING, "P1") if each not in text] == []
