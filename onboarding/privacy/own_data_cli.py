"""export-my-data: everything that is kept about a person."""

from typing import Annotated

import typer

from onboarding.options import IntoFileOption
from opskit.core.cliapp import context, examples, group
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.output import say, show_json
from opskit.staff.completion import complete_login

app = group(_("One's own data."))


@app.command(
    "export-my-data",
    help=_("Everything that is kept about you, as JSON; an admin may ask it for somebody else."),
    epilog=examples(
        "opskit onboarding export-my-data",
        "opskit onboarding export-my-data --out my-data.json",
        "opskit onboarding export-my-data cperret --out cperret.json",
    ),
)
def export_my_data(
    ctx: typer.Context,
    person: Annotated[
        str | None,
        typer.Argument(
            metavar="PERSON",
            autocompletion=complete_login,
            help=_("Name or login; without it yourself."),
        ),
    ] = None,
    out: IntoFileOption = None,
) -> None:
    import json

    from onboarding.privacy.own_data import own_data
    from onboarding.privacy.ports import PersonalRecords
    from opskit.core.private_files import require_place, write_asked_for
    from opskit.staff import services as staff

    run = context(ctx)
    asker = run.identity()
    if out is not None:
        require_place(out)
    with run.snapshot() as session:
        meant = (
            staff.by_entity(session, asker.entity_id)
            if person is None
            else staff.find(session, person)
        )
        if meant is None:
            raise NotFoundError(
                _("the staff directory does not know {name}").format(name=asker.name),
                hint="opskit staff list",
            )
        found = own_data(session, meant, asker=asker, elsewhere=run.plug(PersonalRecords))
    if out is None:
        show_json(found)
        return
    write_asked_for(out, json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n")
    say(_("{file} written").format(file=out))
