"""Logging in by the company's own login page: OpenID Connect, as the safe's `oidc` method has it.

The safe makes an address, the person logs in there with a browser, and the browser brings the
answer back to this machine (`callback`). `state` ties the answer to the question; the nonce
ties it to this process, since it is in no address: whoever sees the answer can do nothing with it.
Source: OpenBao's API documentation of the JWT/OIDC method.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from opskit.core.errors import InvalidError
from opskit.core.http import VaultHttp, api_path, raise_for
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.errors import LoginRefusedError
from vault.login.callback import Callback
from vault.login.session import BAD_REQUEST, DENIED, token_of

MOUNT = "oidc"
PATIENCE = 300.0  # seconds for the person to log in
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Question:
    """The address that the browser opens, and what the answer is known by."""

    url: str
    state: str
    nonce: Secret


def log_in_by_browser(
    http: VaultHttp,
    callback: Callback,
    *,
    role: str | None,
    nonce: Secret,
    show: Callable[[str], None],
    mount: str = MOUNT,
    patience: float = PATIENCE,
) -> Secret:
    """Show the address to the person, wait for the answer, trade it for a token.

    Raises:
        OpsError: as `ask`, `Callback.wait` and `answer`.
    """
    question = ask(http, role=role, redirect_uri=callback.address, nonce=nonce, mount=mount)
    callback.expect(question.state)
    show(question.url)
    return answer(http, question, callback.wait(patience), mount=mount)


def ask(
    http: VaultHttp, *, role: str | None, redirect_uri: str, nonce: Secret, mount: str = MOUNT
) -> Question:
    """Have the safe make an address; without a role it takes the mount's own.

    Raises:
        LoginRefusedError: the safe has no such login method.
        InvalidError: no such role, or the role does not let answers come here.
        UnavailableError: no answer, or sealed.
    """
    body = {"redirect_uri": redirect_uri, "client_nonce": nonce.reveal()}
    if role is not None:
        body["role"] = role
    reply = http.request("POST", api_path("auth", mount, "oidc/auth_url"), body)
    if reply.status == DENIED:
        raise LoginRefusedError(
            _("the safe has no login by browser at {mount}/").format(mount=mount),
            hint=_("docs/setup.md says how an admin makes one; the setting login_mount names it"),
        )
    raise_for(reply, _("cannot log in by browser"))
    url = reply.data["data"]["auth_url"]
    state = parse_qs(urlsplit(url).query).get("state", [""])[0]
    if not (state and url.startswith(("https://", "http://"))):
        raise InvalidError(
            _("the safe makes no address for this role and {redirect_uri}").format(
                redirect_uri=redirect_uri
            ),
            hint=_("an admin enters {redirect_uri} in the role's allowed_redirect_uris").format(
                redirect_uri=redirect_uri
            ),
        )
    return Question(url, state, nonce)


def answer(
    http: VaultHttp, question: Question, brought: Mapping[str, str], *, mount: str = MOUNT
) -> Secret:
    """Trade what the browser brought for a token.

    Raises:
        LoginRefusedError: the login page or the safe says no, with its own words.
        UnavailableError: no answer, or sealed.
    """
    if "code" not in brought:
        raise _refused(brought.get("error_description") or brought.get("error") or "-")
    query = urlencode(
        {
            "state": question.state,
            "code": brought["code"],
            "client_nonce": question.nonce.reveal(),
        }
    )
    reply = http.request("GET", f"{api_path('auth', mount, 'oidc/callback')}?{query}")
    if reply.status in (BAD_REQUEST, DENIED):
        raise _refused(reply.reason)
    return token_of(reply)


def _refused(reason: str) -> LoginRefusedError:
    """The reason comes from elsewhere: one line of it, without control characters."""
    shown = "".join(char if char.isprintable() else " " for char in reason)[:LONGEST_REASON]
    return LoginRefusedError(
        _("the login by browser was refused: {reason}").format(reason=shown),
        hint=_("try again; if it stays so, an admin looks at the login method and its role"),
    )
