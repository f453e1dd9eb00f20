"""Sharing one secret of an entry: read it, have it wrapped, and put on record who handed it on."""

from datetime import datetime

from sqlalchemy.orm import Session

from opskit.core.context import AppContext
from opskit.core.events import record
from opskit.core.identity import Identity
from opskit.core.refs import TicketKey
from vault.entries import EntryRef
from vault.getting import Wish, find_secret, reason_for
from vault.handover.wrapping import Parcel, Share, parse_ttl, wrap
from vault.ports import EntryReader, Login
from vault.store.lean_store import open_http

UNSHARED = "tags"  # for finding, and nobody else's business


def share_secret(
    run: AppContext, *, ref: EntryRef, field: str, ttl: str, ticket: str | None
) -> Share:
    """Make a one-time token; nobody sees it before the event log says so.

    Raises:
        InvalidError: no possible ticket or time. OpsError: as `find_secret` and `wrap`.
    """
    lasting, reason, actor = parse_ttl(ttl), reason_for(run, ticket), run.identity()
    secret = find_secret(run, Wish(ref.path, field, ticket))
    facts = run.plug(EntryReader).describe(ref).facts.to_metadata()
    facts.pop(UNSHARED, None)
    parcel = Parcel(ref.path, field, secret, facts)
    login = run.plug(Login)
    with open_http(login.connection, login.tokens.load()) as http:
        share = wrap(http, parcel, ttl=lasting, ticket=reason, at=run.now())
    with run.transaction() as session:
        record_share(
            session, ref=ref, field=field, share=share, ticket=reason, at=run.now(), actor=actor
        )
    return share


def record_share(
    session: Session,
    *,
    ref: EntryRef,
    field: str,
    share: Share,
    ticket: TicketKey | None,
    at: datetime,
    actor: Identity,
) -> None:
    """A secret is handed on, perhaps to somebody whom the safe does not know."""
    record(
        session,
        actor=actor,
        at=at,
        action="vault.shared",
        subject=ref.path,
        client=ref.client.value,
        ticket=None if ticket is None else ticket.value,
        after={"field": field, "expires_at": share.expires_at.isoformat(timespec="seconds")},
    )
