"""path import, path compose: a path as a file, of a task list or of layers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onboarding.names import POLES
from onboarding.options import ModulesOption, SiteOption
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from opskit.checklists.templates import Template

app = group(_("Paths."))
paths = group(_("Paths as files: of a task list, or of layers."))
app.add_typer(paths, name="path")

OutOption = Annotated[Path, typer.Option("--out", metavar="FILE", help=_("A new .yaml file."))]


@paths.command(
    "import",
    help=_(
        "Make a path of a long task list in Markdown: its headings become phases, its boxes steps. "
        "Owners and dates that its words name are taken over; the YAML file is then mended and "
        "published as any other template."
    ),
    epilog=examples("opskit onboarding path import onboarding.md --out path-support.yaml"),
)
def import_path(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A Markdown file."))],
    out: OutOption,
    path_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help=_("The path's name, else the file's."))
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", help=_("en, fr, or fr/en where items hold both."))
    ] = "en",
    owner: Annotated[
        str, typer.Option("--owner", metavar="ROLE", help=_("Whose steps they are at first."))
    ] = "consultant",
    as_json: JsonOption = False,
) -> None:
    from onboarding.path_file import read_task_list
    from opskit.core.private_files import require_place

    context(ctx)
    require_place(out)
    found = read_task_list(file, path_id=path_id or out.stem, owner=owner, lang=lang)
    _write(found, out, as_json=as_json)


@paths.command(
    "compose",
    help=_("Write the path of a pole, a site and modules to a file, with layers of your own."),
    epilog=examples(
        "opskit onboarding path compose --pole logistics --site lausanne --out path.yaml",
        "opskit onboarding path compose --pole logistics --layer neuchatel.yaml --out path.yaml",
    ),
)
def compose_path(
    ctx: typer.Context,
    pole: Annotated[
        str,
        typer.Option("--pole", autocompletion=choices(POLES), help=_("back-office or logistics.")),
    ],
    out: OutOption,
    site: SiteOption = None,
    modules: ModulesOption = None,
    layers: Annotated[
        list[Path] | None,
        typer.Option("--layer", metavar="FILE", help=_("A layer of your own, on top.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.layers import compose
    from onboarding.path_file import read_own_layer
    from onboarding.paths import layers_of
    from opskit.core.private_files import require_place

    context(ctx)
    require_place(out)
    own = [read_own_layer(file) for file in layers or ()]
    _write(compose([*layers_of(pole, site, modules or ()), *own]), out, as_json=as_json)


def _write(path: "Template", out: Path, *, as_json: bool) -> None:
    from opskit.checklists.template_tools.lint import warnings_about
    from opskit.checklists.template_tools.yaml_out import yaml_text
    from opskit.core.private_files import write_asked_for

    is_new = write_asked_for(out, yaml_text(path))
    warnings = warnings_about(path)
    sizes: dict[str, Any] = {"phases": len(path.phases), "steps": len(path.steps)}
    if as_json:
        about = {"id": path.id, "version": path.version, "file": out, "written": is_new}
        show_json({**about, **sizes, "warnings": warnings})
        return
    told = _("{template} is in {file}, steps: {steps}, phases: {phases}")
    if is_new:
        say(told.format(template=path.name, file=out, **sizes))
        say(
            _("to publish it: {command}").format(command=f"opskit checklist template publish {out}")
        )
    else:
        say(_("{file} holds this already").format(file=out))
    for warning in warnings:
        say(f"- {warning}")
