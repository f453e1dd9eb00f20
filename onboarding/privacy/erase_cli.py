"""erase: a person who left is forgotten, and the log still holds."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json
from opskit.staff.completion import complete_login

app = group(_("Forgetting."))


@app.command(
    "erase",
    help=_(
        "Put a pseudonym in the place of a person who left, everywhere and for good: in the safe, "
        "the staff, what they wrote, the event log. What proves a patch stays."
    ),
    epilog=examples(
        "opskit onboarding erase cperret",
        "opskit onboarding erase cperret --yes",
        "opskit audit verify",
    ),
)
def erase(
    ctx: typer.Context,
    person: Annotated[
        str,
        typer.Argument(metavar="PERSON", autocompletion=complete_login, help=_("Name or login.")),
    ],
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: JsonOption = False,
) -> None:
    from dataclasses import asdict

    from onboarding.privacy import acts
    from onboarding.privacy.forgetting import require_forgettable
    from opskit.core.agreeing import agree
    from opskit.staff import services as staff

    run = context(ctx)
    desk = acts.erase_desk(run)
    with run.snapshot() as session:
        meant = staff.find(session, person)
        require_forgettable(session, meant, desk.actor)
    question = _("Erase {name} ({login}) for good? Nothing brings this back").format(
        name=meant.name, login=meant.login
    )
    agree(question, yes=yes)
    found = acts.erase(desk, person_id=meant.id)
    if as_json:
        show_json(asdict(found))
        return
    say(
        _("{name} is all that is left; events: {events}, texts: {texts}").format(
            name=found.pseudonym, events=found.events, texts=found.texts
        )
    )
    say(_("backups made before today still name the person: remove them when they are due"))
