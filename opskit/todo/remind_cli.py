"""opskit remind: everybody hears of what waits for them, of each thing once."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, single
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.team import POLES
from opskit.todo.cli import LateOption, PersonOption, one_of, wish_for

app = single()

CHANNELS = ("mail", "webhook")
PoleOption = Annotated[
    str | None,
    typer.Option(
        "--pole",
        metavar="POLE",
        autocompletion=choices(POLES),
        help=_("Only what is of this pole, to the channel of this pole."),
    ),
]


@app.command(
    "remind",
    help=_(
        "Tell everybody what waits for them: one message each, the late ones first. "
        "Nothing is sent without --send, and nobody is told the same twice."
    ),
    epilog=examples(
        "opskit remind",
        "opskit remind --send",
        "opskit remind --person nora --late",
        "opskit remind --via webhook --pole logistics --send",
        "opskit remind --within 10d --json",
    ),
)
def remind(
    ctx: typer.Context,
    send: Annotated[
        bool,
        typer.Option(
            "--send/--dry-run", help=_("Send them; without it they are shown, and that is all.")
        ),
    ] = False,
    via: Annotated[
        str,
        typer.Option(
            "--via",
            autocompletion=choices(CHANNELS),
            help=_("mail to each person, or webhook to the channel of the team."),
        ),
    ] = "mail",
    person: PersonOption = None,
    pole: PoleOption = None,
    late: LateOption = False,
    within: Annotated[
        str | None,
        typer.Option(
            "--within",
            metavar="SPAN",
            help=_("What is due up to then, such as 10d; else what each thing deserves."),
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help=_("Also what nobody knows whether it arrived.")),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.todo.directory import oneself
    from opskit.todo.reminding import planned
    from opskit.todo.reminding import send as send_them
    from opskit.todo.showing import show_plan, show_posted

    run = context(ctx)
    way = one_of(via, CHANNELS, option="--via")
    actor = run.identity()
    with run.snapshot() as session:
        reader = oneself(session, actor)
        wish = wish_for(run, session, person=person, pole=pole, late=late)
        reminders = planned(run, session, way=way, wish=wish, within=within, again=again)
    if send:
        show_posted(reminders, send_them(run, reminders), as_json=as_json)
    else:
        show_plan(reminders, reader, today=run.today(), as_json=as_json)
