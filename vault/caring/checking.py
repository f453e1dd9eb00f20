"""Whether a credential works: does the port answer, does the system let its user in?

A password goes only to a server that proves who it is (a known SSH host key, a valid certificate,
PostgreSQL's SCRAM, which never sends it), and is tried once: more would lock accounts.
"""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.core.system_errors import reason_of
from vault.facts import EntryFacts
from vault.kinds import PASSWORD, PRIVATE_KEY

SECONDS = 5.0
PORTS = {"ssh": 22, "rdp": 3389, "vpn": 443, "http": 80, "https": 443}
DATABASE_PORTS = {"oracle": 1521, "postgresql": 5432, "sqlserver": 1433, "mysql": 3306}


class Outcome(StrEnum):
    """What a try found. The words stand in the entry's metadata."""

    WORKS = "works"
    ANSWERS = "answers"
    """The port does; whether the login works cannot be asked there."""
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    STRANGER = "stranger"
    """Somebody answers who cannot prove who they are: the password was not sent."""
    UNASKABLE = "unaskable"
    """The entry says no place to ask."""


BAD = (Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.STRANGER)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, and a sentence about it."""

    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the system listens."""

    host: str
    port: int


Secrets = Mapping[str, Secret]
LoginTry = Callable[[Place, EntryFacts, Secrets], Result]


def place_of(facts: EntryFacts) -> Place | None:
    """Host and port, from the facts or the URL; None where they say neither."""
    try:
        url = urlsplit(facts.url)
        is_page = url.scheme in ("http", "https")
        host = url.hostname if is_page else facts.host
        port = url.port or PORTS[url.scheme] if is_page else facts.port or _usual_port(facts)
    except ValueError:  # the URL's port is no number
        return None
    return Place(host, port) if host and port else None


def _usual_port(facts: EntryFacts) -> int | None:
    return DATABASE_PORTS.get(facts.engine) or PORTS.get(facts.kind)


def check_login(facts: EntryFacts, secrets: Secrets, *, host_key: str = "") -> Result:
    """Try it, once.

    `host_key` is the SSH fingerprint (`SHA256:...`) to trust where the host is not yet known.
    """
    place = place_of(facts)
    if place is None:
        return Result(Outcome.UNASKABLE, _("the entry names no host and port"))
    try:
        socket.create_connection((place.host, place.port), SECONDS).close()
    except (OSError, UnicodeError) as err:  # UnicodeError: no possible name of a host
        reason = reason_of(err)
        return Result(
            Outcome.UNREACHABLE,
            _("{host}:{port} does not answer: {reason}").format(
                host=place.host, port=place.port, reason=reason
            ),
        )
    login = _login_try(facts, host_key)
    if login is None or not {PASSWORD, PRIVATE_KEY} & set(secrets):
        answers = _("{host}:{port} answers; the login cannot be tried there")
        return Result(Outcome.ANSWERS, answers.format(host=place.host, port=place.port))
    return login(place, facts, secrets)


def _login_try(facts: EntryFacts, host_key: str) -> LoginTry | None:
    if facts.kind == "ssh":
        from vault.caring.tries.ssh import SshTry

        return SshTry(host_key)
    if facts.kind == "database" and facts.engine == "postgresql":
        from vault.caring.tries.postgresql import try_postgresql

        return try_postgresql
    if facts.url.startswith("https://"):
        from vault.caring.tries.web import try_https

        return try_https
    return None


def works(facts: EntryFacts) -> Result:
    """The system let the user in."""
    return Result(Outcome.WORKS, _("{user} was let in").format(user=facts.username))


def refused(facts: EntryFacts) -> Result:
    """The system knows neither this user nor this password, or not together."""
    return Result(Outcome.REFUSED, _("{user} was not let in").format(user=facts.username))


def answers_only(why: str) -> Result:
    """It answers, and no login could be tried."""
    return Result(Outcome.ANSWERS, why)
