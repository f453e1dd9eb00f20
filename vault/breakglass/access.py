"""Asking for a guarded entry, agreeing to it, reading it: intent, act, outcome.

What was asked for, and by whom, is the safe's word and not the database's: a row whose accessor
was swapped would have somebody agree to another entry.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from opskit.core.context import AppContext
from opskit.core.errors import DeniedError, NotFoundError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.breakglass import services
from vault.breakglass.errors import (
    ForgedAccessError,
    NotApprovedError,
    access_ended,
    not_approved,
    own_access,
)
from vault.breakglass.models import AccessRequest
from vault.breakglass.ports import GuardedReader, SecondPerson, Standing
from vault.breakglass.services import number_of
from vault.entries import EntryRef, EntryValue
from vault.errors import EntryNotFoundError, no_entry, no_field
from vault.login.tokens import open_access_store
from vault.ports import TokenStore

Result = TypeVar("Result")


def ask(run: AppContext, ref: EntryRef, *, ticket: TicketKey) -> AccessRequest:
    """Ask to read a guarded entry; the token waits on this machine.

    Raises:
        EntryNotFoundError: no such entry is guarded. NoSecondPersonError. DeniedError.
        UnavailableError.
    """
    second_person = run.plug(SecondPerson)
    try:
        run.plug(GuardedReader).describe(ref)
    except EntryNotFoundError as err:
        raise EntryNotFoundError(
            _("no entry {entry} is guarded").format(entry=ref), hint=f"opskit vault get {ref}"
        ) from err
    actor = run.identity()
    with run.transaction() as session:
        intent = services.begin_ask(session, ref=ref, ticket=ticket, at=run.now(), actor=actor)
    asked = _attempt(run, intent, lambda: second_person.ask(ref, ticket))
    with run.transaction() as session:
        request = services.record_asked(session, intent=intent, asked=asked, at=run.now())
        _tokens(run, request).save(asked.token)  # before the commit: no number without its token
    return request


def approve(run: AppContext, text: str) -> AccessRequest:
    """Agree to a request of somebody else.

    Raises:
        NotFoundError: no such request. OwnAccessError. AccessEndedError: it is too late.
        ForgedAccessError: the row is not what the safe was asked. DeniedError, UnavailableError.
    """
    actor, second_person = run.identity(), run.plug(SecondPerson)
    require_role(actor, *services.APPROVERS)
    with run.snapshot() as session:
        request = services.find(session, text)
    standing = _standing(second_person, request)
    if standing.entity_id == actor.entity_id:
        raise own_access()
    with run.transaction() as session:
        intent = services.begin_step(
            session, kind=services.APPROVE, request=request, at=run.now(), actor=actor
        )
    _attempt(run, intent, lambda: second_person.approve(request.accessor))
    with run.transaction() as session:
        services.record_approved(session, intent=intent, at=run.now())
        return services.find(session, text)


@dataclass(frozen=True, slots=True)
class Opened:
    """A guarded entry that may be shown."""

    ref: str
    value: EntryValue


@contextmanager
def reading(run: AppContext, text: str, *, needed: str | None) -> Iterator[Opened]:
    """What the entry holds, to be shown within; then its token is good for nothing any more.

    `needed` is the secret that will be shown; a misspelt one does not use the request up.

    Raises:
        NotFoundError: no such request, no such secret, or this machine has no token of it.
        NotApprovedError: nobody has agreed yet. AccessEndedError. EntryNotFoundError: the entry
        was removed meanwhile. DeniedError, UnavailableError.
    """
    actor, second_person = run.identity(), run.plug(SecondPerson)
    with run.snapshot() as session:
        request = services.find(session, text)
    tokens = _tokens(run, request)
    token = _kept(request, tokens, actor)
    holds = run.plug(GuardedReader).describe(_ref(request)).stamps.holds
    if needed is not None and holds and needed not in holds:
        raise no_field(request.ref, needed, list(holds))
    with run.transaction() as session:
        intent = services.begin_step(
            session, kind=services.READ, request=request, at=run.now(), actor=actor
        )
    value = _attempt(run, intent, lambda: _open(second_person, request, tokens, token))
    try:
        if value is None:
            raise no_entry(request.ref)
        if needed is not None and needed not in value.secrets:
            raise no_field(request.ref, needed, list(value.secrets))
        yield Opened(request.ref, value)
    finally:
        second_person.end(token)
        tokens.forget()
        with run.transaction() as session:
            services.record_read(session, intent=intent, at=run.now())


def repair(run: AppContext, intent: Intent) -> str:
    """Settle what was interrupted; doctor calls this.

    Raises:
        DeniedError, UnavailableError: the safe cannot be asked; the intent stays open.
    """
    match intent.kind:
        case services.ASK:  # its token was lost with the crash, and is good for an hour at most
            with run.transaction() as session:
                services.give_up(session, intent=intent, at=run.now())
            return _("the request for {entry} came to nothing; ask again").format(
                entry=intent.subject
            )
        case services.READ:
            _end_token(run, intent)
            with run.transaction() as session:
                services.record_read(session, intent=intent, at=run.now(), certain=False)
            return _("nobody knows whether {entry} was shown; the log says so").format(
                entry=intent.subject
            )
        case _:
            return _repair_approval(run, intent)


def _end_token(run: AppContext, intent: Intent) -> None:
    with run.snapshot() as session:
        tokens = _tokens(run, services.find(session, str(intent.data["number"])))
    token = tokens.load()
    if token is not None:
        run.plug(SecondPerson).end(token)
        tokens.forget()


def _repair_approval(run: AppContext, intent: Intent) -> str:
    with run.snapshot() as session:
        request = services.find(session, str(intent.data["number"]))
    standing = run.plug(SecondPerson).look(request.accessor)
    approved = standing is not None and standing.approved
    with run.transaction() as session:
        if approved:
            services.record_approved(session, intent=intent, at=run.now())
        else:
            services.give_up(session, intent=intent, at=run.now())
    said = _("{number} is approved") if approved else _("{number} was not approved")
    return said.format(number=number_of(request))


def _standing(second_person: SecondPerson, request: AccessRequest) -> Standing:
    """What the approver really agrees to."""
    standing = second_person.look(request.accessor)
    if standing is None:
        raise access_ended(number_of(request), request.ref)
    if (standing.path, standing.entity_id) != (request.ref, request.requested_by):
        raise ForgedAccessError(
            _("{number} says {entry}, and the safe was asked for {path}").format(
                number=number_of(request), entry=request.ref, path=standing.path
            ),
            hint="opskit audit verify",
        )
    return standing


def _open(
    second_person: SecondPerson, request: AccessRequest, tokens: TokenStore, token: Secret
) -> EntryValue | None:
    try:
        return second_person.read(token, TicketKey(request.ticket))
    except NotApprovedError as err:
        if second_person.look(request.accessor) is not None:
            raise not_approved(number_of(request)) from err
        tokens.forget()
        raise access_ended(number_of(request), request.ref) from err


def _kept(request: AccessRequest, tokens: TokenStore, actor: Identity) -> Secret:
    if request.requested_by != actor.entity_id:
        raise DeniedError(
            _("{number} was asked for by somebody else").format(number=number_of(request)),
            hint=f"opskit vault break-glass request {request.ref} --ticket {request.ticket}",
        )
    token = tokens.load()
    if token is not None:
        return token
    if request.read_at is not None:
        raise access_ended(number_of(request), request.ref)
    raise NotFoundError(
        _("this machine did not ask for {number}").format(number=number_of(request)),
        hint=_("read it on the machine where it was asked for, or ask anew"),
    )


def _ref(request: AccessRequest) -> EntryRef:
    return EntryRef.parse(request.ref, environments=None)


def _tokens(run: AppContext, request: AccessRequest) -> TokenStore:
    return open_access_store(run.home, run.settings, number_of(request))


def _attempt(run: AppContext, intent: Intent, act: Callable[[], Result]) -> Result:
    """A refusal closes the intent; where the safe falls silent, it stays open."""
    try:
        return act()
    except UnavailableError:
        raise
    except OpsError:
        with run.transaction() as session:
            services.give_up(session, intent=intent, at=run.now())
        raise
