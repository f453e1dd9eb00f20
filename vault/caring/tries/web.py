"""HTTPS with HTTP's own login (RFC 7617); a page with a form cannot be asked."""

import base64
import ssl
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from opskit.core.i18n import _
from vault.caring.checking import (
    SECONDS,
    Outcome,
    Place,
    Result,
    Secrets,
    answers_only,
    refused,
    works,
)
from vault.facts import EntryFacts
from vault.kinds import PASSWORD

UNAUTHORIZED, FORBIDDEN = 401, 403


def try_https(place: Place, facts: EntryFacts, secrets: Secrets) -> Result:
    """A LoginTry. The password goes out once the page has asked for it, and to no other address."""
    try:
        challenge = _get(place, facts, {})
        if challenge.status != UNAUTHORIZED or not _asks_for_basic(challenge):
            return answers_only(_("the page answers; its login is no HTTP login"))
        if PASSWORD not in secrets:
            return answers_only(_("the entry keeps no password"))
        pair = f"{facts.username}:{secrets[PASSWORD].reveal()}".encode()
        said = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        answer = _get(place, facts, said)
    except ssl.SSLError:
        return Result(Outcome.STRANGER, _("its certificate is not valid"))
    except (OSError, HTTPException) as err:
        return answers_only(_("no HTTPS there: {reason}").format(reason=type(err).__name__))
    return refused(facts) if answer.status in (UNAUTHORIZED, FORBIDDEN) else works(facts)


def _get(place: Place, facts: EntryFacts, headers: dict[str, str]) -> HTTPResponse:
    url = urlsplit(facts.url)
    connection = HTTPSConnection(
        place.host, place.port, timeout=SECONDS, context=ssl.create_default_context()
    )
    try:
        connection.request("GET", url.path or "/", headers=headers)
        return connection.getresponse()
    finally:
        connection.close()


def _asks_for_basic(answer: HTTPResponse) -> bool:
    return "basic" in (answer.getheader("WWW-Authenticate") or "").lower()
