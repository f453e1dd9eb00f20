"""The paper in Markdown: exactly as written, and as a CommonMark reader understands it."""

from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlalchemy.orm import Session

from opskit.checklists.printing.markdown import markdown
from tests.checklists.printing.papers import STRANGE, for_the_client, for_the_team, strange

CLIENTS = """\
# Préparation

- **Pour\u00a0:** Délèze Outillage SA
- **Date du patch\u00a0:** 20 janvier 2027
- **Nouvelle version\u00a0:** 12.4
- **Avancement\u00a0:** 3 étapes réglées sur 9, état au 8 janvier 2027

## Ce que nous attendons de vous

- [ ] Date confirmée, **attendu pour le 7 janvier 2027\u00a0: dès que possible, s’il vous plaît**
- [ ] Questionnaire rempli, jusqu’au 8 janvier 2027

## Avant

- [ ] **1** La licence est valable (à vérifier à nouveau, 6 janvier 2027)
- [ ] **2** L'accès existe (à régler, 6 janvier 2027)
- [ ] **3** Date confirmée (attend votre réponse, 7 janvier 2027)
- [x] **4** Remplaçant nommé (sans objet)
- [x] **5** Jour férié pris en compte (sans objet)
- [ ] **6** Questionnaire rempli (à faire, 8 janvier 2027)
- [x] **7** Sauvegarde confirmée (fait)

## La veille (l’une après l’autre)

- [ ] **8** Plan relu (en vérification, 19 janvier 2027)
- [ ] **9** Décision (à venir, 19 janvier 2027)

## Contacts

- **Chez vous\u00a0:** Noah Beguin
- **Responsable chez nous\u00a0:** Bob Rey
- **Notre équipe\u00a0:** Service clients
- **Téléphone\u00a0:** +41 32 555 00 00
- **Courriel\u00a0:** support@vendor.example
"""


def test_the_clients_paper(session: Session, tmp_path: Path) -> None:
    assert markdown(for_the_client(session, tmp_path)) == CLIENTS


def test_the_teams_paper_has_its_notes_below_the_steps(session: Session, tmp_path: Path) -> None:
    text = markdown(for_the_team(session, tmp_path))
    assert (
        "- [ ] **2** The access exists (failed, 2027-01-06, safe-keeper)\n"
        "  - DELEZE/prod/vpn was refused (checked 2027-01-04)\n"
    ) in text
    assert '  - not applicable: only when client.canton == "NE"\n' in text


def test_what_looks_like_markup_is_read_as_it_is(session: Session, tmp_path: Path) -> None:
    tokens = MarkdownIt().parse(markdown(strange(for_the_team(session, tmp_path))))
    texts = [shown(token) for token in tokens if token.type == "inline"]
    assert texts.count(STRANGE) == 1 + 9  # the heading, and a note of each step
    assert texts.count("- no list") == texts.count("1. neither") == 9
    assert sum(f"[ ] 1 {STRANGE} (" in text for text in texts) == 1
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds == {"text", "strong_open", "strong_close"}
    assert not any(token.type == "html_block" for token in tokens)


def shown(token: Token) -> str:
    """What stands on the page."""
    return "".join(child.content for child in token.children or ())
