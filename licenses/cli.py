"""opskit license: request, approve, issue, verify, and the register."""

from pathlib import Path
from typing import Annotated

import typer

from licenses.completion import complete_number, complete_request
from licenses.request_cli import request
from licenses.verify_cli import verify
from opskit.clients.options import ClientOption
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows

app = group(_("Licence keys: requested, approved by a second person, signed in the safe."))

RequestArgument = Annotated[
    str,
    typer.Argument(
        metavar="REQUEST",
        autocompletion=complete_request,
        help=_("The request's number, such as R12."),
    ),
]


app.command(
    "request",
    help=_("Ask for a licence; a second person will have to approve it."),
    epilog=examples(
        'opskit license request DELEZE --modules "FIN AP AR" --named-users 60 '
        "--maintenance-until 2027-11-04 --ticket CS-1002",
        "opskit license request DELEZE --kind test --modules FIN --named-users unlimited "
        "--maintenance-until 31.12.2027 --valid-until +60bd",
    ),
)(request)


@app.command(
    "approve",
    help=_("Approve somebody else's request: sign for exactly what it says."),
    epilog=examples("opskit license approve R12"),
)
def approve(ctx: typer.Context, number: RequestArgument, as_json: JsonOption = False) -> None:
    from licenses import approval, presenting
    from licenses.directory import Directory
    from licenses.keys import newest_key
    from licenses.payload import LicenseKind
    from licenses.services import requests
    from opskit.core.catalog import load_catalog
    from opskit.core.refs import format_number, parse_number
    from opskit.core.signing import Signer

    run = context(ctx)
    actor, signer, wanted = run.identity(), run.plug(Signer), parse_number("R", number)
    with run.snapshot() as session:
        kind = LicenseKind(requests.find(session, wanted).kind)
    key, sold = newest_key(signer, kind), load_catalog(run.home)
    with run.transaction() as session:
        drafted = requests.draft(
            session,
            number=wanted,
            key_id=key.key_id,
            catalog=sold,
            at=run.now(),
            actor=actor,
        )
        known = Directory(session)
        page = presenting.request_lines(drafted, known)
        warnings = presenting.warnings(drafted, known, today=run.today())
    for line in (*page, *warnings):
        say(line)
    version, signature = approval.sign(drafted, approver_id=actor.entity_id, signer=signer)
    with run.transaction() as session:
        approved = requests.approve(
            session,
            number=wanted,
            body=drafted.body or b"",
            key_version=version,
            signature=signature,
            signer=signer,
            at=run.now(),
            actor=actor,
        )
        row = presenting.request_row(approved, Directory(session))
    if as_json:
        show_json(row)
        return
    say(_("approved by {name}; next:").format(name=actor.name))
    say(f"  opskit license issue {format_number('R', wanted)} --out FILE")


@app.command(
    "issue",
    help=_("Sign an approved request in the safe, enter it into the register, write the file."),
    epilog=examples("opskit license issue R12 --out deleze.lic"),
)
def issue(
    ctx: typer.Context,
    number: RequestArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write the key."))],
    as_json: JsonOption = False,
) -> None:
    from licenses import presenting
    from licenses.directory import Directory
    from licenses.keys import public_key_set
    from licenses.services import register
    from opskit.clients import services as clients
    from opskit.core.catalog import load_catalog
    from opskit.core.private_files import replace_own, require_free, write_asked_for
    from opskit.core.refs import format_number, parse_number
    from opskit.core.signing import Signer

    run = context(ctx)
    actor, signer, wanted = run.identity(), run.plug(Signer), parse_number("R", number)
    known = load_catalog(run.home)
    with run.snapshot() as session:
        to_sign = register.ready_to_sign(
            session, number=wanted, signer=signer, catalog=known, actor=actor
        )
    if to_sign is not None:
        require_free(out)
        key, body = to_sign
        keys = public_key_set(signer)
        signed = register.sign(key, body, signer=signer, keys=keys)
        with run.transaction() as session:
            register.issue(session, number=wanted, signed=signed, at=run.now(), actor=actor)
        replace_own(run.home.public_keys_file, keys.to_json())
    with run.snapshot() as session:
        record = register.record_of_request(session, wanted)
        client = clients.find(session, record.client)
        row = {**presenting.record_row(record, Directory(session)), "file": str(out)}
    written = write_asked_for(out, presenting.file_of(record, client.name))
    if as_json:
        show_json(row)
        return
    data(format_number("L", record.serial))
    if to_sign is None:
        say(_("issued before"))
    say((_("{file} written") if written else _("{file} holds it already")).format(file=out))


app.command(
    "verify",
    help=_("Check a licence file offline: no server, no database, only the public keys."),
    epilog=examples(
        "opskit license verify deleze.lic",
        "opskit license verify deleze.lic --erp-version 12.4 --json",
        "opskit license verify - < deleze.lic",
    ),
)(verify)


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
    number: Annotated[
        str,
        typer.Argument(metavar="NUMBER", autocompletion=complete_number, help=_("R12 or L1042.")),
    ],
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


@app.command(
    "publish-keys",
    help=_("Write the public keys that verify our licences, for the ERP and for verify."),
    epilog=examples("opskit license publish-keys --out license-keys.json"),
)
def publish_keys(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("By default in the home."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.keys import public_key_set
    from opskit.core.private_files import replace_own, write_asked_for
    from opskit.core.signing import Signer

    run = context(ctx)
    keys = public_key_set(run.plug(Signer))
    file = out or run.home.public_keys_file
    write = write_asked_for if out else replace_own
    write(file, keys.to_json())
    if as_json:
        show_json({"file": file, "key_ids": [key.key_id for key in keys.keys]})
        return
    say(_("{count} public keys written to {file}").format(count=len(keys.keys), file=file))
