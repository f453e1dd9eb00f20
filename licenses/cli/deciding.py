"""opskit license approve, reject, withdraw: what becomes of a request."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from licenses.cli.arguments import RequestArgument
from opskit.core.cliapp import context, examples, group, says_yes
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from licenses.models import LicenseRequest
    from opskit.core.context import AppContext

app = group(_("Deciding."))


@app.command(
    "approve",
    help=_("Approve somebody else's request: sign for exactly what it says."),
    epilog=examples(
        "opskit license approve R12",
        "opskit license approve R12 --yes",
        "opskit license approve B3",
    ),
)
def approve(
    ctx: typer.Context,
    number: RequestArgument,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: JsonOption = False,
) -> None:
    from licenses import approval, deciding, drafting, presenting
    from licenses.cli import batching
    from licenses.directory import Directory
    from licenses.folding import say_page
    from licenses.services import approvals
    from opskit.core.refs import format_number, parse_number
    from opskit.core.signing import Signer

    run = context(ctx)
    batch = batching.batch_in(number)
    if batch is not None:
        batching.approve(run, batch, yes=yes, as_json=as_json)
        return
    actor, signer, wanted = run.identity(), run.plug(Signer), parse_number("R", number)
    drafted = drafting.draft(run, wanted)
    with run.snapshot() as session:
        page = deciding.approval_page(session, drafted, today=run.today())
    say_page(page)
    if sys.stdin.isatty() and not yes and not says_yes(_("approve it?"), default=False):
        raise typer.Abort
    version, signature = approval.sign(drafted, approver_id=actor.entity_id, signer=signer)
    with run.transaction() as session:
        approved = approvals.approve(
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
    "reject",
    help=_("Refuse a request, with a reason that its requester can read."),
    epilog=examples('opskit license reject R12 --reason "the order says 40 users"'),
)
def reject(
    ctx: typer.Context,
    number: RequestArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why it is refused."))],
    as_json: JsonOption = False,
) -> None:
    from licenses.batching import closing
    from licenses.cli import batching
    from licenses.services import requests

    run, batch = context(ctx), batching.batch_in(number)
    if batch is not None:
        batching.close(run, batch, closing.reject, reason, as_json=as_json)
        return
    row = _close(run, number, requests.reject, reason)
    if as_json:
        show_json(row)
        return
    say(_("{request} rejected: {reason}").format(request=row["number"], reason=reason))


@app.command(
    "withdraw",
    help=_("Take a request back before it is issued."),
    epilog=examples("opskit license withdraw R12"),
)
def withdraw(
    ctx: typer.Context,
    number: RequestArgument,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=_("Why it is taken back."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.batching import closing
    from licenses.cli import batching
    from licenses.services import requests

    run, batch = context(ctx), batching.batch_in(number)
    if batch is not None:
        batching.close(run, batch, closing.withdraw, reason, as_json=as_json)
        return
    row = _close(run, number, requests.withdraw, reason)
    if as_json:
        show_json(row)
        return
    say(_("{request} withdrawn").format(request=row["number"]))


def _close(
    run: "AppContext", number: str, closing: "Callable[..., LicenseRequest]", reason: str | None
) -> dict[str, Any]:
    """End a request by one of the two services, and give its row."""
    from licenses import presenting
    from licenses.directory import Directory
    from opskit.core.refs import parse_number

    wanted, actor = parse_number("R", number), run.identity()
    with run.transaction() as session:
        closed = closing(session, number=wanted, reason=reason, at=run.now(), actor=actor)
        return presenting.request_row(closed, Directory(session))
