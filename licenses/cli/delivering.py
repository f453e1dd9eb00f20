"""opskit license deliver: the file, the page to type from, the certificate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from licenses.cli.arguments import NumberArgument
from licenses.delivery.wording import LANGUAGES
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from licenses.delivery.forms import Form
    from licenses.models import LicenseRecord

app = group(_("Delivering."))


@app.command(
    "deliver",
    help=_("Write a licence for its client, in the client's language, and record who received it."),
    epilog=examples(
        "opskit license deliver L1042 --format pdf --out deleze.pdf",
        'opskit license deliver R12 --format typed --out deleze.txt --to "Noah Beguin"',
    ),
)
def deliver(
    ctx: typer.Context,
    number: NumberArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write it."))],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            autocompletion=choices(("file", "typed", "pdf")),
            help=_("file, typed or pdf."),
        ),
    ] = "file",
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="NAME", help=_("Who receives it: by default the contact.")),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", autocompletion=choices(LANGUAGES), help=_("By default the client's.")
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.delivery.content import Certificate, support_of
    from licenses.delivery.forms import rendered
    from licenses.services import deliveries
    from opskit.clients import services as clients
    from opskit.core.catalog import load_catalog
    from opskit.core.private_files import write_asked_for
    from opskit.core.refs import format_number

    run, wanted = context(ctx), _form(form)
    actor = run.identity()
    with run.snapshot() as session:
        record = _record(session, number)
        client = clients.find(session, record.client)
    language = _language(lang or client.language)
    receiver = deliveries.require_receiver(to or client.contact, actor=actor)
    content = Certificate(
        record.signed,
        client=client.name,
        catalog=load_catalog(run.home),
        support=support_of(run.settings),
        site=record.site,
    )
    write_asked_for(out, rendered(content, wanted, language))
    with run.transaction() as session:
        deliveries.deliver(
            session,
            record=record,
            form=wanted.value,
            received_by=receiver,
            at=run.now(),
            actor=actor,
        )
    serial = format_number("L", record.serial)
    if as_json:
        show_json({"number": serial, "format": form, "file": str(out), "received_by": receiver})
        return
    say(
        _("{file} written; {license} is recorded as received by {name}").format(
            file=out, license=serial, name=receiver
        )
    )


def _record(session: "Session", number: str) -> "LicenseRecord":
    from licenses.numbers import parse_either
    from licenses.services import register

    letter, wanted = parse_either(number)
    if letter == "L":
        return register.find_record(session, wanted)
    return register.record_of_request(session, wanted)


def _form(text: str) -> "Form":
    from licenses.delivery.forms import Form

    try:
        return Form(text)
    except ValueError as err:
        raise InvalidError(
            _("{text} is no form of a licence").format(text=repr(text)), hint="file, typed, pdf"
        ) from err


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise InvalidError(
            _("--lang: {text} is none of our languages").format(text=repr(text)),
            hint=" ".join(LANGUAGES),
        )
    return text
