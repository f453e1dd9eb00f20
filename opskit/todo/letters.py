"""A message as its receiver reads it: the late ones first, with what to type for each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from opskit.core.todo import TodoItem
from opskit.todo.directory import Directory
from opskit.todo.planning import Due, Message
from opskit.todo.reasons import Reason
from opskit.todo.wording import Wording

OWN_LIST = "opskit todo --person me"
TEAM_LIST = "opskit todo"
MOST_LINES = 60  # items that one reads; the list shows the others


@dataclass(frozen=True, slots=True)
class Letter:
    """The subject is one line, the body has LF line ends."""

    subject: str
    body: str


def personal_letter(message: Message, words: Wording, *, today: date) -> Letter:
    """To one person."""
    count = len(message.dues)
    news = (words.news_one if count == 1 else words.news).format(
        date=words.date(today), count=count
    )
    parts = [
        words.greeting.format(name=message.receiver.name),
        news,
        *_sections(message.dues[:MOST_LINES], words, today=today),
        *_rest(count, words),
        words.once.format(command=OWN_LIST),
    ]
    return Letter(_subject(message.dues, words), "\n\n".join(parts) + "\n")


def team_letter(message: Message, directory: Directory, words: Wording, *, today: date) -> Letter:
    """To a channel, in Markdown: person by person, and last what nobody has."""
    parts = [words.team_news.format(date=words.date(today))]
    shown = message.dues[:MOST_LINES]
    names = {directory.name_of(due.item.person) for due in shown}
    for name in sorted(names, key=lambda name: (name is None, name)):
        lines = [f"**{plain(words.nobody if name is None else name)}**", ""]
        lines += [
            f"- {plain(_sentence(due, words, today=today))} → {plain(due.item.command)}"
            for due in shown
            if directory.name_of(due.item.person) == name
        ]
        parts.append("\n".join(lines))
    parts += [*_rest(len(message.dues), words), words.once.format(command=TEAM_LIST)]
    return Letter(_subject(message.dues, words), "\n\n".join(parts) + "\n")


def plain(text: str) -> str:
    """Text that Markdown, and a card of Teams, shows as it is."""
    return "".join(f"\\{char}" if char in r"\`*_[]#<>" else char for char in text)


def _sections(dues: Sequence[Due], words: Wording, *, today: date) -> Iterator[str]:
    headings = (
        (words.late, {Reason.LATE, Reason.LATE_BY_A_WEEK}),
        (words.due_soon, {Reason.DUE_SOON}),
        (words.open, {Reason.OPEN}),
    )
    for heading, reasons in headings:
        wanted = [due for due in dues if due.reason in reasons]
        if wanted:
            yield "\n".join([heading, *_lines(wanted, words, today=today)])


def _lines(dues: Iterable[Due], words: Wording, *, today: date) -> Iterator[str]:
    for due in dues:
        yield f"- {_sentence(due, words, today=today)}"
        yield f"  {due.item.command}"


def _sentence(due: Due, words: Wording, *, today: date) -> str:
    """`DELEZE, L1001: to renew (4 days late)`."""
    item = due.item
    is_named = item.client is None or item.subject.startswith(item.client)
    subject = item.subject if is_named else f"{item.client}, {item.subject}"
    said = f"{subject}{words.colon} {item.what}"
    when = _when(item, words, today=today)
    return f"{said} ({when})" if when else said


def _when(item: TodoItem, words: Wording, *, today: date) -> str:
    if item.due is None:
        return ""
    days = (today - item.due).days
    if days <= 0:
        return words.due_on.format(date=words.date(item.due))
    return words.since_one_day if days == 1 else words.since_days.format(days=days)


def _rest(count: int, words: Wording) -> list[str]:
    return [words.more.format(count=count - MOST_LINES)] if count > MOST_LINES else []


def _subject(dues: Sequence[Due], words: Wording) -> str:
    late = sum(due.reason.is_late for due in dues)
    text = words.subject_late if late else words.subject
    return text.format(count=len(dues), late=late)
