"""`opskit vault get`: typed most often of all, so it starts without the command line's library.

`read_plain` understands the plain form alone. Whatever else was typed (help, a misspelt option)
is left to Typer, whose `get` ends in the same `give_secret`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from opskit.core.context import AppContext
from opskit.core.errors import DeniedError, InvalidError, OpsError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.output import data
from opskit.core.refs import ClientCode, TicketKey
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef
from vault.errors import (
    EntryGuardedError,
    EntryNotFoundError,
    EntryRemovedError,
    LoginNeededError,
    entry_guarded,
    no_entry,
)
from vault.kinds import PASSWORD
from vault.ports import EntryReader
from vault.using.clipboards.ports import SECONDS

OPTIONS = ("--field", "--ticket")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which secret of which entry, and why."""

    ref: str
    field: str = PASSWORD
    ticket: str | None = None
    clip: bool = False
    seconds: int = SECONDS


def read_plain(words: list[str]) -> Wish | None:
    """Understand `REF [--field NAME] [--ticket KEY] [--clip]` in any order; None for all else."""
    given: dict[str, str] = {}
    refs: list[str] = []
    clip = False
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--clip":
            clip = True
        elif name in OPTIONS:
            given[name] = value if equals else next(rest, "-")
        else:
            refs.append(word)
    if len(refs) != 1 or any(text.startswith("-") for text in (*refs, *given.values())):
        return None
    return Wish(refs[0], given.get("--field", PASSWORD), given.get("--ticket"), clip)


def give_secret(run: AppContext, wish: Wish) -> None:
    """Print the secret and a newline, or put it on the clipboard. Raises as `find_secret`."""
    secret = find_secret(run, wish)
    if wish.clip:
        from vault.using.clipboard import clip

        clip(secret, f"{wish.ref} {wish.field}", wish.seconds)
    else:
        data(secret.reveal())


def find_secret(run: AppContext, wish: Wish) -> Secret:
    """Ask the safe for it.

    Raises:
        InvalidError: no possible entry or ticket. UsageProblemError: the team demands a ticket.
        EntryNotFoundError: with the nearest entries, also where the client is none.
        NotFoundError: no such field.
        EntryGuardedError: it takes a second person.
        DeniedError: not logged in, or the role is missing. UnavailableError: no answer, sealed.
    """
    entry = EntryRef.parse(wish.ref, environments=None)
    ticket = reason_for(run, wish.ticket or os.environ.get("OPSKIT_TICKET"))
    reader = run.plug(EntryReader)
    try:
        return reader.read_secret(entry, wish.field, ticket)
    except DeniedError as err:
        if other := not_denied(run, entry, err):
            raise other from err
        raise
    except EntryNotFoundError as err:
        from vault.finding.index import known_refs

        raise with_nearest(reader, entry, err, known=known_refs(run)) from err


def not_denied(run: AppContext, ref: EntryRef, err: DeniedError) -> OpsError | None:
    """What a refusal really means: the entry is guarded, or its client is none.

    Of the other pole's entries the names alone are seen, and a client that does not exist looks
    like one of the other pole's. None where the refusal is the answer, or nobody can tell.
    """
    if isinstance(err, LoginNeededError):
        return None
    from opskit.core.text import did_you_mean
    from vault.finding.index import known_refs

    reader = run.plug(EntryReader)
    try:
        if reader.guards(ref):
            return entry_guarded(ref.path)
        known = known_refs(run)
        names = reader.names() if known is None else known
        if any(name.startswith(f"{ref.client}/") for name in names) or _is_client(run, ref.client):
            return None
    except OpsError:
        return None
    missing = no_entry(ref.path)
    hint = did_you_mean(ref.path, names, otherwise="opskit client list")
    return EntryNotFoundError(missing.message, hint=hint)


def _is_client(run: AppContext, client: ClientCode) -> bool:
    """Asks the database, which the safe's answer makes needless nearly always."""
    from opskit.clients.services import list_clients

    with run.snapshot() as session:
        return any(each.code == client.value for each in list_clients(session))


def describe(run: AppContext, ref: EntryRef) -> Entry:
    """All but the secrets of an entry, a guarded one too. Raises as `look_up`."""
    return look_up(run, ref)[0]


def look_up(run: AppContext, ref: EntryRef) -> tuple[Entry, bool]:
    """All but the secrets of an entry, and whether it is guarded.

    Raises:
        EntryNotFoundError: with the nearest entries. DeniedError, UnavailableError.
    """
    reader = run.plug(EntryReader)
    try:
        return reader.describe(ref), False
    except EntryNotFoundError as err:
        from vault.breakglass.ports import GuardedReader
        from vault.finding.index import known_refs

        if reader.guards(ref):
            return run.plug(GuardedReader).describe(ref), True
        raise with_nearest(reader, ref, err, known=known_refs(run)) from err


def with_nearest(
    reader: EntryReader,
    ref: EntryRef,
    err: EntryNotFoundError,
    *,
    known: Sequence[str] | None = None,
) -> EntryNotFoundError | EntryGuardedError:
    """Why it is not among the others: it is guarded, or nothing is called that.

    Then the entries that were probably meant are named: of those known, else of all.
    """
    from opskit.core.text import did_you_mean

    if reader.guards(ref):
        return entry_guarded(ref.path)
    if isinstance(err, EntryRemovedError):
        return err
    names = reader.names() if known is None else known
    hint = did_you_mean(ref.path, names, otherwise=err.hint)
    return EntryNotFoundError(err.message, hint=hint)


def reason_for(run: AppContext, text: str | None) -> TicketKey | None:
    """The ticket that a reading is for, from the command line or its absence.

    Raises:
        InvalidError: no possible ticket. UsageProblemError: the team demands one.
    """
    if text:
        return parse_ticket(text)
    if run.settings.ticket_required:
        raise UsageProblemError(
            _("the reason is missing: this team reads no credential without a ticket"),
            hint=_("give --ticket CS-1234, or set OPSKIT_TICKET"),
        )
    return None


def parse_ticket(text: str) -> TicketKey:
    """Raises InvalidError, which says where a ticket comes from that nobody typed just now."""
    try:
        return TicketKey.parse(text)
    except InvalidError as err:
        if text != os.environ.get("OPSKIT_TICKET"):
            raise
        hint = _("it comes from OPSKIT_TICKET; {hint}").format(hint=err.hint)
        raise InvalidError(err.message, hint=hint) from err
