"""opskit ... template export, import."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.checklists.template_cli.common import SAMPLE, SourceArgument, find, known_checks
from opskit.core.cliapp import context, examples
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from opskit.checklists.templates import Template

MARKDOWN = (".md", ".markdown")


def add_carrying(app: typer.Typer, told: str) -> None:
    app.command(
        "export",
        help=_("Write a template as an Excel workbook with drop-downs, or as YAML."),
        epilog=examples(
            f"{told} export {SAMPLE} --out {SAMPLE}.xlsx", f"{told} export {SAMPLE} --out mine.yaml"
        ),
    )(export)
    app.command(
        "import",
        help=_("Make a YAML template of a workbook, or of a task list in Markdown."),
        epilog=examples(
            f"{told} import {SAMPLE}.xlsx --out {SAMPLE}.yaml",
            f"{told} import RELEASING.md --out releasing.yaml --lang en --owner agent",
        ),
    )(import_template)


def export(
    ctx: typer.Context,
    template: SourceArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help=_("A new .xlsx or .yaml file."))
    ],
    as_json: JsonOption = False,
) -> None:
    from opskit.core.private_files import require_place, write_asked_for

    run = context(ctx)
    require_place(out)
    with run.snapshot() as session:
        found = find(run, session, template)
    is_new = write_asked_for(out, _file(found, out, known_checks(run)))
    if as_json:
        show_json(_carried(found, out, is_new))
        return
    say(
        _("{template} is in {file}").format(template=found.name, file=out)
        if is_new
        else _("{file} holds this already").format(file=out)
    )


def import_template(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("An .xlsx or .md file."))],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("A new .yaml file."))],
    template_id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help=_("Of Markdown: the id, else the file's name.")),
    ] = None,
    lang: Annotated[
        str,
        typer.Option("--lang", help=_("Of Markdown: en, fr, or fr/en where items hold both.")),
    ] = "en",
    owner: Annotated[
        str, typer.Option("--owner", metavar="ROLE", help=_("Of Markdown: who does the steps."))
    ] = "agent",
    anchor: Annotated[
        str,
        typer.Option("--anchor", metavar="NAME", help=_("Of Markdown: what the day is called.")),
    ] = "day",
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists.template_tools.finding import read_template
    from opskit.checklists.template_tools.lint import warnings_about
    from opskit.checklists.template_tools.yaml_out import yaml_text
    from opskit.core.private_files import require_place, write_asked_for

    run = context(ctx)
    require_place(out)
    if file.suffix.lower() in MARKDOWN:
        found = _from_markdown(file, template_id, lang=lang, owner=owner, anchor=anchor)
    else:
        found = read_template(file, checks=known_checks(run))
    is_new = write_asked_for(out, yaml_text(found))
    warnings = warnings_about(found)
    if as_json:
        sizes = {"phases": len(found.phases), "steps": len(found.steps)}
        show_json({**_carried(found, out, is_new), **sizes, "warnings": warnings})
        return
    told = _("{template} is in {file}, steps: {steps}, phases: {phases}")
    steps, phases = len(found.steps), len(found.phases)
    if is_new:
        say(told.format(template=found.name, file=out, steps=steps, phases=phases))
    else:
        say(_("{file} holds this already").format(file=out))
    for warning in warnings:
        say(f"- {warning}")


def _carried(template: "Template", out: Path, is_new: bool) -> dict[str, Any]:
    return {"id": template.id, "version": template.version, "file": out, "written": is_new}


def _file(template: "Template", out: Path, checks: "Collection[str]") -> bytes:
    from opskit.checklists.template_tools.excel_out import workbook
    from opskit.checklists.template_tools.finding import EXCEL, YAML
    from opskit.checklists.template_tools.yaml_out import yaml_text
    from opskit.core.errors import InvalidError
    from opskit.core.identity import ROLES

    match out.suffix.lower():
        case suffix if suffix == EXCEL:
            return workbook(template, owners=ROLES, checks=sorted(checks))
        case suffix if suffix in YAML:
            return yaml_text(template).encode()
        case _:
            raise InvalidError(
                _("{file} is neither a workbook nor YAML").format(file=out),
                hint=_("end its name in {endings}").format(endings=".xlsx .yaml"),
            )


def _from_markdown(
    file: Path, template_id: str | None, *, lang: str, owner: str, anchor: str
) -> "Template":
    from opskit.checklists.template_tools.finding import as_text, read_bytes
    from opskit.checklists.template_tools.markdown import LANGUAGES, read_markdown, slug
    from opskit.core.errors import InvalidError

    if lang not in LANGUAGES:
        raise InvalidError(
            _("{text} is no language of a task list").format(text=repr(lang)),
            hint=", ".join(LANGUAGES),
        )
    return read_markdown(
        as_text(read_bytes(file), file),
        file.name,
        template_id=template_id or slug(file.stem, otherwise="list"),
        owner=owner,
        anchor=anchor,
        lang=lang,
    )
