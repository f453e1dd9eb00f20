"""`opskit vault get`: typed most often of all, so it starts without the command line's library.

`read_plain` understands the plain form alone. Whatever else was typed (help, a misspelt option)
is left to Typer, whose `get` ends in the same `print_secret`.
"""

import os
from dataclasses import dataclass

from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.output import data
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.entries import EntryRef
from vault.errors import EntryNotFoundError
from vault.kinds import PASSWORD
from vault.ports import EntryReader

OPTIONS = ("--field", "--ticket")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which secret of which entry, and why."""

    ref: str
    field: str = PASSWORD
    ticket: str | None = None


def read_plain(words: list[str]) -> Wish | None:
    """Understand `REF [--field NAME] [--ticket KEY]` in any order; None for anything else."""
    given: dict[str, str] = {}
    refs: list[str] = []
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if name in OPTIONS:
            given[name] = value if equals else next(rest, "-")
        else:
            refs.append(word)
    if len(refs) != 1 or any(text.startswith("-") for text in (*refs, *given.values())):
        return None
    return Wish(refs[0], given.get("--field", PASSWORD), given.get("--ticket"))


def print_secret(run: AppContext, wish: Wish) -> None:
    """Print the secret and a newline. Raises as `find_secret`."""
    data(find_secret(run, wish).reveal())


def find_secret(run: AppContext, wish: Wish) -> Secret:
    """Ask the safe for it.

    Raises:
        InvalidError: no possible entry or ticket. UsageProblemError: the team demands a ticket.
        EntryNotFoundError: with the nearest entries. NotFoundError: no such field.
        DeniedError: not logged in, or the role is missing. UnavailableError: no answer, sealed.
    """
    entry = EntryRef.parse(wish.ref, environments=None)
    ticket = _ticket(run, wish.ticket or os.environ.get("OPSKIT_TICKET"))
    reader = run.plug(EntryReader)
    try:
        return reader.read_secret(entry, wish.field, ticket)
    except EntryNotFoundError as err:
        raise with_nearest(reader, entry, err) from err


def with_nearest(reader: EntryReader, ref: EntryRef, err: EntryNotFoundError) -> EntryNotFoundError:
    """The same error, with the entries that were probably meant."""
    from opskit.core.text import did_you_mean

    hint = did_you_mean(ref.path, reader.names(), otherwise=err.hint)
    return EntryNotFoundError(err.message, hint=hint)


def _ticket(run: AppContext, text: str | None) -> TicketKey | None:
    if text:
        return TicketKey.parse(text)
    if run.settings.ticket_required:
        raise UsageProblemError(
            _("the reason is missing: this team reads no credential without a ticket"),
            hint=_("give --ticket CS-1234, or set OPSKIT_TICKET"),
        )
    return None
