"""opskit license list, show, catalog: what there is."""

import typer

from licenses.cli.arguments import NumberArgument
from opskit.clients.options import ClientOption
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows

app = group(_("What there is."))


@app.command(
    "list",
    help=_("The register, and the requests that are not issued yet."),
    epilog=examples("opskit license list", "opskit license list --client DELEZE --json"),
)
def list_licenses(
    ctx: typer.Context,
    client: ClientOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses import presenting
    from licenses.directory import Directory
    from licenses.services import register, requests
    from opskit.clients import services as clients

    run = context(ctx)
    with run.snapshot() as session:
        code, known = clients.find(session, client).code if client else None, Directory(session)
        waiting = [
            presenting.request_row(each, known)
            for each in requests.open_requests(session, client=code)
        ]
        issued = [
            presenting.record_row(each, known) for each in register.records(session, client=code)
        ]
    show_rows([*waiting, *issued], presenting.columns(), as_json=as_json)


@app.command(
    "show",
    help=_("One request (R12) or one licence (L1042)."),
    epilog=examples("opskit license show R12", "opskit license show L1042 --json"),
)
def show(
    ctx: typer.Context,
    number: NumberArgument,
    as_json: JsonOption = False,
) -> None:
    from licenses import presenting
    from licenses.directory import Directory
    from licenses.numbers import parse_either
    from licenses.services import register, requests
    from licenses.states import RequestState

    run = context(ctx)
    letter, wanted = parse_either(number)
    warnings: list[str] = []
    with run.snapshot() as session:
        known = Directory(session)
        if letter == "L":
            record = register.find_record(session, wanted)
            asked = requests.find(session, record.request_number)
            row = presenting.record_row(record, known)
            lines = presenting.record_lines(record, asked, known)
        else:
            found = requests.find(session, wanted)
            row, lines = (
                presenting.request_row(found, known),
                presenting.request_lines(found, known),
            )
            if found.state != RequestState.ISSUED:
                warnings = presenting.warnings(found, known, today=run.today())
    for line in warnings:
        say(line)
    if as_json:
        show_json(row)
    else:
        data("\n".join(lines))


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
