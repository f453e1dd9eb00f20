"""A paper as CommonMark, with the boxes that task lists have."""

import re
from collections.abc import Iterator, Sequence

from opskit.checklists.printing.content import Paper, PaperStep, Task

_MARKUP = re.compile(r"([\\`*_\[\]<>&#~|])")
_BULLET = re.compile(r"^(\d*)([-+.)])(?=\s|$)")


def markdown(paper: Paper) -> str:
    """The whole paper; what stands in it is text, whatever it looks like."""
    return "\n".join(_lines(paper)) + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    words = paper.words
    yield f"# {_escaped(paper.title)}"
    yield ""
    if paper.banner:
        yield from [f"**{_escaped(paper.banner)}**", ""]
    yield from _facts(paper, paper.facts)
    if paper.tasks is not None:
        yield from ["", f"## {_escaped(words.your_part)}", ""]
        yield from [_task(each) for each in paper.tasks] or [_escaped(words.nothing_now)]
    for phase in paper.phases:
        yield from ["", f"## {_escaped(phase.title)}", ""]
        for step in phase.steps:
            yield from _step(step)
    if paper.contacts:
        yield from ["", f"## {_escaped(words.contacts)}", ""]
        yield from _facts(paper, paper.contacts)
    if paper.comments:
        yield from ["", f"## {_escaped(words.comments)}", ""]
        yield from (f"- {_escaped(comment)}" for comment in paper.comments)


def _facts(paper: Paper, facts: Sequence[tuple[str, str]]) -> Iterator[str]:
    for label, value in facts:
        yield f"- **{_escaped(label)}{paper.words.colon}** {_escaped(value)}"


def _task(task: Task) -> str:
    due = f"**{_escaped(task.due)}**" if task.is_pressing else _escaped(task.due)
    return f"- [ ] {_escaped(task.text)}, {due}"


def _step(step: PaperStep) -> Iterator[str]:
    box = "[x]" if step.is_settled else "[ ]"
    about = ", ".join(filter(None, [step.state, step.due, step.who]))
    yield f"- {box} **{step.number}** {_escaped(step.text)} ({_escaped(about)})"
    yield from (f"  - {_escaped(note)}" for note in step.notes if note.strip())


def _escaped(text: str) -> str:
    """As it is read; a text must not begin a list or a line of its own either (`1. `, `- `)."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(text.strip().splitlines()))
    return _BULLET.sub(r"\1\\\2", escaped)
