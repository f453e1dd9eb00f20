"""Handing a secret over, once: the safe wraps it, and the token that comes of it unwraps it.

The token is a key to this one answer and to nothing else, so whoever receives it needs no login.
Source: OpenBao's documentation of response wrapping, with its advice to look where an answer was
made before it is opened: a token that was swapped shows there, and stays unopened.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.http import TICKET_HEADER, Reply, VaultHttp, raise_for
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.errors import login_needed

WRAP, LOOKUP, UNWRAP = ("sys/wrapping/wrap", "sys/wrapping/lookup", "sys/wrapping/unwrap")
BAD_REQUEST, DENIED, INTERNAL_ERROR = 400, 403, 500
LONGEST = timedelta(days=7)  # it is for handing over, not for keeping
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_TOKEN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
SHORTEST_TOKEN = 20  # letters; OpenBao's have 26 and more
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")


class ShareGoneError(NotFoundError):
    """The token was used, has expired, or never was one of this safe's."""

    reference = "share-gone"


class NotAShareError(InvalidError):
    """What the token wraps was not made by `opskit vault share`: it may have been swapped."""

    reference = "not-a-share"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed over: one secret of one entry, and the facts that tell what it opens."""

    ref: str
    field: str
    value: Secret
    facts: Mapping[str, str]

    def to_data(self) -> dict[str, Any]:
        """In plain text, for the safe alone."""
        return {
            "ref": self.ref,
            "field": self.field,
            "value": self.value.reveal(),
            "facts": dict(self.facts),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Parcel":
        """Raises NotAShareError: somebody wrapped something else, by another tool or with guile."""
        try:
            facts = {str(name): str(value) for name, value in data["facts"].items()}
            parcel = cls(str(data["ref"]), str(data["field"]), Secret(str(data["value"])), facts)
        except (KeyError, AttributeError):
            raise _not_ours() from None
        shown = (parcel.ref, parcel.field, *facts, *facts.values())
        if not all(text.isprintable() for text in shown):  # they are shown on a terminal
            raise _not_ours()
        return parcel


@dataclass(frozen=True, slots=True)
class Share:
    """A parcel on its way."""

    token: Secret
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """A parcel that has arrived, and when it was wrapped by the safe's own clock."""

    parcel: Parcel
    shared_at: datetime


def parse_ttl(text: str) -> timedelta:
    """`30m`, `1h`, `2d`.

    Raises:
        InvalidError: something else, nothing at all, or longer than a week.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    ttl = timedelta(**{UNITS[match[2]]: int(match[1])}) if match else timedelta(0)
    if not timedelta(0) < ttl <= LONGEST:
        raise InvalidError(
            _("{text} is no time to keep a share").format(text=repr(text)),
            hint=_("such as 30m, 1h or 2d; seven days at most"),
        )
    return ttl


def wrap(
    http: VaultHttp, parcel: Parcel, *, ttl: timedelta, ticket: TicketKey | None, at: datetime
) -> Share:
    """Have the safe keep it for whoever brings the token first.

    Raises:
        DeniedError: not logged in. UnavailableError: no answer, or sealed.
    """
    headers = {"X-Vault-Wrap-TTL": str(int(ttl.total_seconds()))}
    if ticket is not None:
        headers[TICKET_HEADER] = ticket.value
    reply = http.request("POST", f"v1/{WRAP}", parcel.to_data(), headers=headers)
    if reply.status == DENIED:  # everybody may
        raise login_needed()
    raise_for(reply, _("cannot share the secret"))
    info = reply.data["wrap_info"]
    return Share(Secret(info["token"]), at + timedelta(seconds=info["ttl"]))


def unwrap(http: VaultHttp, token: Secret) -> Received:
    """Open it, which can be done once; `http` needs no login.

    Raises:
        InvalidError: no token at all. ShareGoneError: used, expired or unknown.
        NotAShareError: not made by `share`.
        UnavailableError: no answer, or sealed.
    """
    _require_form(token)
    body = {"token": token.reveal()}
    made = _opened(http.request("POST", f"v1/{LOOKUP}", body))
    if made["creation_path"] != WRAP:
        raise NotAShareError(
            _("this token wraps no share, but an answer of {path}: it was left unopened").format(
                path=made["creation_path"]
            ),
            hint=_("it may have been swapped on its way: ask who sent it, by another way"),
        )
    headers = {"X-Vault-Token": token.reveal()}
    reply = http.request("POST", f"v1/{UNWRAP}", headers=headers)
    if reply.status == INTERNAL_ERROR:  # as told to who came a moment after another: is it gone?
        _opened(http.request("POST", f"v1/{LOOKUP}", body))
    parcel = Parcel.from_data(_opened(reply))
    return Received(parcel, datetime.fromisoformat(made["creation_time"]))


def _require_form(token: Secret) -> None:
    text = token.reveal()
    if len(text) < SHORTEST_TOKEN or not _TOKEN.fullmatch(text):
        raise InvalidError(
            _("this does not look like a token"),
            hint=_("copy it whole; it begins with s. and has no blank in it"),
        )


def _opened(reply: Reply) -> Mapping[str, Any]:
    if reply.status == BAD_REQUEST:
        raise ShareGoneError(
            _("this token opens nothing: it was used, it has expired, or it is another safe's"),
            hint=_("if it was you who used it, ask for another; if not, have the secret changed"),
        )
    raise_for(reply, _("cannot open the share"))
    data: Mapping[str, Any] = reply.data["data"]
    return data


def _not_ours() -> NotAShareError:
    return NotAShareError(
        _("the token held something that opskit did not wrap, and is used up now"),
        hint=_("ask who sent it to make another: opskit vault share CLIENT/ENV/NAME"),
    )
