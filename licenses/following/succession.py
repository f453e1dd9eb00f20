"""A request that follows an earlier licence: found, allowed, made."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.actions import Action
from licenses.mistaken import find_client
from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind
from licenses.rows import terms_of
from licenses.services import requests
from licenses.services.coverage import current
from licenses.services.register import find_record
from licenses.services.replaced import later_than, replaced_in_words
from licenses.states import OPEN
from licenses.terms import Terms, is_revocation, revocation
from opskit.clients.models import Client
from opskit.core.catalog import Catalog
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.refs import TicketKey, format_number, parse_number

_SERIAL = re.compile(r"L[1-9][0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why, and who asks when."""

    catalog: Catalog
    at: datetime
    actor: Identity
    order_ref: str | None = None
    ticket: TicketKey | None = None
    reason: str | None = None


def find_target(session: Session, text: str, *, on: date | None = None) -> LicenseRecord:
    """`L1042`, or a client's code for its current production licence.

    With a day the one that is in force on it, where a newer one begins later.

    Raises:
        NotFoundError: there is no such licence or client, or the client has none.
        ConflictError: the client has several, at several sites.
    """
    typed = text.strip().upper()
    if _SERIAL.fullmatch(typed):
        return find_record(session, parse_number("L", typed))
    code = find_client(session, text, by_license=True).code
    found = _in_force(session, code, on) or current(session, client=code)
    if not found:
        raise NotFoundError(
            _("{client} has no production licence").format(client=code),
            hint=f"opskit license request {code}",
        )
    if len(found) > 1:
        names = ", ".join(
            _("{license} (site {site})").format(
                license=format_number("L", each.serial), site=each.site or _("any")
            )
            for each in found
        )
        raise ConflictError(
            _("{client} has several production licences: {names}").format(client=code, names=names),
            hint=_("give the number of one of them"),
        )
    return found[0]


def _in_force(session: Session, code: str, on: date | None) -> list[LicenseRecord]:
    """Current licences that have begun on that day; none without a day."""
    if on is None:
        return []
    return [each for each in current(session, client=code, on=on) if each.valid_from <= on]


def latest(session: Session, *, client: str, kind: LicenseKind) -> LicenseRecord | None:
    """The client's last licence of the kind that lets anybody use anything."""
    return session.scalar(
        select(LicenseRecord)
        .where(LicenseRecord.client == client, LicenseRecord.kind == kind)
        .where(LicenseRecord.action != Action.REVOKE)
        .order_by(LicenseRecord.sequence.desc())
        .limit(1)
    )


def succeed(
    session: Session,
    *,
    old: LicenseRecord,
    action: Action,
    change: Callable[[Terms], Terms],
    ground: Ground,
) -> LicenseRequest:
    """Ask for the licence that takes the place of `old`.

    Raises:
        DeniedError: only sales, agents and admins ask.
        ConflictError: `old` is replaced or revoked, or another request follows it already.
        InvalidError: the new terms do not fit.
    """
    client = _locked_client(session, old)
    require_standing(session, old)
    _require_unfollowed(session, old)
    return _ask(session, client, action, change(terms_of(old)), ground, replaces=old.serial)


def copy(
    session: Session, *, old: LicenseRecord, change: Callable[[Terms], Terms], ground: Ground
) -> LicenseRequest:
    """Ask for a further licence after the terms of `old`, which goes on.

    Raises:
        As `succeed`, but another request may be open.
    """
    client = _locked_client(session, old)
    require_standing(session, old)
    return _ask(session, client, Action.COPY, change(terms_of(old)), ground, replaces=None)


def move(
    session: Session, *, old: LicenseRecord, change: Callable[[Terms], Terms], ground: Ground
) -> tuple[LicenseRequest, LicenseRequest | None]:
    """Ask for the licence of the new site, and for the revocation that retires the old site.

    An unbound licence has no such revocation: it would be obeyed at the new site too.

    Raises:
        As `succeed`.
    """
    moved = succeed(session, old=old, action=Action.MOVE, change=change, ground=ground)
    if old.site is None:
        return moved, None
    client = session.get_one(Client, old.client)
    over = revocation(terms_of(old), today=ground.at.date())
    return moved, _ask(session, client, Action.REVOKE, over, ground, replaces=old.serial)


def require_standing(session: Session, old: LicenseRecord) -> None:
    """Raises ConflictError for a licence that is replaced or revoked, naming by what."""
    name = format_number("L", old.serial)
    if is_revocation(terms_of(old)):
        raise ConflictError(
            _("{license} is itself a revocation").format(license=name),
            hint=f"opskit license request {old.client}",
        )
    later = next(iter(later_than(session, old)), None)
    if later is None:
        return
    by = format_number("L", later.serial)
    raise ConflictError(replaced_in_words(old, later), hint=f"opskit license show {by}")


def _require_unfollowed(session: Session, old: LicenseRecord) -> None:
    number = session.scalar(
        select(LicenseRequest.number)
        .where(LicenseRequest.replaces == old.serial, LicenseRequest.state.in_(sorted(OPEN)))
        .order_by(LicenseRequest.number)
        .limit(1)
    )
    if number is not None:
        name = format_number("R", number)
        raise ConflictError(
            _("{request} follows {license} already and is open").format(
                request=name, license=format_number("L", old.serial)
            ),
            hint=f"opskit license show {name}",
        )


def _locked_client(session: Session, old: LicenseRecord) -> Client:
    """One successor at a time: a second person waits here, and then sees the first one's."""
    return session.get_one(Client, old.client, with_for_update=True)


def _ask(
    session: Session,
    client: Client,
    action: Action,
    terms: Terms,
    ground: Ground,
    *,
    replaces: int | None,
) -> LicenseRequest:
    wish = requests.Wish(
        terms=terms,
        action=action,
        replaces=replaces,
        order_ref=ground.order_ref,
        ticket=ground.ticket,
        reason=ground.reason,
    )
    return requests.request(
        session, client=client, wish=wish, catalog=ground.catalog, at=ground.at, actor=ground.actor
    )
