"""opskit ... template publish, retire."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.checklists.template_cli.common import SAMPLE, IdArgument, known_checks
from opskit.core.cliapp import context, examples
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json


def add_changing(app: typer.Typer, told: str) -> None:
    app.command(
        "publish",
        help=_("Publish a version, so that new runs begin with it; it never changes again."),
        epilog=examples(f"{told} publish my-list.yaml", f"{told} publish my-list.xlsx --json"),
    )(publish)
    app.command(
        "retire",
        help=_("Let no new run begin with a version; runs under way go on."),
        epilog=examples(f"{told} retire {SAMPLE} --version 2 --reason 'replaced by 3'"),
    )(retire)


def publish(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A YAML file or a workbook."))],
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists.services.publishing import release
    from opskit.checklists.template_tools.finding import read_template

    run = context(ctx)
    template = read_template(file, checks=known_checks(run))
    with run.transaction() as session:
        published = release(session, template, at=run.now(), actor=run.identity())
        at = published.published_at
    if as_json:
        show_json(
            {
                "id": template.id,
                "version": template.version,
                "digest": template.digest,
                "published_at": at,
            }
        )
        return
    data(template.name)
    say(_("published: runs that begin from now on follow it"))


def retire(
    ctx: typer.Context,
    template: IdArgument,
    version: Annotated[int, typer.Option("--version", metavar="N", help=_("Which version."))],
    reason: Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))],
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists.services.publishing import retire as retire_version

    run = context(ctx)
    with run.transaction() as session:
        retirement = retire_version(
            session,
            template_id=template,
            version=version,
            at=run.now(),
            actor=run.identity(),
            reason=reason,
        )
        at = retirement.retired_at
    if as_json:
        show_json({"id": template, "version": version, "retired_at": at})
        return
    data(f"{template}/{version}")
    say(_("retired: no new run begins with it"))
