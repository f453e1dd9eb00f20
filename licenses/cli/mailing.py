"""opskit license deliver --mail: the letter is shown, agreed on, sent, recorded."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from licenses.delivery.forms import Form, rendered
from licenses.delivery.mailing import Receiver, licence_mail, receiver
from licenses.delivery.posting import post
from licenses.pages import page
from opskit.core.cliapp import says_yes
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.mail import Mail, compose
from opskit.core.mail_server import MailServer, mail_server
from opskit.core.output import data, say, show_json
from opskit.core.private_files import write_asked_for

if TYPE_CHECKING:
    from licenses.cli.delivering import Parcel


@dataclass(frozen=True, slots=True)
class ReadyMail:
    """A mail that could be sent now; `message` is how it will look."""

    server: MailServer
    mail: Mail
    message: EmailMessage
    forms: Sequence[Form]


def ready(run: AppContext, parcel: "Parcel", forms: Sequence[Form], to: str | None) -> ReadyMail:
    """Raises NotFoundError, InvalidError, UnavailableError: it could not be sent."""
    usual = Receiver(parcel.client.email, parcel.client.contact)
    server = mail_server(run.settings)
    mail = licence_mail(parcel.content, parcel.language, forms, receiver(to, usual=usual))
    return ReadyMail(server, mail, compose(server, mail, at=run.now()), forms)


def show(letter: ReadyMail, *, as_json: bool) -> None:
    """What `--dry-run` shows."""
    if as_json:
        heads = {name: str(letter.message[name]) for name in ("From", "To", "Subject")}
        show_json(
            {name.lower(): text for name, text in heads.items()}
            | {"body": letter.mail.body, "attachments": _attached(letter)}
        )
    else:
        data("\n".join(_lines(letter)))


def agree(letter: ReadyMail, *, yes: bool) -> None:
    """On a terminal the letter is read before it goes; a no ends the command."""
    if yes or not sys.stdin.isatty():
        return
    for line in _lines(letter):
        say(line)
    if not says_yes(_("send it?"), default=False):
        raise typer.Abort


def send(
    run: AppContext, parcel: "Parcel", letter: ReadyMail, *, copy: Path | None, as_json: bool
) -> None:
    """Raises DeniedError, InvalidError, UnavailableError: it was not sent, or nobody knows."""
    if copy is not None:
        write_asked_for(copy, rendered(parcel.content, letter.forms[0], parcel.language))
    message_id = post(
        run, record=parcel.record, forms=letter.forms, mail=letter.mail, server=letter.server
    )
    if as_json:
        show_json(
            parcel.outcome(
                letter.forms, file=copy, received_by=letter.mail.to, message_id=message_id
            )
        )
        return
    say(
        _("{license} was sent to {address}: {files}").format(
            license=parcel.content.number,
            address=letter.mail.to,
            files=", ".join(_attached(letter)),
        )
    )


def _lines(letter: ReadyMail) -> list[str]:
    head = page(
        _("The mail:"),
        [
            (_("Sender"), str(letter.message["From"])),
            (_("Receiver"), str(letter.message["To"])),
            (_("Subject"), str(letter.message["Subject"])),
            (_("Attached"), ", ".join(_attached(letter))),
        ],
    )
    return [*head, "", *letter.mail.body.splitlines()]


def _attached(letter: ReadyMail) -> list[str]:
    return [each.name for each in letter.mail.attachments]
