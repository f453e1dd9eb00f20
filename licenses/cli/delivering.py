"""opskit license deliver: the file, the page to type from, the certificate, or all by mail."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from licenses.cli.arguments import NumberArgument
from licenses.delivery.wording import LANGUAGES
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import InvalidError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from licenses.delivery.content import Certificate
    from licenses.delivery.forms import Form
    from licenses.models import LicenseRecord
    from opskit.clients.models import Client
    from opskit.core.context import AppContext

app = group(_("Delivering."))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A licence of the register, ready to be made into any form."""

    record: "LicenseRecord"
    client: "Client"
    content: "Certificate"
    language: str

    def outcome(
        self,
        forms: "Sequence[Form]",
        *,
        file: Path | None,
        received_by: str,
        message_id: str | None = None,
    ) -> dict[str, Any]:
        """JSON keys of a delivery; what was mailed has a Message-ID."""
        return {
            "number": self.content.number,
            "forms": [each.value for each in forms],
            "file": None if file is None else str(file),
            "received_by": received_by,
            "mailed": message_id is not None,
            "message_id": message_id,
        }


@app.command(
    "deliver",
    help=_("Hand a licence to its client, in the client's language, and record who received it."),
    epilog=examples(
        "opskit license deliver L1042 --format pdf --out deleze.pdf",
        'opskit license deliver R12 --format typed --out deleze.txt --to "Noah Beguin"',
        "opskit license deliver L1042 --mail",
        "opskit license deliver L1042 --mail --to noah@deleze.example --dry-run",
    ),
)
def deliver(
    ctx: typer.Context,
    number: NumberArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Where to write it."))
    ] = None,
    by_mail: Annotated[
        bool, typer.Option("--mail", help=_("Send it: the file and the certificate."))
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            autocompletion=choices(("file", "typed", "pdf")),
            help=_("file, typed or pdf."),
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="NAME",
            help=_("Who receives it, with --mail an address: by default the client's contact."),
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", autocompletion=choices(LANGUAGES), help=_("By default the client's.")
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show the mail and send nothing."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: JsonOption = False,
) -> None:
    from licenses.cli import mailing
    from licenses.delivery.forms import Form
    from licenses.delivery.mailing import MAILED
    from opskit.core.choosing import one_of

    if not by_mail and (out is None or dry_run or yes):
        raise UsageProblemError(
            _("--dry-run and --yes are for a mail") if out else _("neither --out nor --mail"),
            hint=_("--out FILE writes the licence, --mail sends it"),
        )
    run = context(ctx)
    wanted = one_of(Form, form, otherwise=_("{text} is no form of a licence")) if form else None
    parcel = _parcel(run, number, lang)
    if by_mail:
        letter = mailing.ready(run, parcel, MAILED if wanted is None else (wanted,), to)
        if dry_run:
            mailing.show(letter, as_json=as_json)
            return
        mailing.agree(letter, yes=yes)
        mailing.send(run, parcel, letter, copy=out, as_json=as_json)
    elif out is not None:
        _write(run, parcel, wanted or Form.FILE, to, out, as_json=as_json)


def _parcel(run: "AppContext", number: str, lang: str | None) -> Parcel:
    """What is there to deliver; where another licence took its place, that is said.

    Raises:
        NotFoundError, InvalidError: it is not there, or not issued; no such language.
        DeniedError: the person may not deliver.
    """
    from licenses.delivery.content import Certificate, support_of
    from licenses.services.deliveries import DELIVERING
    from licenses.services.replaced import later_than, replaced_in_words
    from opskit.clients import services as clients
    from opskit.core.catalog import load_catalog
    from opskit.core.identity import require_role

    require_role(run.identity(), *DELIVERING)
    with run.snapshot() as session:
        record = _record(session, number)
        client = clients.find(session, record.client)
        later = later_than(session, record)
    if later:
        say(_("warning: {doubt}").format(doubt=replaced_in_words(record, later[0])))
    content = Certificate(
        record.signed,
        client=client.name,
        catalog=load_catalog(run.home),
        support=support_of(run.settings),
        site=record.site,
    )
    return Parcel(record, client, content, _language(lang or client.language))


def _write(
    run: "AppContext", parcel: Parcel, form: "Form", to: str | None, out: Path, *, as_json: bool
) -> None:
    """The file first: after a crash the same command does what is missing."""
    from licenses.delivery.forms import rendered
    from licenses.services import deliveries
    from opskit.core.private_files import write_asked_for

    actor = run.identity()
    receiver = deliveries.require_receiver(to or parcel.client.contact, actor=actor)
    write_asked_for(out, rendered(parcel.content, form, parcel.language))
    with run.transaction() as session:
        deliveries.deliver(
            session,
            record=parcel.record,
            forms=[form],
            received_by=receiver,
            at=run.now(),
            actor=actor,
        )
    if as_json:
        show_json(parcel.outcome([form], file=out, received_by=receiver))
        return
    say(
        _("{file} written; {license} is recorded as received by {name}").format(
            file=out, license=parcel.content.number, name=receiver
        )
    )


def _record(session: "Session", number: str) -> "LicenseRecord":
    from licenses.numbers import parse_either
    from licenses.services import register

    letter, wanted = parse_either(
        number, otherwise=_("R12 or L1042; a client's code does not say which licence")
    )
    if letter == "L":
        return register.find_record(session, wanted)
    return register.record_of_request(session, wanted)


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise InvalidError(
            _("--lang: {text} is none of our languages").format(text=repr(text)),
            hint=" ".join(LANGUAGES),
        )
    return text
