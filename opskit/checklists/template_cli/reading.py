"""opskit ... template list, show, report."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.checklists.template_cli.common import SAMPLE, IdArgument, find, shipped
from opskit.core.cliapp import context, examples
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json, show_rows

if TYPE_CHECKING:
    from opskit.checklists.templates import StepTemplate, Template


def add_reading(app: typer.Typer, told: str) -> None:
    app.command(
        "list",
        help=_("Every version of every template, and whether new runs may begin with it."),
        epilog=examples(f"{told} list", f"{told} list --json"),
    )(list_templates)
    app.command(
        "show",
        help=_("The steps of a template with their rules."),
        epilog=examples(f"{told} show {SAMPLE}", f"{told} show {SAMPLE} --version 2 --json"),
    )(show)
    app.command(
        "report",
        help=_("What the runs teach: steps that never fail, are always left out, always late."),
        epilog=examples(f"{told} report {SAMPLE}", f"{told} report {SAMPLE} --json"),
    )(report)


def list_templates(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from opskit.checklists.page.text import in_language
    from opskit.checklists.template_tools.finding import shelves

    run = context(ctx)
    with run.snapshot() as session:
        found = shelves(session, shipped=shipped(run))
    rows = [
        {
            "id": each.id,
            "version": each.version,
            "state": each.state,
            "title": in_language(each.title),
            "digest": each.digest,
        }
        for each in found
    ]
    columns = {"id": "Id", "version": _("Version"), "state": _("State"), "title": _("Title")}
    show_rows(rows, columns, as_json=as_json, spared=["title"])


def show(
    ctx: typer.Context,
    template: IdArgument,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help=_("Another than the newest."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    run = context(ctx)
    typed = template if version is None else f"{template}/{version}"
    with run.snapshot() as session:
        found = find(run, session, typed)
    if as_json:
        show_json(_template_row(found))
        return
    from opskit.checklists.page.text import in_language

    say(f"{found.name}  {in_language(found.title)}  {found.digest[:16]}")
    rows = [
        {**_step_row(position, step), "rules": "; ".join(_rules(found, step))}
        for position, step in enumerate(found.steps, start=1)
    ]
    columns = {
        "position": _("No."),
        "step": _("Step"),
        "due": _("Due"),
        "owner": _("Owner"),
        "text": _("Text"),
        "rules": _("Rules"),
    }
    show_rows(rows, columns, spared=["owner", "rules"])


def report(ctx: typer.Context, template: IdArgument, as_json: JsonOption = False) -> None:
    from dataclasses import asdict

    from opskit.checklists.template_tools.report import report as report_on

    run = context(ctx)
    with run.snapshot() as session:
        found = find(run, session, template)
        lessons = report_on(session, found)
    rows = [{"step": each.key, **asdict(each)} for each in lessons]
    for row in rows:
        del row["key"]
    if as_json:
        show_json(rows)
        return
    if not any(row["runs"] for row in rows):
        say(_("nothing to learn yet: {template} has no runs").format(template=found.id))
        return
    columns = {
        "step": _("Step"),
        "runs": _("Runs"),
        "failures": _("Failures"),
        "waived": _("Waived"),
        "skipped": _("Left out"),
        "late": _("Late"),
        "average_days_late": _("Days late on average"),
        "remarks": _("Remark"),
    }
    show_rows([{**row, "remarks": _told(row["remarks"])} for row in rows], columns)


def _told(remarks: tuple[str, ...]) -> str:
    from opskit.checklists.template_tools.report import ALWAYS_LATE, ALWAYS_WAIVED, NEVER_FAILS

    words = {
        NEVER_FAILS: _("never fails"),
        ALWAYS_WAIVED: _("always left out"),
        ALWAYS_LATE: _("always late"),
    }
    return ", ".join(words[each] for each in remarks)


def _template_row(template: "Template") -> dict[str, Any]:
    import msgspec

    head: dict[str, Any] = msgspec.to_builtins(template)
    steps = [_step_row(position, step) for position, step in enumerate(template.steps, start=1)]
    needs = template.needs
    return {
        "id": template.id,
        "version": template.version,
        "digest": template.digest,
        "title": head["title"],
        "anchor": template.anchor,
        "canton": template.canton,
        "phases": [
            {"key": each.key, "mode": each.mode.value, "title": title["title"]}
            for each, title in zip(template.phases, head["phases"], strict=True)
        ],
        "steps": [{**row, "waits_for": list(needs[row["step"]])} for row in steps],
    }


def _step_row(position: int, step: "StepTemplate") -> dict[str, Any]:
    from opskit.checklists.page.text import in_language

    return {
        "position": position,
        "step": step.key,
        "phase": step.phase,
        "text": in_language(step.text),
        "owner": step.owner,
        "due": step.due,
        "needs": list(step.needs),
        "when": step.when or None,
        "checks": list(step.checks),
        "recheck": step.recheck.value,
        "evidence": step.evidence.value,
        "approval": step.approval.value,
        "mandatory": step.mandatory,
        "gate": step.gate.value,
        "digest": step.digest,
    }


def _rules(template: "Template", step: "StepTemplate") -> list[str]:
    """What is not as usual, as a person would say it."""
    told = {
        _("waits for {steps}"): ", ".join(template.needs[step.key]),
        _("only when {condition}"): step.when,
        _("checks {checks}"): ", ".join(step.checks),
    }
    found = [
        words.format(steps=value, condition=value, checks=value)
        for words, value in told.items()
        if value
    ]
    if step.evidence.value != "none":
        found.append(_("evidence: {kind}").format(kind=step.evidence.value))
    if step.recheck.value != "none":
        found.append(_("for that day only"))
    if step.by_other_person:
        found.append(_("another person"))
    if not step.mandatory:
        found.append(_("optional"))
    if step.gate.value != "none":
        found.append(_("decides: {gate}").format(gate=step.gate.value))
    return found
