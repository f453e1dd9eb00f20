"""A short number that was typed where a client is meant: called what it is."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from licenses.models import LicenseBatch, LicenseRecord, LicenseRequest
from licenses.states import REGISTERED
from opskit.clients import services as clients
from opskit.clients.models import Client
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import format_number

_NUMBER = re.compile(r"([BLR])([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Mistaken:
    """What the number stands for; its client where it has one, the licence where there is one."""

    number: str
    what: str
    client: str | None = None
    license: str | None = None


def find_client(session: Session, text: str, *, by_license: bool = False) -> Client:
    """The client with that code, typed in any case.

    Raises:
        NotFoundError: there is none. Where it is the number of something else, that is said, and
            what to give instead: the client's code, or with `by_license` the licence's number.
    """
    try:
        return clients.find(session, text)
    except NotFoundError:
        meant = mistaken(session, text)
        if meant is None:
            raise
        raise NotFoundError(meant.what, hint=_instead(meant, by_license=by_license)) from None


def mistaken(session: Session, text: str) -> Mistaken | None:
    """What there is with that number; None where the text is none, or nothing has it."""
    match = _NUMBER.fullmatch(text.strip().upper())
    if match is None:
        return None
    number = int(match[2])
    match match[1]:
        case "R":
            return _as_request(session.get(LicenseRequest, number))
        case "L":
            return _as_license(session.get(LicenseRecord, number))
        case _:
            return _as_batch(session.get(LicenseBatch, number))


def _as_request(found: LicenseRequest | None) -> Mistaken | None:
    if found is None:
        return None
    name = format_number("R", found.number)
    if found.serial is None or found.state not in REGISTERED:
        words = _("{request} is a licence request of {client}, and no licence")
        return Mistaken(name, words.format(request=name, client=found.client), found.client)
    license_ = format_number("L", found.serial)
    words = _("{request} is a licence request of {client}: it became {license}")
    what = words.format(request=name, client=found.client, license=license_)
    return Mistaken(name, what, found.client, license_)


def _as_license(found: LicenseRecord | None) -> Mistaken | None:
    if found is None:
        return None
    name = format_number("L", found.serial)
    what = _("{license} is a licence of {client}").format(license=name, client=found.client)
    return Mistaken(name, what, found.client, name)


def _as_batch(found: LicenseBatch | None) -> Mistaken | None:
    if found is None:
        return None
    name = format_number("B", found.number)
    return Mistaken(name, _("{batch} is a batch of licence requests").format(batch=name))


def _instead(meant: Mistaken, *, by_license: bool) -> str:
    if by_license and meant.license is not None:
        return _("give the licence's number: {license}").format(license=meant.license)
    if not by_license and meant.client is not None:
        return _("give the client's code: {client}").format(client=meant.client)
    return f"opskit license show {meant.number}"
