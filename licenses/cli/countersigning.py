"""opskit license countersign: the second person, where the safe's server wants one."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from licenses.models import LicenseRequest
    from opskit.core.context import AppContext
    from opskit.core.second_signer import WaitingSignature

app = group(_("Countersigning."))
FEW = 3


@app.command(
    "countersign",
    help=_("Let the safe sign what another licence issuer asked for, once it was approved."),
    epilog=examples(
        "opskit license countersign OOnjrisNwrIe2XcyJtXGnSfe",
        "opskit license countersign OOnjrisNwrIe2XcyJtXGnSfe --yes",
    ),
)
def countersign(
    ctx: typer.Context,
    accessors: Annotated[
        list[str],
        typer.Argument(metavar="ACCESSOR...", help=_("The accessor that issuing named.")),
    ],
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: JsonOption = False,
) -> None:
    from licenses import countersigning
    from opskit.core.agreeing import agree

    run = context(ctx)
    rows = []
    for accessor in dict.fromkeys(accessors):
        waiting, found = countersigning.look(run, accessor)
        rows.append(_shown(run, accessor, waiting, found))
        if not waiting.approved:
            agree(_("agree?"), yes=yes)
            countersigning.agree(run, accessor, found)
    say(_("the safe signs; {name} types the command again").format(name=rows[-1]["asked_by_name"]))
    if as_json:
        show_json(rows)


def _shown(
    run: "AppContext", accessor: str, waiting: "WaitingSignature", found: "list[LicenseRequest]"
) -> dict[str, Any]:
    """Say what would be signed; its row for JSON."""
    from licenses import presenting
    from licenses.directory import Directory
    from licenses.folding import say_page
    from opskit.core.refs import format_number

    licenses = [format_number("L", each.serial or 0) for each in found]
    with run.snapshot() as session:
        known = Directory(session)
        asker = known.name_of(waiting.asked_by) or waiting.asked_by
        for each in found if len(found) <= FEW else ():
            say_page(presenting.request_lines(each, known))
    say(
        _("{name} asks the safe to sign with {key}: {licenses}").format(
            name=asker, key=waiting.key, licenses=_spelt(licenses)
        )
    )
    return {
        "accessor": accessor,
        "asked_by": waiting.asked_by,
        "asked_by_name": asker,
        "key": waiting.key,
        "requests": [format_number("R", each.number) for each in found],
        "licenses": licenses,
    }


def _spelt(numbers: list[str]) -> str:
    """All of a few, the first and the last of many."""
    if len(numbers) <= FEW:
        return ", ".join(numbers)
    return _("{first} to {last}, in all {count}").format(
        first=numbers[0], last=numbers[-1], count=len(numbers)
    )
