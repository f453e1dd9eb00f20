"""opskit vault provision, database: the safe itself, for an admin."""

from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.errors import CheckFailedError, InvalidError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, PasswordFileOption
from opskit.core.output import say, show_rows
from opskit.core.secret import read_secret
from vault.ports import DatabaseEngine, Provisioner

app = group(_("The safe itself."))


@app.command(
    "provision",
    help=_("Bring the safe's engines, policies, groups and keys into the desired state."),
    epilog=examples("opskit vault provision", "opskit vault provision --check"),
)
def provision(
    ctx: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help=_("Change nothing; exit 8 where something differs."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    from vault.provisioning.recording import PROVISION, recorded

    run = context(ctx)
    provisioner = run.plug(Provisioner)
    drifts = provisioner.plan()
    rows = [{"what": drift.what, "problem": drift.problem} for drift in drifts]
    columns = {"what": _("What"), "problem": _("Problem")}
    show_rows(rows, columns, as_json=as_json, empty=_("the safe is as it should be"))
    if not drifts:
        return
    if check:
        raise CheckFailedError(
            _("things that differ in the safe: {count}").format(count=len(drifts)),
            hint="opskit vault provision",
        )
    with recorded(run, PROVISION, {drift.what: drift.problem for drift in drifts}):
        provisioner.apply(drifts)
    say(_("things mended in the safe: {count}").format(count=len(drifts)))


@app.command(
    "database",
    help=_("Let the safe make everybody's logins to the team's PostgreSQL; an admin, once."),
    epilog=examples(
        "opskit vault database --url postgresql://db.example/opskit --username opskit_vault",
        "opskit vault database --url postgresql://db.example/opskit --username opskit_vault "
        "--password-file - --rotate",
    ),
)
def database(
    ctx: typer.Context,
    url: Annotated[
        str, typer.Option("--url", help=_("The database as the safe reaches it, without a user."))
    ],
    username: Annotated[
        str, typer.Option("--username", help=_("In whose name the safe makes the logins."))
    ],
    password_file: PasswordFileOption = None,
    rotate: Annotated[
        bool,
        typer.Option("--rotate", help=_("Then give that user a password only the safe knows.")),
    ] = False,
) -> None:
    from vault.provisioning.recording import ROTATE, recorded
    from vault.services import record_database

    run = context(ctx)
    if run.settings.profile != "team":
        raise InvalidError(
            _("this home keeps its database in a file: only a team's is made logins to"),
            hint="opskit init --team",
        )
    actor = run.identity()
    engine = run.plug(DatabaseEngine)
    password = read_secret(password_file, prompt=_("Password of {name}").format(name=username))
    engine.configure(url=url, username=username, password=password)
    with run.transaction() as session:
        record_database(session, url=url, username=username, at=run.now(), actor=actor)
    if rotate:
        with recorded(run, ROTATE, {"url": url, "username": username}):
            engine.rotate()
    say(_("the safe makes logins to the database"))
