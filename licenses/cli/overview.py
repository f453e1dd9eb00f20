"""opskit license history, check, expiring, export, chart: the register at a glance."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.clients.options import ClientArgument, ClientOption
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import ExitCode, InvalidError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, OutOption, TableFormatOption
from opskit.core.output import data, say, show_rows

if TYPE_CHECKING:
    from licenses.charts import Format

app = group(_("At a glance."))


@app.command(
    "history",
    help=_("Everything that happened to a client's licences, the oldest first."),
    epilog=examples("opskit license history DELEZE", "opskit license history DELEZE --json"),
)
def history(ctx: typer.Context, client: ClientArgument, as_json: JsonOption = False) -> None:
    from licenses.directory import Directory
    from licenses.following.story import story
    from licenses.mistaken import find_client

    run = context(ctx)
    with run.snapshot() as session:
        found = story(session, find_client(session, client).code)
        known = Directory(session)
        known.meet(each.by for each in found)
        rows = [
            {
                **asdict(each),
                "by_name": known.name_of(each.by),
                "day": each.at.astimezone().date(),
            }
            for each in found
        ]
    columns = {
        "day": _("Day"),
        "subject": _("Number"),
        "event": _("Event"),
        "what": _("What"),
        "by_name": _("By"),
    }
    show_rows(rows, columns, as_json=as_json)


@app.command(
    "check",
    help=_("What a client may use on a version; exit 8 when it may not run it."),
    epilog=examples(
        "opskit license check DELEZE --erp-version 12.4",
        "opskit license check DELEZE --erp-version 12.4 --on 2027-01-20 --json",
    ),
)
def check(
    ctx: typer.Context,
    client: ClientArgument,
    erp_version: Annotated[
        str, typer.Option("--erp-version", metavar="VERSION", help=_("Such as 12.4."))
    ],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help=_("On this day."))] = "today",
    site: Annotated[
        str | None, typer.Option("--site", metavar="TEXT", help=_("Only this installation."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.mistaken import find_client
    from licenses.services.coverage import coverages
    from licenses.terms import shown_users
    from opskit.core.catalog import load_catalog
    from opskit.core.dates import parse_date
    from opskit.core.refs import format_number

    run = context(ctx)
    day = parse_date(on, today=run.today())
    version = load_catalog(run.home).version(erp_version)
    with run.snapshot() as session:
        found = coverages(
            session,
            client=find_client(session, client).code,
            version=version.number,
            released_on=version.released_on,
            on=day,
            site=site,
        )
    rows = [
        {
            **asdict(each),
            "license": format_number("L", each.serial) if each.serial else None,
            "named_users": shown_users(each.named_users),
            "concurrent_users": shown_users(each.concurrent_users),
        }
        for each in found
    ]
    columns = {
        "covered": _("Covered"),
        "reason": _("Reason"),
        "site": _("Site"),
        "modules": _("Modules"),
        "named_users": _("Named users"),
        "concurrent_users": _("Concurrent users"),
        "until": _("Last day"),
        "maintenance_until": _("Maintenance"),
    }
    spared = ("concurrent_users", "maintenance_until", "named_users")
    show_rows(rows, columns, as_json=as_json, spared=spared)
    if not any(each.covered for each in found):
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(
    "expiring",
    help=_("Licences whose last day or maintenance ends soon, the next one first."),
    epilog=examples("opskit license expiring --within 60d", "opskit license expiring --within 3m"),
)
def expiring(
    ctx: typer.Context,
    within: Annotated[
        str, typer.Option("--within", metavar="SPAN", help=_("From today: 60d, 8w or 3m."))
    ] = "60d",
    as_json: JsonOption = False,
) -> None:
    from licenses.actions import Action
    from licenses.following.expiry import endings
    from opskit.core.refs import format_number
    from opskit.core.spans import parse_window

    run = context(ctx)
    today = run.today()
    last = parse_window(within, today=today)
    with run.snapshot() as session:
        found = endings(session, first=today, last=last)
    rows = [
        {
            **asdict(each),
            "license": format_number("L", each.serial),
            "renewal": format_number("R", each.renewal) if each.renewal else None,
            "note": _("{request} open: {what}").format(
                request=format_number("R", each.renewal),
                what=Action(each.renewal_action).in_words(),
            )
            if each.renewal and each.renewal_action
            else "",
        }
        for each in found
    ]
    columns = {
        "ends": _("Ends"),
        "license": _("Licence"),
        "client": _("Client"),
        "contract": _("Contract"),
        "kind": _("Kind"),
        "site": _("Site"),
        "last_day": _("Last day"),
        "maintenance_until": _("Maintenance"),
        "note": _("Renewal"),
    }
    show_rows(rows, columns, as_json=as_json)


@app.command(
    "export",
    help=_("The register as a table for others."),
    epilog=examples("opskit license export --out register.xlsx"),
)
def export(
    ctx: typer.Context,
    out: OutOption,
    form: TableFormatOption = None,
    client: ClientOption = None,
) -> None:
    from licenses import presenting
    from licenses.directory import Directory
    from licenses.mistaken import find_client
    from licenses.services import register
    from opskit.core.private_files import require_place, write_asked_for
    from opskit.core.table_files import format_of, table_bytes

    wanted = format_of(form, out)
    run = context(ctx)
    run.identity()
    require_place(out)
    with run.snapshot() as session:
        code = find_client(session, client).code if client else None
        known = Directory(session)
        found = register.records(session, client=code)
        known.meet(each.issued_by for each in found)
        rows = [
            {**presenting.record_row(each, known), "key_id": register.key_id_of(each)}
            for each in found
        ]
    columns = {**presenting.columns(), **_more_columns()}
    del columns["state"]
    write_asked_for(out, table_bytes(wanted, rows, columns))
    say(_("{file} written, licences: {count}").format(file=out, count=len(rows)))


def _more_columns() -> dict[str, str]:
    """What a table has room for, beside what the list shows."""
    return {
        "concurrent_users": _("Concurrent users"),
        "product": _("Product"),
        "edition": _("Edition"),
        "valid_from": _("Valid from"),
        "version_ceiling": _("Up to version"),
        "site": _("Site"),
        "replaces": _("Replaces"),
        "request": _("Request"),
        "key_id": _("Key"),
        "issued_by_name": _("Issued by"),
        "issued_at": _("Issued"),
    }


@app.command(
    "chart",
    help=_("Current licences by the month in which they end, or by module."),
    epilog=examples(
        "opskit license chart --by module", "opskit license chart --by month --out ending.svg"
    ),
)
def chart(
    ctx: typer.Context,
    by: Annotated[
        str,
        typer.Option("--by", autocompletion=choices(("month", "module")), help=_("month, module.")),
    ] = "month",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Draw it: .svg or .png."))
    ] = None,
) -> None:
    import sys

    from licenses import charts
    from licenses.following import counting
    from opskit.core.catalog import load_catalog
    from opskit.core.i18n import language
    from opskit.core.private_files import require_place, write_asked_for
    from opskit.core.screen import screen_of

    if by not in {"month", "module"}:
        raise InvalidError(_("{text} is no such chart").format(text=repr(by)), hint="month, module")
    form = _picture_format(out)
    run = context(ctx)
    with run.snapshot() as session:
        if by == "month":
            drawn = charts.by_expiry_month(counting.by_last_day(session))
        else:
            modules = load_catalog(run.home).modules
            names = {each.code: each.names.in_language(language()) for each in modules}
            drawn = charts.by_module(counting.by_module(session), names)
    if out is None or form is None:
        for line in charts.terminal_lines(drawn, screen_of(sys.stdout)):
            data(line)
        return
    require_place(out)
    write_asked_for(out, charts.picture(drawn, form))
    say(_("{file} written").format(file=out))


def _picture_format(out: Path | None) -> "Format | None":
    """By the file's ending; raises InvalidError for any other."""
    match out.suffix.lower() if out else None:
        case None:
            return None
        case ".svg":
            return "svg"
        case ".png":
            return "png"
        case _:
            raise InvalidError(
                _("{file} is no picture").format(file=out), hint=_("a name in .svg or .png")
            )
