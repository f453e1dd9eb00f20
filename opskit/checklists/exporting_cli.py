"""export, calendar: the runs as a table, their days as a calendar."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.checklists.outlet import Campaigns, Outlet, RunsOf
from opskit.core.cliapp import context
from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import OutOption, TableFormatOption
from opskit.core.output import say

PersonOption = Annotated[
    str | None,
    typer.Option(
        "--person", metavar="NAME", help=_("Whose days, by login or name; by default yours.")
    ),
]


def add_calendar(outlet: Outlet, campaigns: Campaigns | None) -> None:
    """Only where there are campaigns, one may be asked for."""
    if campaigns is None:
        _add_plain_calendar(outlet)
    else:
        _add_campaign_calendar(outlet, campaigns)


def add_export(outlet: Outlet) -> None:
    run_argument = outlet.argument
    file = outlet.file

    @outlet.app.command(
        "export",
        help=_("A list with its steps as a table for others, or all lists."),
        epilog=outlet.shown(
            f"export {outlet.sample} --out {file}.xlsx", "export --all --out all.csv"
        ),
    )
    def export(
        ctx: typer.Context,
        out: OutOption,
        run: Annotated[str | None, run_argument] = None,
        every: Annotated[
            bool, typer.Option("--all", help=_("Every list, also closed ones."))
        ] = False,
        form: TableFormatOption = None,
    ) -> None:
        from opskit.checklists.confidential import kept_from
        from opskit.checklists.exporting import step_table
        from opskit.checklists.ports import People
        from opskit.core.private_files import require_place, write_asked_for
        from opskit.core.table_files import format_of, table_bytes

        if every == (run is not None):
            raise UsageProblemError(
                _("give one list, or --all"), hint=f"opskit {outlet.group} export --help"
            )
        here = context(ctx)
        wanted = format_of(form, out)
        here.identity()
        require_place(out)
        with here.snapshot() as session:
            table = step_table(
                session,
                kind=outlet.group,
                on=here.today(),
                run=outlet.find(session, run, here.identity) if run is not None else None,
                names=here.plug(People).names(session),
                without=kept_from(session, here.identity),
            )
        write_asked_for(out, table_bytes(wanted, table.rows, table.columns))
        say(_("{file} written, steps: {count}").format(file=out, count=len(table.rows)))


def _add_plain_calendar(outlet: Outlet) -> None:
    @outlet.app.command(
        "calendar",
        help=_("The days of the lists and of their open steps as a calendar file."),
        epilog=outlet.shown("calendar --out days.ics", "calendar --person bob --out bob.ics"),
    )
    def calendar(ctx: typer.Context, out: OutOption, person: PersonOption = None) -> None:
        _write_calendar(context(ctx), outlet.group, out, person=person)


def _add_campaign_calendar(outlet: Outlet, campaigns: Campaigns) -> None:
    @outlet.app.command(
        "calendar",
        help=_("The days of the lists and of their open steps as a calendar file."),
        epilog=outlet.shown(
            "calendar --out days.ics",
            "calendar --campaign C3 --out campaign.ics",
            "calendar --campaign C3 --person bob --out bob.ics",
        ),
    )
    def calendar(
        ctx: typer.Context,
        out: OutOption,
        person: PersonOption = None,
        campaign: Annotated[
            str | None,
            typer.Option(
                "--campaign",
                autocompletion=campaigns.complete,
                help=_("Everybody's days in a campaign, such as C3."),
            ),
        ] = None,
    ) -> None:
        here = context(ctx)
        _write_calendar(
            here, outlet.group, out, person=person, campaign=campaign, runs=campaigns.runs
        )


def _write_calendar(
    here: AppContext,
    kind: str,
    out: Path,
    *,
    person: str | None,
    campaign: str | None = None,
    runs: RunsOf | None = None,
) -> None:
    """Of a campaign, of a person, of a person in a campaign; else one's own."""
    from opskit.checklists.agenda import agenda
    from opskit.checklists.confidential import kept_from
    from opskit.checklists.ports import People
    from opskit.core.ics import calendar_file
    from opskit.core.private_files import require_place, write_asked_for

    actor, people = here.identity(), here.plug(People)
    require_place(out)
    with here.snapshot() as session:
        names = people.names(session)
        login = people.login_of(session, person) if person else None
        if login is None and campaign is None:
            login = actor.name
        events = agenda(
            session,
            kind=kind,
            at=here.now(),
            login=login,
            run_ids=runs(session, campaign) if runs and campaign else None,
            names=names,
            without=kept_from(session, here.identity),
        )
    about = [campaign, names.get(login, login) if login else None]
    title = f"opskit {kind}: {', '.join(filter(None, about))}"
    write_asked_for(out, calendar_file(title, events))
    say(_("{file} written, days: {count}").format(file=out, count=len(events)))
