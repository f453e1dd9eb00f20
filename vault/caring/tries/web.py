"""HTTPS with HTTP's own login (RFC 7617); a page with a form cannot be asked."""

import base64
import ssl
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import quote, urlsplit, urlunsplit

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

UNAUTHORIZED, FORBIDDEN, TOO_MANY, BROKEN = 401, 403, 429, 500
_AS_IT_IS = "%!$&'()*+,/:;=?@"  # of what is typed as a URL only other letters need a code


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
    return _meaning(answer.status, facts)


def _meaning(status: int, facts: EntryFacts) -> Result:
    if status in (UNAUTHORIZED, FORBIDDEN):
        return refused(facts)
    if status == TOO_MANY or status >= BROKEN:
        return answers_only(_("the page answers {status}").format(status=status))
    return works(facts)


def _get(place: Place, facts: EntryFacts, headers: dict[str, str]) -> HTTPResponse:
    url = urlsplit(facts.url)
    target = urlunsplit(("", "", url.path or "/", url.query, ""))
    connection = HTTPSConnection(
        place.host, place.port, timeout=SECONDS, context=ssl.create_default_context()
    )
    try:
        connection.request("GET", quote(target, safe=_AS_IT_IS), headers=headers)
        return connection.getresponse()
    finally:
        connection.close()


def _asks_for_basic(answer: HTTPResponse) -> bool:
    return "basic" in (answer.getheader("WWW-Authenticate") or "").lower()
