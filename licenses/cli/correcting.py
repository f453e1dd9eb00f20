"""opskit license supersede: correct a licence, starting from the old terms."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from licenses.cli.arguments import OrderOption, TargetArgument
from licenses.cli.following import ask_to_succeed, ground_of
from licenses.completion import complete_modules
from opskit.core.cliapp import context, examples, group
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from licenses.terms import Terms
    from opskit.core.catalog import Catalog

app = group(_("Correcting."))

Text = str | None


@app.command(
    "supersede",
    help=_("Ask for a corrected licence: the old terms, but for what you give."),
    epilog=examples(
        "opskit license supersede L1042 --named-users 40 --ticket CS-1002",
        "opskit license supersede DELEZE --edition enterprise",
        "opskit license supersede L1042 --valid-until none",
    ),
)
def supersede(
    ctx: typer.Context,
    target: TargetArgument,
    modules: Annotated[
        Text,
        typer.Option("--modules", autocompletion=complete_modules, help=_("All its modules.")),
    ] = None,
    named_users: Annotated[Text, typer.Option("--named-users", help=_("Named users."))] = None,
    concurrent_users: Annotated[
        Text, typer.Option("--concurrent-users", help=_("Seats shared by all others."))
    ] = None,
    maintenance_until: Annotated[
        Text, typer.Option("--maintenance-until", help=_("Last day of maintenance, or none."))
    ] = None,
    valid_from: Annotated[Text, typer.Option("--valid-from", help=_("First usable day."))] = None,
    valid_until: Annotated[
        Text, typer.Option("--valid-until", help=_("Last usable day, or none."))
    ] = None,
    edition: Annotated[Text, typer.Option("--edition", help=_("The edition."))] = None,
    version_ceiling: Annotated[
        Text, typer.Option("--version-ceiling", help=_("Not above this."))
    ] = None,
    grace_days: Annotated[
        Text, typer.Option("--grace-days", help=_("Days after the last that only warn."))
    ] = None,
    order: OrderOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.actions import Action

    run = context(ctx)
    ground = ground_of(run, order=order, ticket=ticket)
    typed = {
        "modules": modules,
        "named_users": named_users,
        "concurrent_users": concurrent_users,
        "maintenance_until": maintenance_until,
        "valid_from": valid_from,
        "last_day": valid_until,
        "edition": edition,
        "version_ceiling": version_ceiling,
        "grace_days": grace_days,
    }
    given = {name: text for name, text in typed.items() if text is not None}
    if not given:
        raise UsageProblemError(
            _("nothing is to be corrected"), hint="opskit license supersede --help"
        )
    change = _corrected(given, ground.catalog, run.today())
    ask_to_succeed(run, target, Action.SUPERSEDE, change, ground, as_json=as_json)


def _corrected(
    given: dict[str, str], catalog: "Catalog", today: "date"
) -> "Callable[[Terms], Terms]":
    """Raises InvalidError, NotFoundError: a term is none."""
    from licenses.following.periods import parse_end
    from licenses.terms import parse_grace, parse_modules, parse_users
    from opskit.core.dates import parse_date

    def end(text: str) -> "date | None":
        return parse_end(text, today=today)

    readers: dict[str, Callable[[str], Any]] = {
        "modules": lambda text: parse_modules(text, catalog),
        "named_users": parse_users,
        "concurrent_users": parse_users,
        "maintenance_until": end,
        "valid_from": lambda text: parse_date(text, today=today),
        "last_day": end,
        "edition": lambda text: catalog.edition(text).code,
        "version_ceiling": str,
        "grace_days": parse_grace,
    }
    terms = {name: readers[name](text) for name, text in given.items()}
    return lambda old: replace(old, **terms)
