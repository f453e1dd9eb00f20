"""Reminders from the list to the mail server: what is due, for whom, in which words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from opskit.core.context import AppContext
from opskit.core.i18n import language
from opskit.core.spans import parse_window
from opskit.core.todo import TodoItem
from opskit.todo.asking import ask_sources
from opskit.todo.channels import MAIL, Channel
from opskit.todo.directory import Directory, read_directory
from opskit.todo.holders import holders_in
from opskit.todo.letters import Letter, personal_letter, team_letter
from opskit.todo.narrowing import Wish, narrowed
from opskit.todo.planning import Message, Plan, plan
from opskit.todo.receivers import Holders, Shares, for_the_team, shared_out
from opskit.todo.sending import Posted, send_all
from opskit.todo.spoken import Spoken
from opskit.todo.wording import wording

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is to go out, on which way, among which people; `until` when was looked ahead."""

    way: str
    pole: str | None
    plan: Plan
    directory: Directory
    until: date | None


def planned(
    run: AppContext,
    session: "Session",
    *,
    way: str,
    wish: Wish,
    within: str | None = None,
    again: bool = False,
) -> Reminders:
    """What is to be sent now. Raises InvalidError: `within` is no span of time."""
    today = run.today()
    until = None if within is None else parse_window(within, today=today)
    directory = read_directory(session)
    found = ask_sources(run, session, until=until).items
    made = plan(
        session,
        _shares(found, wish, directory, way=way, today=today, holders=holders_in(run, directory)),
        channel=way,
        today=today,
        within=None if until is None else (until - today).days,
        again=again,
    )
    return Reminders(way, wish.pole, made, directory, until)


def send(run: AppContext, reminders: Reminders) -> list[Posted]:
    """Send what was planned.

    Raises:
        NotFoundError, InvalidError, UnavailableError: the way is not set up.
        DeniedError: the person may send nothing.
        UnavailableError: what went out could not be recorded.
    """
    if not reminders.plan.messages:
        return []
    today, spoken = run.today(), Spoken(run, reminders.until)

    def write(message: Message) -> Letter:
        words = wording(message.receiver.language, run.settings.language, language())
        translated = spoken.in_language(message, words.code)
        if reminders.way == MAIL:
            return personal_letter(translated, words, today=today)
        return team_letter(translated, reminders.directory, words, today=today)

    return send_all(run, reminders.plan.messages, _channel(run, reminders), write)


def _shares(
    items: Sequence[TodoItem],
    wish: Wish,
    directory: Directory,
    *,
    way: str,
    today: date,
    holders: Holders,
) -> Shares:
    """A person's wish leaves the others' shares of a common job out, and not the items."""
    if way != MAIL:
        return for_the_team(narrowed(items, wish, directory, today=today), wish.pole)
    of_all = narrowed(items, replace(wish, reader=None), directory, today=today)
    found = shared_out(of_all, directory, holders)
    if wish.reader is None:
        return found
    login = wish.reader.login
    return Shares(tuple(each for each in found.shares if each.receiver.login == login))


def _channel(run: AppContext, reminders: Reminders) -> Channel:
    if reminders.way == MAIL:
        from opskit.core.mail_server import mail_server
        from opskit.todo.channels import MailChannel

        return MailChannel(mail_server(run.settings))
    from opskit.todo.channel_address import webhook_address
    from opskit.todo.webhook import WebhookChannel

    return WebhookChannel(webhook_address(run.settings, reminders.pole))
