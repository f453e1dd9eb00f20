"""A paper as one HTML file that asks for nothing: to be mailed, read anywhere, printed on A4."""

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from opskit.checklists.printing.content import Paper, PaperPhase, PaperStep, Task

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html(paper: Paper) -> str:
    """The whole page; texts are escaped."""
    return "\n".join(_lines(paper)) + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    words = paper.words
    style = (files("opskit.checklists.printing") / "paper.css").read_text(encoding="utf-8")
    yield from [
        "<!doctype html>",
        f'<html lang="{words.code}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(f'{paper.title}, {paper.name}')}</title>",
        f"<style>\n{style.rstrip()}\n</style>",
        "</head>",
        "<body>",
        "<main>",
        "<header>",
        *([f'<p class="banner">{escape(paper.banner)}</p>'] if paper.banner else []),
        f"<h1>{escape(paper.title)}</h1>",
        *_facts(paper.facts),
        "</header>",
    ]
    if paper.tasks is not None:
        yield from _section("tasks", words.your_part, _tasks(paper, paper.tasks))
    for number, phase in enumerate(paper.phases, start=1):
        yield from _section(f"phase-{number}", phase.title, _table(paper, phase, number))
    if paper.comments:
        comments = [f"<li>{escape(each)}</li>" for each in paper.comments]
        yield from _section("comments", words.comments, ["<ul>", *comments, "</ul>"])
    if paper.contacts:
        yield from _section("contacts", words.contacts, _facts(paper.contacts))
    yield from ["</main>", "</body>", "</html>"]


def _section(key: str, title: str, content: Iterator[str] | Sequence[str]) -> Iterator[str]:
    yield f'<section id="{key}" aria-labelledby="{key}-title">'
    yield f'<h2 id="{key}-title">{escape(title)}</h2>'
    yield from content
    yield "</section>"


def _facts(facts: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield "<dl>"
    for label, value in facts:
        yield f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl>"


def _tasks(paper: Paper, tasks: Sequence[Task]) -> Iterator[str]:
    if not tasks:
        yield f"<p>{escape(paper.words.nothing_now)}</p>"
        return
    yield "<ul>"
    for task in tasks:
        pressing = ' class="pressing"' if task.is_pressing else ""
        yield f"<li>{escape(task.text)}, <strong{pressing}>{escape(task.due)}</strong></li>"
    yield "</ul>"


def _table(paper: Paper, phase: PaperPhase, number: int) -> Iterator[str]:
    """Every phase has the same columns, so that the eye runs down through all of them."""
    words = paper.words
    heads = dict(zip(("step", "state", "due"), phase.heads_in(words), strict=True))
    headings = {"number": words.number, **heads}
    if paper.has_owners:
        headings["who"] = words.who
    kind = ' class="owned"' if paper.has_owners else ""
    yield f'<table{kind} aria-labelledby="phase-{number}-title">'
    cells = [f'<th scope="col" class="{key}">{escape(each)}</th>' for key, each in headings.items()]
    yield f"<thead><tr>{''.join(cells)}</tr></thead>"
    yield "<tbody>"
    for step in phase.steps:
        yield from _row(step, has_owners=paper.has_owners)
    yield from ["</tbody>", "</table>"]


def _row(step: PaperStep, *, has_owners: bool) -> Iterator[str]:
    kind = "settled" if step.is_settled else "open"
    yield f'<tr class="{kind}">'
    yield f'<td class="number">{step.number}</td>'
    yield f'<th scope="row" class="step">{escape(step.text)}</th>'
    yield f'<td class="state">{escape(step.state)}</td>'
    pressing = " pressing" if step.is_pressing else ""
    yield f'<td class="due{pressing}">{escape(step.due)}</td>'
    if has_owners:
        yield f'<td class="who">{escape(step.who)}</td>'
    yield "</tr>"
    if step.notes:
        notes = "<br>".join(escape(note) for note in step.notes)
        width = 3 + has_owners
        yield f'<tr class="notes {kind}"><td></td><td colspan="{width}">{notes}</td></tr>'
