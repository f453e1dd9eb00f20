"""opskit vault access-report, exposure: who read what, and what somebody who leaves knows."""

import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from opskit.clients.completion import complete_client
from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say
from opskit.core.screen import screen_of
from opskit.staff.completion import complete_login
from vault.accounting.forms import Form

app = group(_("Who read what."))

LogArguments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[LOG]...",
        help=_("The server's audit log, its rotated and gzip files, or - for stdin."),
    ),
]


@app.command(
    "access-report",
    help=_("Who read which entry, when, from where and for which ticket."),
    epilog=examples(
        "opskit vault access-report --client DELEZE --since 2026-11-01",
        "opskit vault access-report --person bob --format csv --out bob.csv",
        "ssh vault.example sudo cat /var/log/vault/audit.log | opskit vault access-report -",
    ),
)
def access_report(
    ctx: typer.Context,
    logs: LogArguments = None,
    client: Annotated[
        str | None,
        typer.Option("--client", autocompletion=complete_client, help=_("Only this client.")),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", autocompletion=complete_login, help=_("Only this person.")),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=_("Only from this day on."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=_("Only up to this day."))
    ] = None,
    denied: Annotated[
        bool, typer.Option("--denied", help=_("Also who was refused a secret."))
    ] = False,
    form: Annotated[Form, typer.Option("--format", help=_("table, csv or json."))] = Form.TABLE,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("Write it into this new file."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.refs import ClientCode
    from vault.accounting.logs import logs_or_own, remarks
    from vault.accounting.printing import show_reads
    from vault.accounting.report import Scope, open_report

    run = context(ctx)
    scope = Scope(
        client="" if client is None else ClientCode.parse(client).value,
        since=None if since is None else _midnight(run, since),
        until=None if until is None else _midnight(run, until, days_later=1),
        denied=denied,
    )
    form, screen = Form.JSON if as_json else form, screen_of(sys.stdout)
    between_the_rows = out is None and screen.width is not None and form is not Form.TABLE
    names = logs_or_own(run.home, run.settings, logs)
    report = open_report(run, names, scope, person=person, bar=not between_the_rows)
    show_reads(report.rows, form=form, screen=screen, out=out)
    for remark in remarks(report.tallies):
        say(remark)
    say(str(report.summary))
    if scope.client and not report.summary.entries:
        from opskit.clients.services import find

        with run.snapshot() as session:
            find(session, scope.client)  # an unknown client is no unread one


@app.command(
    "exposure",
    help=_("What somebody still knows: every entry they read that was not rotated since."),
    epilog=examples(
        "opskit vault exposure bob",
        "opskit vault exposure bob --rotate-list "
        "| xargs -r -d '\\n' -n 1 opskit vault rotate --generate",
    ),
)
def exposure(
    ctx: typer.Context,
    person: Annotated[
        str,
        typer.Argument(
            metavar="PERSON",
            autocompletion=complete_login,
            help=_("The login, the name, or the entity's id."),
        ),
    ],
    logs: LogArguments = None,
    rotate_list: Annotated[
        bool, typer.Option("--rotate-list", help=_("Only the entries to rotate, one a line."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from vault.accounting.checklist import rotatable, show_checklist
    from vault.accounting.leaving import exposure_of
    from vault.accounting.logs import logs_or_own, remarks

    run = context(ctx)
    leaver = exposure_of(run, logs_or_own(run.home, run.settings, logs), person=person)
    if rotate_list:
        for ref in rotatable(leaver.exposed):
            data(ref)
    else:
        show_checklist(leaver.exposed, as_json=as_json, screen=screen_of(sys.stdout))
    for remark in remarks(leaver.tallies):
        say(remark)
    say(str(leaver))


def _midnight(run: AppContext, text: str, *, days_later: int = 0) -> datetime:
    """When that day begins where the person sits, or one some days later."""
    from opskit.core.dates import parse_date

    day = parse_date(text, today=run.today()) + timedelta(days=days_later)
    return datetime.combine(day, time.min).astimezone(UTC)
