"""The typed page: plain text that a person reads, prints and copies, and `license verify` reads."""

from textwrap import wrap

from licenses.delivery.content import Certificate
from licenses.delivery.wording import Wording, wording
from licenses.typedform import BEGIN, END

WIDTH = 78


def typed_page(content: Certificate, language: str) -> str:
    """UTF-8 text, lines end in LF; the key stands between the two markers."""
    words = wording(language)
    blocks = [
        _heading(content, words),
        _facts(content, words),
        _modules(content, words),
        [BEGIN, *content.typed_lines, END],
        _entering(words),
        _support(content, words),
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _heading(content: Certificate, words: Wording) -> list[str]:
    title = f"{content.title(words)} {content.number}"
    return [title, "=" * len(title), content.client]


def _facts(content: Certificate, words: Wording) -> list[str]:
    facts = [(words.reference, content.reference, ""), *content.facts(words)]
    width = max(len(label) for label, _value, _note in facts)
    lines: list[str] = []
    for label, value, note in facts:
        text = f"{value} ({note})" if note else value
        lines += _hanging(f"{label:<{width}}  ", text)
    for note in content.notes(words):
        lines += ["", *wrap(note, WIDTH)]
    return lines


def _modules(content: Certificate, words: Wording) -> list[str]:
    modules = content.modules(words)
    if not modules:
        return [words.labelled(words.modules, words.no_modules)]
    width = max(len(code) for code, _name in modules)
    named = (f"  {code:<{width}}  {name}".rstrip() for code, name in modules)
    return [words.labelled(words.modules, "").rstrip(), *named]


def _entering(words: Wording) -> list[str]:
    steps = (words.typing_step, *words.entering_steps[1:])
    return [words.entering, *(line for step in steps for line in _hanging("- ", step))]


def _support(content: Certificate, words: Wording) -> list[str]:
    return [
        words.whom_to_call,
        *wrap(words.call_note.format(reference=content.reference), WIDTH),
        *support_lines(content, words),
    ]


def support_lines(content: Certificate, words: Wording) -> list[str]:
    """Who is called, and where; the usual contact where the settings name nobody."""
    support = content.support
    reached = [(words.phone, support.phone), (words.email, support.email)]
    named = [support.name] if support.name else []
    lines = [*named, *(words.labelled(label, value) for label, value in reached if value)]
    return lines or [words.usual_contact]


def _hanging(first: str, text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
