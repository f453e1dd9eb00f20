"""opskit ... template lint, diff, preview."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.checklists.template_cli.common import (
    SAMPLE,
    SourceArgument,
    find,
    known_checks,
    known_facts,
)
from opskit.core.cliapp import context, examples
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from opskit.checklists.template_tools.diff import Change, FieldChange
    from opskit.checklists.template_tools.lint import Remark
    from opskit.checklists.template_tools.preview import PreviewedStep
    from opskit.checklists.templates import Template
    from opskit.core.context import AppContext

LONGEST = 60


def add_comparing(app: typer.Typer, told: str) -> None:
    app.command(
        "lint",
        help=_("Say what is wrong in template files, and what could be better."),
        epilog=examples(f"{told} lint my-list.yaml", f"{told} lint *.yaml --json"),
    )(lint)
    app.command(
        "diff",
        help=_("What changes from one template to another, step by step."),
        epilog=examples(f"{told} diff {SAMPLE}/1 {SAMPLE}/2", f"{told} diff {SAMPLE} my-list.yaml"),
    )(diff)
    app.command(
        "preview",
        help=_("Every step with its due date, and whether it would apply."),
        epilog=examples(
            f"{told} preview {SAMPLE} --on 2027-01-20 --canton BE",
            f"{told} preview my-list.yaml --on +20bd --client DELEZE --fact run.version=12.4",
        ),
    )(preview)


def lint(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help=_("YAML files or Excel workbooks."))
    ],
    as_json: JsonOption = False,
) -> None:
    from opskit.core.errors import CheckFailedError

    run = context(ctx)
    checks, facts = known_checks(run), known_facts(run)
    found = {str(path): _remarks(path, checks, facts) for path in files}
    rows = [
        {"file": file, "verdict": remark.kind, "text": remark.text}
        for file, remarks in found.items()
        for remark in remarks
    ]
    columns = {"verdict": _("Verdict"), "text": _("Remark")}
    show_rows(rows, columns, as_json=as_json, empty=_("nothing to say: all is well"))
    wrong = [file for file, remarks in found.items() if any(r.kind == "failed" for r in remarks)]
    if wrong:
        raise CheckFailedError(
            _("{count} of {total} files are wrong: {files}").format(
                count=len(wrong), total=len(files), files=", ".join(wrong)
            ),
            hint=_("docs/checklists.md explains every key"),
        )


def _remarks(path: Path, checks: "Collection[str]", facts: "Collection[str]") -> "list[Remark]":
    from opskit.checklists.errors import TemplateInvalidError
    from opskit.checklists.template_tools.finding import EXCEL, as_text, read_bytes, read_template
    from opskit.checklists.template_tools.lint import Remark, lint, warnings_about

    if path.suffix.lower() != EXCEL:
        return lint(as_text(read_bytes(path), path), path.name, checks=checks, client_facts=facts)
    try:
        template = read_template(path, checks=checks)
    except TemplateInvalidError as err:
        return [Remark("failed", err.message)]
    told = warnings_about(template, client_facts=facts)
    return [Remark("warning", f"{path.name}: {each}") for each in told]


def diff(
    ctx: typer.Context,
    old: SourceArgument,
    new: SourceArgument,
    as_json: JsonOption = False,
) -> None:
    from opskit.checklists.template_tools.diff import compare

    run = context(ctx)
    with run.snapshot() as session:
        before, after = find(run, session, old), find(run, session, new)
    changes = compare(before, after)
    if as_json:
        show_json([_change_json(change) for change in changes])
        return
    texts = {**_texts(before), **_texts(after)}
    rows = [
        {
            "change": change.change,
            "part": _part(change.part),
            "key": change.key,
            "what": "; ".join(map(_field, change.fields)) or texts[change.part, change.key],
        }
        for change in changes
    ]
    columns = {"change": _("Change"), "part": _("Kind"), "key": _("Key"), "what": _("What")}
    show_rows(rows, columns, empty=_("there is no difference"))


def preview(
    ctx: typer.Context,
    template: SourceArgument,
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help=_("The day from which due dates count."))
    ],
    canton: Annotated[
        str | None, typer.Option("--canton", metavar="CODE", help=_("Whose holidays count."))
    ] = None,
    client: Annotated[
        str | None, typer.Option("--client", metavar="CODE", help=_("Whose facts decide."))
    ] = None,
    facts: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="NAME=VALUE", help=_("Another fact, more than once.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.business_days import parse_canton

    run = context(ctx)
    with run.snapshot() as session:
        found = find(run, session, template)
        known, home = _about(run, session, client)
        where = parse_canton(canton) if canton else home or found.canton
        day, steps = _previewed(run, session, found, on, where, known, facts or [])
    rows = [_preview_row(each) for each in steps]
    if as_json:
        show_json({"template": found.name, "on": day, "canton": where, "steps": rows})
        return
    columns = {
        "position": _("No."),
        "due_on": _("Due on"),
        "applies": _("Applies"),
        "step": _("Step"),
        "text": _("Text"),
    }
    show_rows([{**row, "applies": _applies(row)} for row in rows], columns)
    first, last = (end(each.due_on for each in steps) for end in (min, max))
    told = _("{template}: {count} steps, from {first} to {last}")
    say(told.format(template=found.name, count=len(rows), first=first, last=last))


def _about(
    run: "AppContext", session: "Session", client: str | None
) -> tuple[dict[str, Any], str | None]:
    """What is known of the client, and its canton."""
    from opskit.checklists.template_tools.ports import ClientDirectory

    if client is None:
        return {}, None
    about = run.plug(ClientDirectory).about(session, client)
    return dict(about.facts), about.canton


def _previewed(
    run: "AppContext",
    session: "Session",
    template: "Template",
    on: str,
    canton: str | None,
    client: dict[str, Any],
    typed: list[str],
) -> "tuple[date, list[PreviewedStep]]":
    """The day that was typed, and the steps by what is known; a typed fact counts more."""
    from opskit.checklists.template_tools.preview import parse_facts, preview
    from opskit.core.business_days import CalendarSource
    from opskit.core.dates import parse_date

    day = parse_date(on, today=run.today(), canton=canton)
    given = parse_facts(typed)
    facts = {
        **given,
        "client": {**client, **({"canton": canton} if canton else {}), **given.get("client", {})},
        "run": {"on": day.isoformat(), **given.get("run", {})},
    }
    calendar = run.plug(CalendarSource).load(session)
    return day, preview(template, on=day, canton=canton, calendar=calendar, facts=facts)


def _preview_row(previewed: "PreviewedStep") -> dict[str, Any]:
    from opskit.checklists.page.text import in_language

    step = previewed.step
    return {
        "position": previewed.position,
        "step": step.key,
        "phase": step.phase,
        "text": in_language(step.text),
        "owner": step.owner,
        "due": step.due,
        "due_on": previewed.due_on,
        "applies": previewed.applies,
        "when": step.when or None,
    }


def _applies(row: dict[str, Any]) -> str:
    from opskit.core.words import yes_or_no

    if row["applies"] is None:
        return _("if {condition}").format(condition=row["when"])
    return yes_or_no(row["applies"])


def _change_json(change: "Change") -> dict[str, Any]:
    fields = [
        {"field": each.field, "before": each.before, "after": each.after} for each in change.fields
    ]
    return {"part": change.part, "key": change.key, "change": change.change, "fields": fields}


def _texts(template: "Template") -> dict[tuple[str, str], str]:
    """What stands for a part that is there only once: its words."""
    from opskit.checklists.page.text import in_language

    phases = {("phase", each.key): in_language(each.title) for each in template.phases}
    return {**phases, **{("step", each.key): in_language(each.text) for each in template.steps}}


def _part(part: str) -> str:
    return {"template": _("template"), "phase": _("phase")}.get(part, _("step"))


def _field(change: "FieldChange") -> str:
    if isinstance(change.before, dict) and isinstance(change.after, dict):  # words by language
        languages = dict.fromkeys([*change.before, *change.after])
        told = [
            f"{change.field}.{code} {_value(before)} -> {_value(after)}"
            for code in languages
            if (before := change.before.get(code)) != (after := change.after.get(code))
        ]
        return "; ".join(told)
    return f"{change.field} {_value(change.before)} -> {_value(change.after)}"


def _value(value: object) -> str:
    """As it stands in the file, and no longer than a line."""
    from textwrap import shorten

    if isinstance(value, list | tuple):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "-" if value is None else shorten(str(value), LONGEST, placeholder="…") or '""'
