"""opskit todo: what waits for somebody, from every utility."""

from dataclasses import asdict
from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, single
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import show_rows

app = single()


@app.command(
    "todo",
    help=_("What waits for somebody, the oldest first."),
    epilog=examples(
        "opskit todo", "opskit todo --role license-issuer --late", "opskit todo --json"
    ),
)
def todo(
    ctx: typer.Context,
    person: Annotated[
        str | None, typer.Option("--person", metavar="NAME", help=_("Only what is this person's."))
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help=_("Only what needs this role."))
    ] = None,
    late: Annotated[bool, typer.Option("--late", help=_("Only what is overdue."))] = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.todo import TodoSources, all_items

    run = context(ctx)
    today = run.today()
    run.identity()
    with run.snapshot() as session:
        found = all_items(run.plug(TodoSources), session, today=today)
    rows = [
        {**asdict(item), "late": item.is_late(on=today)}
        for item in found
        if (person is None or item.person == person)
        and (role is None or item.role == role)
        and (not late or item.is_late(on=today))
    ]
    columns = {
        "due": _("Due"),
        "subject": _("Subject"),
        "client": _("Client"),
        "what": _("What"),
        "person": _("Person"),
        "role": _("Role"),
        "command": _("Command"),
    }
    spared = ("role", "person", "subject")
    show_rows(rows, columns, as_json=as_json, empty=_("nothing to do"), spared=spared)
