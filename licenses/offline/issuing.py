"""A temporary licence out of an open kit: no server, no login, no database."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from licenses.errors import UnknownKeyError
from licenses.keyformat import decode, encode, signing_input, split_signature
from licenses.offline import evidence
from licenses.offline.journal import LONGEST_REASON, Entry, Witness
from licenses.offline.kit import KitClient, KitLicense, OpenKit, key_set
from licenses.offline.numbering import FIRST_SERIAL, SERIALS, kit_key
from licenses.payload import LicenseKind
from licenses.services.issuing import require_verifiable
from licenses.terms import Stamp, Terms, from_payload, parse_modules, to_payload
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import TicketKey, format_number
from opskit.core.text import did_you_mean

USUAL_DAYS = 14
MOST_DAYS = 31

# Temporary licences issued in the safe since the kit was filled have the next sequences, and the
# one from here has to be above. A second copy of the kit would start at the same: hence the chance.
SEQUENCE_MARGIN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked of the kit; `target` is a client's code or the number of a licence."""

    target: str
    days: int
    reason: str
    modules: str | None = None
    ticket: TicketKey | None = None
    erp_version: str | None = None  # what the client runs, where the kit knows an older one


@dataclass(frozen=True, slots=True)
class Moment:
    """Now; `today` is the day on the wall of the office."""

    at: datetime
    today: date


def check(wish: Wish) -> None:
    """Before anybody types a passphrase.

    Raises:
        InvalidError: too many days, or no reason.
    """
    if not 1 <= wish.days <= MOST_DAYS:
        raise InvalidError(
            _("--days: {days} is not between 1 and {most}").format(days=wish.days, most=MOST_DAYS),
            hint=_("a kit bridges an outage; whatever is longer waits for the safe"),
        )
    if not 0 < len(wish.reason.strip()) <= LONGEST_REASON:
        raise InvalidError(
            _("--reason: empty, or longer than {longest} characters").format(
                longest=LONGEST_REASON
            ),
            hint=_("the register shows it: why could it not wait?"),
        )


def issue(kit: OpenKit, wish: Wish, *, before: Sequence[Entry], now: Moment) -> Entry:
    """Sign the licence, check it, and say what the journal has to keep; nothing is written.

    `before` is what the journal holds already.

    Raises:
        NotFoundError: the kit has no such client or licence. ConflictError: the client has several.
        InvalidError: as `check`, or modules that the client does not have.
        UnknownKeyError: the client's ERP does not know the kit's key.
    """
    check(wish)
    client, follows = _find(kit, wish.target)
    key = kit_key(kit.label.number)
    _require_known(kit, client, key.key_id, wish.erp_version)
    terms = _terms(kit, follows, wish, today=now.today)
    stamp = Stamp(
        serial=_serial(before),
        sequence=_sequence(client, before),
        key_id=key.key_id,
        client_number=client.number,
        issued_on=now.at.date(),
    )
    body = encode(to_payload(terms, stamp, kit.content.catalog))
    signed = body + kit.sign(signing_input(body))
    require_verifiable(signed, key_set(kit.label))
    first, second = kit.label.holders
    return Entry(
        kit=kit.label.number,
        client=client.code,
        site=terms.site,
        signed=signed,
        holders=(Witness(first.entity_id, first.name), Witness(second.entity_id, second.name)),
        evidence=kit.sign(
            evidence.message_of(first=first.entity_id, second=second.entity_id, body=body)
        ),
        at=now.at,
        reason=wish.reason.strip(),
        ticket=wish.ticket.value if wish.ticket else None,
    )


def _find(kit: OpenKit, target: str) -> tuple[KitClient, KitLicense]:
    wanted = target.strip().upper()
    for client in kit.content.clients:
        if client.code == wanted:
            return client, _only(client)
        for license_ in client.licenses:
            if _name(license_) == wanted:
                return client, license_
    codes = [client.code for client in kit.content.clients]
    raise NotFoundError(
        _("the kit holds no production licence of {client}").format(client=target.strip()),
        hint=did_you_mean(
            target, codes, otherwise=_("it holds what counted when it was last filled")
        ),
    )


def _only(client: KitClient) -> KitLicense:
    if len(client.licenses) == 1:
        return client.licenses[0]
    names = ", ".join(
        _("{license} (site {site})").format(license=_name(each), site=each.site or _("any"))
        for each in client.licenses
    )
    raise ConflictError(
        _("{client} has several production licences: {names}").format(
            client=client.code, names=names
        ),
        hint=_("give the number of one of them"),
    )


def _require_known(kit: OpenKit, client: KitClient, key_id: int, stated: str | None) -> None:
    version = stated or client.erp_version
    known = kit.content.catalog.keys_known_by(version)
    if key_id not in known:
        raise UnknownKeyError(
            _("ERP {version} knows the keys {known}, and not {key_id}").format(
                version=version, known=" ".join(map(str, sorted(known))), key_id=key_id
            ),
            hint=_(
                "it would refuse the licence; if {client} runs another one: --erp-version"
            ).format(client=client.code),
        )


def _terms(kit: OpenKit, follows: KitLicense, wish: Wish, *, today: date) -> Terms:
    """What the client has, for a few days."""
    catalog = kit.content.catalog
    body, _signature = split_signature(follows.signed)
    granted = replace(from_payload(decode(body), catalog), site=follows.site)
    modules = granted.modules
    if wish.modules is not None:
        modules = parse_modules(wish.modules, catalog)
        beyond = [code for code in modules if code not in granted.modules]
        if beyond:
            raise InvalidError(
                _("{license} does not have {modules}").format(
                    license=_name(follows), modules=" ".join(beyond)
                ),
                hint=_("a kit gives what the client has: {modules}").format(
                    modules=" ".join(granted.modules)
                ),
            )
    return replace(
        granted,
        kind=LicenseKind.TEMPORARY,
        modules=modules,
        valid_from=today,
        last_day=today + timedelta(days=wish.days),
        grace_days=0,
    )


def _serial(before: Sequence[Entry]) -> int:
    taken = {entry.payload.serial for entry in before}
    while (serial := FIRST_SERIAL + secrets.randbelow(SERIALS)) in taken:
        pass
    return serial


def _sequence(client: KitClient, before: Sequence[Entry]) -> int:
    """Above what the safe may have issued since, and above what this journal holds."""
    mine = [entry.payload.sequence for entry in before if entry.client == client.code]
    apart = SEQUENCE_MARGIN + secrets.randbelow(SEQUENCE_MARGIN)
    return max([client.sequence + apart, *(each + 1 for each in mine)])


def _name(license_: KitLicense) -> str:
    return format_number("L", decode(split_signature(license_.signed)[0]).serial)
