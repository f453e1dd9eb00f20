"""opskit license request: the wish, with every term spelled out."""

from typing import Annotated

import typer

from licenses.cli.arguments import OrderOption
from licenses.cli.template import TemplateOption
from licenses.completion import complete_modules
from opskit.clients.options import ClientArgument
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json

app = group(_("Asking."))


@app.command(
    "request",
    help=_("Ask for a licence; a second person will have to approve it."),
    epilog=examples(
        'opskit license request DELEZE --modules "FIN AP AR" --named-users 60 '
        "--maintenance-until 2027-11-04 --order SO-42566 --ticket CS-1002",
        "opskit license request DELEZE --kind test --modules FIN --named-users unlimited "
        "--maintenance-until 31.12.2027 --valid-until +60bd",
        "opskit license request --template requests.xlsx",
    ),
)
def request(
    ctx: typer.Context,
    client: ClientArgument,
    modules: Annotated[
        str | None,
        typer.Option(
            "--modules",
            metavar="CODES",
            autocompletion=complete_modules,
            help=_("Module codes: opskit license catalog."),
        ),
    ] = None,
    named_users: Annotated[
        str | None,
        typer.Option("--named-users", metavar="N", help=_("A number, or the word unlimited.")),
    ] = None,
    maintenance_until: Annotated[
        str | None,
        typer.Option(
            "--maintenance-until",
            metavar="DATE",
            help=_("Last day of maintenance: a day, +12m from the first usable day, or none."),
        ),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            autocompletion=choices(("production", "test", "demo", "temporary")),
            help=_("production, test, demo or temporary."),
        ),
    ] = "production",
    product: Annotated[
        str | None, typer.Option("--product", help=_("The product, by default the first."))
    ] = None,
    edition: Annotated[
        str | None, typer.Option("--edition", help=_("The edition, by default the first."))
    ] = None,
    concurrent_users: Annotated[
        str | None,
        typer.Option("--concurrent-users", metavar="N", help=_("Seats shared by all others.")),
    ] = None,
    valid_from: Annotated[
        str, typer.Option("--valid-from", metavar="DATE", help=_("First usable day."))
    ] = "today",
    valid_until: Annotated[
        str,
        typer.Option(
            "--valid-until", metavar="DATE", help=_("Last usable day: a day, +12m, or none.")
        ),
    ] = "none",
    version_ceiling: Annotated[
        str | None, typer.Option("--version-ceiling", metavar="VERSION", help=_("Not above this."))
    ] = None,
    grace_days: Annotated[
        str,
        typer.Option("--grace-days", metavar="N", help=_("Days after the last that only warn.")),
    ] = "0",
    site: Annotated[
        str | None,
        typer.Option("--site", metavar="TEXT", help=_("Bind it to the installation of this id.")),
    ] = None,
    order: OrderOption = None,
    ticket: TicketOption = None,
    template: TemplateOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses import presenting
    from licenses.cli.essentials import Given, essentials
    from licenses.directory import Directory
    from licenses.folding import say_page
    from licenses.following.periods import parse_end
    from licenses.mistaken import find_client
    from licenses.services import requests
    from licenses.terms import Terms, parse_grace, parse_kind, parse_users
    from opskit.core.catalog import load_catalog
    from opskit.core.dates import parse_date
    from opskit.core.refs import TicketKey, format_number

    del template  # written, where it was asked for, before anything else was looked at
    run = context(ctx)
    catalog = load_catalog(run.home)
    today, actor = run.today(), run.identity()
    wanted_kind, first = parse_kind(kind), parse_date(valid_from, today=today)
    last_day, days = parse_end(valid_until, today=today, first=first), parse_grace(grace_days)
    shared_users = parse_users(concurrent_users) if concurrent_users else 0
    given = Given(modules, named_users, maintenance_until, first, today)
    needed = essentials(run, client, wanted_kind, given, catalog)
    terms = Terms(
        kind=wanted_kind,
        product=catalog.product(product).code if product else catalog.products[0].code,
        edition=catalog.edition(edition).code if edition else catalog.editions[0].code,
        modules=needed.modules,
        named_users=needed.named_users,
        concurrent_users=shared_users,
        valid_from=first,
        last_day=last_day,
        maintenance_until=needed.maintenance_until,
        version_ceiling=version_ceiling,
        grace_days=days,
        site=site,
    )
    wish = requests.Wish(
        terms=terms, order_ref=order, ticket=TicketKey.parse(ticket) if ticket else None
    )
    with run.transaction() as session:
        made = requests.request(
            session,
            client=find_client(session, client),
            wish=wish,
            catalog=catalog,
            at=run.now(),
            actor=actor,
        )
        known = Directory(session)
        row = presenting.request_row(made, known)
        warnings = presenting.warnings(session, made, known, today=today)
    say_page(warnings)
    if as_json:
        show_json(row)
        return
    data(format_number("R", made.number))
    say(_("requested for {client}; a second person types:").format(client=made.client))
    say(f"  opskit license approve {format_number('R', made.number)}")
