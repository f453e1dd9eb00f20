"""opskit license renew, extend, add-modules, move, revoke: after an earlier licence."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from licenses.cli.arguments import OrderOption, TargetArgument
from licenses.completion import complete_modules
from opskit.core.cliapp import context, examples, group, says_yes
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from licenses.actions import Action
    from licenses.following.succession import Ground
    from licenses.models import LicenseRecord, LicenseRequest
    from licenses.terms import Terms
    from opskit.core.context import AppContext

app = group(_("After an earlier licence."))


@app.command(
    "renew",
    help=_("Ask for another period: --until counts from the old end."),
    epilog=examples(
        "opskit license renew L1042 --until +12m --order SO-43001",
        "opskit license renew DELEZE --until 2028-11-04",
    ),
)
def renew(
    ctx: typer.Context,
    target: TargetArgument,
    until: Annotated[
        str,
        typer.Option("--until", metavar="DATE", help=_("The new end: a day, +12m, or none.")),
    ],
    maintenance_until: Annotated[
        str | None,
        typer.Option("--maintenance-until", metavar="DATE", help=_("Another end of maintenance.")),
    ] = None,
    order: OrderOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.actions import Action
    from licenses.following.changes import renewed

    run = context(ctx)
    ask_to_succeed(
        run,
        target,
        Action.RENEW,
        lambda old: renewed(old, until, maintenance=maintenance_until, today=run.today()),
        ground_of(run, order=order, ticket=ticket),
        as_json=as_json,
    )


@app.command(
    "extend",
    help=_("Ask for a later last usable day, the maintenance as before."),
    epilog=examples("opskit license extend L1042 --valid-until +1m"),
)
def extend(
    ctx: typer.Context,
    target: TargetArgument,
    valid_until: Annotated[
        str,
        typer.Option(
            "--valid-until", metavar="DATE", help=_("Last usable day: a day, +1m, or none.")
        ),
    ],
    order: OrderOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.actions import Action
    from licenses.following.changes import extended

    run = context(ctx)
    ask_to_succeed(
        run,
        target,
        Action.EXTEND,
        lambda old: extended(old, valid_until, today=run.today()),
        ground_of(run, order=order, ticket=ticket),
        as_json=as_json,
    )


@app.command(
    "add-modules",
    help=_("Ask for the same licence with more modules."),
    epilog=examples('opskit license add-modules L1042 --modules "PAY HRM" --order SO-43002'),
)
def add_modules(
    ctx: typer.Context,
    target: TargetArgument,
    modules: Annotated[
        str,
        typer.Option(
            "--modules",
            metavar="CODES",
            autocompletion=complete_modules,
            help=_("The codes of those to add."),
        ),
    ],
    order: OrderOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.actions import Action
    from licenses.following.changes import widened
    from licenses.terms import parse_modules

    run = context(ctx)
    ground = ground_of(run, order=order, ticket=ticket)
    added = parse_modules(modules, ground.catalog)
    ask_to_succeed(
        run,
        target,
        Action.ADD_MODULES,
        lambda old: widened(old, added, ground.catalog),
        ground,
        as_json=as_json,
    )


@app.command(
    "move",
    help=_("Ask for the licence of another site, and for the end of the old site's."),
    epilog=examples(
        "opskit license move L1042 --to-site 7f3a-22",
        "opskit license move L1042 --to-site B --copy",
    ),
)
def move(
    ctx: typer.Context,
    target: TargetArgument,
    to_site: Annotated[
        str, typer.Option("--to-site", metavar="TEXT", help=_("The id of the other installation."))
    ],
    copy: Annotated[
        bool, typer.Option("--copy", help=_("A further licence: the old one goes on."))
    ] = False,
    order: OrderOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.following import succession
    from licenses.following.changes import at_site

    run = context(ctx)
    ground = ground_of(run, order=order, ticket=ticket)
    with run.transaction() as session:
        old = succession.find_target(session, target)
        if copy:
            made, ending = (
                succession.copy(
                    session, old=old, change=lambda terms: at_site(terms, to_site), ground=ground
                ),
                None,
            )
        else:
            made, ending = succession.move(
                session, old=old, change=lambda terms: at_site(terms, to_site), ground=ground
            )
        pages = [_Page(session, old, each, run) for each in (made, ending) if each is not None]
        unbound = old.site is None and not copy
    if unbound:
        say(_("the old licence is bound to no site: remove it there by hand, it goes on working"))
    _show(pages, as_json=as_json)


@app.command(
    "revoke",
    help=_("Ask for the revocation of a licence: whoever enters it can use nothing any more."),
    epilog=examples('opskit license revoke L1042 --reason "contract ended" --ticket CS-1002'),
)
def revoke(
    ctx: typer.Context,
    target: TargetArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why it is revoked."))],
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    order: OrderOption = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.actions import Action
    from licenses.following import succession
    from licenses.terms import revocation
    from opskit.core.refs import format_number

    run = context(ctx)
    if sys.stdin.isatty() and not yes:
        with run.snapshot() as session:
            old = succession.find_target(session, target)
            question = _("ask for the revocation of {license} of {client}?").format(
                license=format_number("L", old.serial), client=old.client
            )
        if not says_yes(question, default=False):
            raise typer.Abort
    ask_to_succeed(
        run,
        target,
        Action.REVOKE,
        lambda terms: revocation(terms, today=run.today()),
        ground_of(run, order=order, ticket=ticket, reason=reason),
        as_json=as_json,
    )


def ground_of(
    run: "AppContext", *, order: str | None, ticket: str | None, reason: str | None = None
) -> "Ground":
    from licenses.following.succession import Ground
    from opskit.core.catalog import load_catalog
    from opskit.core.refs import TicketKey

    return Ground(
        catalog=load_catalog(run.home),
        at=run.now(),
        actor=run.identity(),
        order_ref=order,
        ticket=TicketKey.parse(ticket) if ticket else None,
        reason=reason,
    )


def ask_to_succeed(
    run: "AppContext",
    target: str,
    action: "Action",
    change: "Callable[[Terms], Terms]",
    ground: "Ground",
    *,
    as_json: bool,
) -> None:
    from licenses.following import succession

    with run.transaction() as session:
        old = succession.find_target(session, target)
        made = succession.succeed(session, old=old, action=action, change=change, ground=ground)
        pages = [_Page(session, old, made, run)]
    _show(pages, as_json=as_json)


class _Page:
    """What is shown of a new request, read while the transaction is open."""

    def __init__(
        self, session: "Session", old: "LicenseRecord", made: "LicenseRequest", run: "AppContext"
    ) -> None:
        from licenses import presenting
        from licenses.differences import differences
        from licenses.directory import Directory
        from licenses.rows import terms_of
        from opskit.core.refs import format_number

        known = Directory(session)
        self.number = format_number("R", made.number)
        self.old = format_number("L", old.serial)
        self.changes = differences(terms_of(old), terms_of(made))
        self.facts = {**presenting.request_row(made, known), "differences": self.changes}
        self.warnings = presenting.warnings(session, made, known, today=run.today())


def _show(pages: "list[_Page]", *, as_json: bool) -> None:
    """The requests on stdout; in JSON the second one stands in the first."""
    from licenses.folding import say_page

    first, *more = pages
    if as_json:
        say_page(first.warnings)
        show_json({**first.facts, "with": [each.facts for each in more]})
        return
    for each in pages:
        changes = each.changes or [_("nothing changes")]
        say_page(
            [
                *each.warnings,
                _("Changes against {license}:").format(license=each.old),
                *(f"  {change}" for change in changes),
            ]
        )
        data(each.number)
    say(_("a second person types:"))
    for each in pages:
        say(f"  opskit license approve {each.number}")
