"""What is to be sent, and what became of it, as it is shown to whoever typed the command."""

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.output import data, say, show_json, show_rows
from opskit.core.screen import screen_of
from opskit.todo.channels import MAIL
from opskit.todo.directory import Reader
from opskit.todo.errors import RemindersFailedError
from opskit.todo.narrowing import row_of
from opskit.todo.page import Group, group_lines
from opskit.todo.planning import Message, Plan
from opskit.todo.reminding import Reminders
from opskit.todo.sending import Posted

COLUMNS = ("receiver", "reason", "due", "subject", "client", "what", "command")


def show_plan(reminders: Reminders, reader: Reader, *, today: date, as_json: bool) -> None:
    """JSON, a line a reminder in a pipe, or a page by receiver; the rest on stderr."""
    of_all = reminders.plan.messages
    narrowed = [each.shown_to(reader) for each in of_all]
    messages = [each for each in narrowed if each.dues]
    screen = screen_of(sys.stdout)
    if as_json:
        show_json([_message_row(each, reminders, today=today) for each in messages])
    elif screen.width is None:
        rows = [row for each in messages for row in _lines(each, reminders, today=today)]
        if rows:
            show_rows(rows, dict.fromkeys(COLUMNS, ""))
    else:
        for place, message in enumerate(messages):
            if place:
                data("")
            items = tuple(due.item for due in message.dues)
            for line in group_lines(Group(_addressed(message), items), today=today, screen=screen):
                data(line)
    _say_the_rest(reminders)
    hidden = _count(of_all) - _count(messages)
    if hidden:
        say(_("reminders that are not for you to read: {count}").format(count=hidden))
    if of_all:
        say(_("nothing was sent: opskit remind --send does it"))


def show_posted(reminders: Reminders, posted: Sequence[Posted], *, as_json: bool) -> None:
    """A line a receiver.

    Raises:
        RemindersFailedError: somebody did not get theirs, or nobody knows.
    """
    rows = [_posted_row(each) for each in posted]
    if as_json:
        show_json(rows)
    elif rows:
        columns = {"name": _("Receiver"), "reminders": _("Reminders"), "outcome": _("Outcome")}
        show_rows([{**row, "outcome": row["outcome"] or ""} for row in rows], columns)
    _say_the_rest(reminders)
    for each in posted:
        if each.error is not None:
            say(f"{each.message.receiver.name}: {each.error.message}")
    _complain(posted)


def _complain(posted: Sequence[Posted]) -> None:
    """What somebody else is sending at this moment is no failure."""
    failed = [
        each
        for each in posted
        if each.error is not None and not isinstance(each.error, ConflictError)
    ]
    if failed:
        names = dict.fromkeys(each.message.receiver.name for each in failed)
        raise RemindersFailedError(
            _("messages that did not go out for certain: {count} of {all} ({names})").format(
                count=len(failed), all=len(posted), names=", ".join(names)
            ),
            hint=_("mend what is said above; what failed goes out with opskit remind --send"),
        )


def _count(messages: Sequence[Message]) -> int:
    return sum(len(each.dues) for each in messages)


def _say_the_rest(reminders: Reminders) -> None:
    plan = reminders.plan
    if not plan.messages:
        say(_("nothing to send"))
    if plan.before:
        say(_("reminders sent before: {count}").format(count=plan.before))
    for doubt in plan.doubts:
        say(
            _("unknown whether {name} got the message {id}; reminders in it: {count}").format(
                name=doubt.receiver.name, count=doubt.items, id=doubt.message_id
            )
        )
    if plan.doubts:
        say(_("after a crash: opskit doctor --repair; to send again: opskit remind --send --again"))
    _say_whom_nobody_tells(plan)
    if reminders.way == MAIL:
        for message in plan.messages:
            if not message.receiver.address:
                say(_("{name} has no mail address").format(name=message.receiver.name))


def _say_whom_nobody_tells(plan: Plan) -> None:
    """Items of somebody who left, or of a job that nobody has."""
    for who in sorted({item.person or item.role or "" for item in plan.nobody}):
        count = sum((item.person or item.role or "") == who for item in plan.nobody)
        say(_("nobody is told what waits for {who}: {count}").format(count=count, who=who or "-"))


def _addressed(message: Message) -> str:
    receiver = message.receiver
    return f"{receiver.name} <{receiver.address}>" if receiver.address else receiver.name


def _message_row(message: Message, reminders: Reminders, *, today: date) -> dict[str, Any]:
    """The keys that `--json` promises."""
    receiver = message.receiver
    return {
        "receiver": receiver.login or receiver.key,
        "name": receiver.name,
        "address": receiver.address or None,
        "reminders": [
            {"reason": due.reason.value, **row_of(due.item, reminders.directory, today=today)}
            for due in message.dues
        ],
    }


def _lines(message: Message, reminders: Reminders, *, today: date) -> list[dict[str, Any]]:
    row = _message_row(message, reminders, today=today)
    return [{"receiver": row["receiver"], **each} for each in row["reminders"]]


def _posted_row(posted: Posted) -> dict[str, Any]:
    """The keys that `--json` promises."""
    receiver = posted.message.receiver
    return {
        "receiver": receiver.login or receiver.key,
        "name": receiver.name,
        "address": receiver.address or None,
        "reminders": len(posted.message.dues),
        "outcome": None if posted.outcome is None else posted.outcome.value,
        "message_id": posted.message_id,
        "error": None if posted.error is None else posted.error.reference,
    }
