"""opskit license list, show, catalog: what there is."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from licenses.cli.arguments import NumberArgument
from opskit.clients.options import ClientOption
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from licenses.directory import Directory
    from licenses.models import LicenseRecord, LicenseRequest
    from licenses.services.paging import Page, Wanted

USUAL, MOST = 50, 100_000  # licences on a page

app = group(_("What there is."))


@app.command(
    "list",
    help=_("The register, newest first; above it the requests that are not issued yet."),
    epilog=examples(
        "opskit license list",
        "opskit license list --client DELEZE --kind production --json",
        "opskit license list --state requested",
        "opskit license list --batch B3",
        "opskit license list --batches",
        "opskit license list --before L1042 --limit 200",
    ),
)
def list_licenses(
    ctx: typer.Context,
    client: ClientOption = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help=_("production, test, demo or temporary."))
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help=_("Only in this state, such as requested."))
    ] = None,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="BATCH", help=_("Only of this one, as B3."))
    ] = None,
    batches: Annotated[
        bool, typer.Option("--batches", help=_("The batches instead, newest first."))
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=MOST, help=_("Licences on a page."))
    ] = USUAL,
    before: Annotated[
        str | None,
        typer.Option(
            "--before",
            metavar="LICENCE",
            help=_("Only licences older than this one, such as L1042."),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses import presenting
    from licenses.cli import batching
    from licenses.mistaken import find_client
    from licenses.services.paging import Wanted, page
    from licenses.states import parse_state
    from licenses.terms import parse_kind
    from opskit.core.refs import parse_number

    wanted = Wanted(
        limit=limit,
        kind=parse_kind(kind) if kind else None,
        state=parse_state(state) if state else None,
        batch=parse_number("B", batch) if batch else None,
        before=parse_number("L", before) if before else None,
    )
    run = context(ctx)
    if batches:
        batching.list_batches(run, limit=limit, as_json=as_json)
        return
    with run.snapshot() as session:
        if client:
            wanted = replace(wanted, client=find_client(session, client).code)
        found = page(session, wanted)
        rows = _rows(session, found)
    show_rows(rows, presenting.columns(), as_json=as_json, spared=("modules",))
    _lead_on(wanted, found)


def _rows(session: "Session", found: "Page") -> list[dict[str, Any]]:
    from licenses import presenting
    from licenses.directory import Directory

    known = Directory(session)
    known.meet(
        [
            *(record.issued_by for record, _state in found.licenses),
            *(
                person
                for each in found.requests
                for person in (each.requested_by, each.approved_by)
            ),
        ]
    )
    waiting = [presenting.request_row(each, known) for each in found.requests]
    issued = [presenting.record_row(record, known, state=state) for record, state in found.licenses]
    return [*waiting, *issued]


def _lead_on(wanted: "Wanted", found: "Page") -> None:
    """What to type for those that did not fit."""
    from opskit.core.refs import format_number

    batch = None if wanted.batch is None else format_number("B", wanted.batch)
    given = {
        "--client": wanted.client,
        "--kind": wanted.kind,
        "--state": wanted.state,
        "--batch": batch,
    }
    words = ["opskit license list", *(f"{name} {word}" for name, word in given.items() if word)]
    if found.more_requests:
        more = [*words, f"--limit {min(10 * wanted.limit, MOST)}"]
        say(_("there are more requests: {command}").format(command=" ".join(more)))
    if found.more_licenses:
        last = format_number("L", found.licenses[-1][0].serial)
        size = [f"--limit {wanted.limit}"] if wanted.limit != USUAL else []
        older = [*words, f"--before {last}", *size]
        say(_("there are older ones: {command}").format(command=" ".join(older)))


@app.command(
    "show",
    help=_("One request (R12), licence (L1042) or batch (B3)."),
    epilog=examples(
        "opskit license show R12",
        "opskit license show L1042 --json",
        "opskit license show B3",
    ),
)
def show(
    ctx: typer.Context,
    number: NumberArgument,
    as_json: JsonOption = False,
) -> None:
    from licenses import presenting
    from licenses.cli import batching
    from licenses.directory import Directory
    from licenses.folding import say_page, show_page
    from licenses.numbers import parse_either
    from licenses.services import register, requests
    from licenses.states import REGISTERED

    run = context(ctx)
    batch = batching.batch_in(number)
    if batch is not None:
        batching.show(run, batch, as_json=as_json)
        return
    letter, wanted = parse_either(
        number, otherwise=_("a request looks like R12, a licence like L1042, a batch like B3")
    )
    warnings: list[str] = []
    with run.snapshot() as session:
        known = Directory(session)
        if letter == "L":
            record = register.find_record(session, wanted)
            shown = (_license_row if as_json else _license_page)(session, record, known)
        else:
            found = requests.find(session, wanted)
            shown = (_request_row if as_json else _request_page)(session, found, known)
            if found.state not in REGISTERED:
                warnings = presenting.warnings(session, found, known, today=run.today())
    say_page(warnings)
    if as_json:
        show_json(shown)
    else:
        show_page(shown)


def _license_row(session: "Session", record: "LicenseRecord", known: "Directory") -> dict[str, Any]:
    from licenses import presenting
    from licenses.codes import code_facts
    from licenses.handovers import delivery_facts
    from licenses.services import requests

    asked = requests.find(session, record.request_number)
    return {
        **presenting.record_row(record, known, state=asked.state),
        **delivery_facts(session, record.serial, known),
        **code_facts(session, record, known),
    }


def _license_page(session: "Session", record: "LicenseRecord", known: "Directory") -> list[str]:
    from licenses import presenting
    from licenses.codes import code_lines
    from licenses.handovers import delivery_lines
    from licenses.services import requests

    asked = requests.find(session, record.request_number)
    return [
        *presenting.record_lines(record, asked, known),
        *delivery_lines(session, record.serial, known),
        *code_lines(session, record, known),
    ]


def _request_row(session: "Session", found: "LicenseRequest", known: "Directory") -> dict[str, Any]:
    from licenses import presenting
    from licenses.handovers import delivery_facts

    return {
        **presenting.request_row(found, known),
        **delivery_facts(session, found.serial, known),
    }


def _request_page(session: "Session", found: "LicenseRequest", known: "Directory") -> list[str]:
    from licenses import presenting
    from licenses.handovers import delivery_lines

    return [
        *presenting.request_lines(found, known),
        *delivery_lines(session, found.serial, known),
    ]


@app.command(
    "catalog",
    help=_("The modules that can be licensed."),
    epilog=examples("opskit license catalog"),
)
def catalog(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from opskit.core.catalog import load_catalog
    from opskit.core.i18n import language

    run = context(ctx)
    rows = [
        {
            "code": module.code,
            "bit": module.bit,
            "name": module.names.in_language(language()),
            "retired": module.retired,
        }
        for module in load_catalog(run.home).modules
    ]
    show_rows(rows, {"code": _("Code"), "name": _("Name")}, as_json=as_json)
