"""The mail that brings a licence: it can be sent, and says what is attached."""

from dataclasses import replace
from datetime import datetime

import pytest

from licenses.delivery.forms import Form
from licenses.delivery.mailing import attachment, letter
from licenses.delivery.wording import LANGUAGES
from opskit.core.mail import Mail, compose
from opskit.core.mail_server import MailServer
from tests.licenses.delivery.documents import ALL, OPEN, ORDINARY, WITHDRAWAL

SERVER = MailServer("smtp.vendor.example", 587, "starttls", "licences@vendor.example")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ALL)
def test_every_letter_can_be_sent(now: datetime, case: str, language: str) -> None:
    content = ALL[case]
    written = letter(content, language, Form)
    attached = [attachment(content, form, b"data") for form in Form]
    message = compose(
        SERVER, Mail("anna@client.example", written.subject, written.body, attached), at=now
    )
    assert [each.get_filename() for each in message.iter_attachments()] == [
        "L1042.lic",
        "L1042.txt",
        "L1042.pdf",
    ]
    assert content.number in written.subject
    assert content.reference in written.body
    assert "{" not in written.subject + written.body


def test_the_letter_as_a_whole() -> None:
    written = letter(ORDINARY, "fr", [Form.FILE, Form.PDF])
    assert written.subject == "Votre licence L1042 (production), Délèze Outillage SA"
    assert written.body.replace("\u00a0", " ") == (
        "Madame, Monsieur,\n\n"
        "Veuillez trouver ci-joint votre licence L1042 (production) pour ERP, Entreprise, valable "
        "du 1er décembre 2026 au 31 décembre 2027 compris.\n\n"
        "Pièces jointes :\n"
        "- L1042.lic : le fichier de licence, à choisir dans le logiciel\n"
        "- L1042.pdf : le certificat à conserver, avec le code QR\n\n"
        "Ne la saisissez pas avant le 1er décembre 2026 : saisie plus tôt, elle arrêterait le "
        "logiciel.\n\n"
        "Le dernier jour est compris : la licence reste valable jusqu’à minuit, partout dans le "
        "monde.\n\n"
        f"Indiquez la référence {ORDINARY.reference} au téléphone. Elle ne remplace pas la clé.\n\n"
        "Avec nos meilleures salutations\n"
        "Customer Services\n"
        "Téléphone : +41 32 000 00 00\n"
        "Courriel : support@vendor.example\n"
    )


def test_a_licence_without_end_does_not_explain_its_last_day() -> None:
    body = letter(OPEN, "en", [Form.FILE]).body
    assert "valid from 1 December 2026, without end." in body
    assert "The last day is included" not in body


def test_a_withdrawal_is_no_new_licence() -> None:
    written = letter(WITHDRAWAL, "de", [Form.FILE])
    assert written.subject == "Rückzug einer Lizenz L1042, Kurz AG"
    assert "Ihre Daten bleiben lesbar." in written.body
    assert "Im Anhang erhalten Sie Ihre Lizenz" not in written.body


def test_a_name_with_a_line_end_stays_on_the_subject_line() -> None:
    odd = replace(ORDINARY, client="Délèze\r\nBcc: all@client.example")
    assert letter(odd, "en", [Form.FILE]).subject.endswith("Délèze Bcc: all@client.example")
