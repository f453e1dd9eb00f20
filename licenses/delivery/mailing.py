"""The mail that brings a licence, in the client's language."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from licenses.delivery.content import Certificate
from licenses.delivery.forms import Form, file_name, rendered
from licenses.delivery.typed_page import support_lines
from licenses.delivery.wording import Wording, wording
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.mail import Attachment, Mail
from opskit.core.mail_server import checked_address

MAILED = (Form.FILE, Form.PDF)  # what a client needs: the key for the software, and for the records
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")

_MEDIA_TYPES = {
    Form.FILE: "application/octet-stream",  # as text, a mail program would show it and mend it
    Form.TYPED: "text/plain; charset=utf-8",
    Form.PDF: "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A mail address, and who reads it where that is known."""

    address: str
    name: str = ""


def receiver(typed: str | None, *, usual: Receiver) -> Receiver:
    """`noah@client.example`, or `Noah Beguin <noah@client.example>`; by default the usual one.

    Raises:
        NotFoundError: nobody is named, and the directory knows no address.
        InvalidError: it is no mail address.
    """
    if typed is None and not usual.address:
        raise NotFoundError(
            _("the directory has no mail address of the client"),
            hint="--to noah@client.example",
        )
    if typed is None:
        return Receiver(checked_address(usual.address), usual.name)
    named = _NAMED.fullmatch(typed.strip())
    address = checked_address(named["address"] if named else typed.strip())
    name = named["name"].strip(' "') if named else ""
    return Receiver(address, name or (usual.name if address == usual.address else ""))


def licence_mail(content: Certificate, language: str, forms: Sequence[Form], to: Receiver) -> Mail:
    """The letter with the licence in these forms."""
    written = letter(content, language, forms)
    attached = [attachment(content, form, rendered(content, form, language)) for form in forms]
    return Mail(to.address, written.subject, written.body, attached, to.name)


def attachment(content: Certificate, form: Form, data: bytes) -> Attachment:
    return Attachment(file_name(content, form), _MEDIA_TYPES[form], data)


def letter(content: Certificate, language: str, forms: Iterable[Form]) -> Letter:
    """Subject and body of a mail to which these forms are attached."""
    words = wording(language)
    names = {"license": content.number, "kind": words.kinds[content.payload.kind]}
    subject = words.mail_subject.format(client=content.client, **names)
    if content.is_withdrawal:
        subject = f"{words.withdrawal} {content.number}, {content.client}"
    paragraphs = [
        words.greeting,
        _news(content, words, names),
        "\n".join([words.labelled(words.attached, "").rstrip(), *_listed(content, words, forms)]),
        *content.notes(words),
        words.call_note.format(reference=content.reference),
        "\n".join([words.closing, *support_lines(content, words)]),
    ]
    return Letter(" ".join(subject.split()), "\n\n".join(paragraphs) + "\n")


def _news(content: Certificate, words: Wording, names: dict[str, str]) -> str:
    if content.is_withdrawal:
        return words.mail_withdrawal.format(**names)
    return words.mail_body.format(
        product=content.product(words), period=_period(content, words), **names
    )


def _period(content: Certificate, words: Wording) -> str:
    start = words.date(content.payload.valid_from)
    end = content.payload.last_day
    if end is None:
        return words.period_open.format(start=start)
    return words.period.format(start=start, end=words.date(end))


def _listed(content: Certificate, words: Wording, forms: Iterable[Form]) -> list[str]:
    explained = {
        Form.FILE: words.attached_file,
        Form.TYPED: words.attached_page,
        Form.PDF: words.attached_certificate,
    }
    return [f"- {file_name(content, form)}{words.colon} {explained[form]}" for form in forms]
