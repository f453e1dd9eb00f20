"""The recovery key: the way back when the last admin's password is forgotten.

It opens no data. Its holder can have the server make a root token; `let_in` uses that token for
one thing, a new password, and revokes it. So the key belongs on paper in a sealed envelope, away
from this machine:

    opskit local recovery-key        # while an admin can still log in: prints it, once
    opskit local recover alice       # later: asks for it, and for alice's new password
"""

import base64

from opskit.core.errors import DeniedError, NotFoundError, UnavailableError
from opskit.core.http import VaultHttp, api_path, raise_for
from opskit.core.i18n import _
from opskit.core.logins import check_new_password, parse_login
from opskit.core.secret import Secret
from opskit.local.config import ADMIN_ROLE
from opskit.local.errors import RecoveryKeyExistsError, WrongRecoveryKeyError

MEND = "opskit local start"
ROTATION = "v1/sys/rotate/recovery/init"
NOT_FOUND, SERVER_ERROR = 404, 500
ATTEMPT = "v1/sys/generate-root/attempt"
UPDATE = "v1/sys/generate-root/update"


def recovery_key(address: str, token: str) -> Secret:
    """Have the server make its recovery key; it can be shown this once.

    Raises:
        RecoveryKeyExistsError: one was made before.
        DeniedError: the token is no admin's.
        UnavailableError: the server does not answer, or gave no key.
    """
    with VaultHttp(address, token=token, mend=MEND) as http:
        reply = http.request("POST", ROTATION, {"secret_shares": 1, "secret_threshold": 1})
        raise_for(reply, _("making the recovery key"))
        facts = reply.data["data"]
        if facts.get("keys"):
            return Secret(str(facts["keys"][0]))
        if facts.get("started"):
            # The server now waits for the old key; leave no rotation half done.
            http.request("DELETE", ROTATION)
            raise RecoveryKeyExistsError(
                _("a recovery key was made before and cannot be shown again"),
                hint=_("its holder can use it: opskit local recover NAME"),
            )
    raise UnavailableError(_("the server gave no recovery key"), hint="opskit local logs")


def let_in(address: str, *, key: Secret, login: str, password: Secret) -> None:
    """Give a login a new password with the recovery key; no root token is left behind.

    Raises:
        WrongRecoveryKeyError: the server does not accept the key.
        NotFoundError: nobody has that login. DeniedError: it is no admin's.
        InvalidError: no possible login or password.
        UnavailableError: the server does not answer.
    """
    login = parse_login(login)
    check_new_password(password)
    user = api_path("auth/userpass/users", login)
    what = _("setting the password of {login}").format(login=login)
    with VaultHttp(address, token=_root_token(address, key).reveal(), mend=MEND) as http:
        try:
            if http.request("GET", user).status == NOT_FOUND:
                raise NotFoundError(
                    _("nobody has the login {login}").format(login=login),
                    hint=_("type the login as opskit user list showed it"),
                )
            if not _is_admin(http, login):
                raise DeniedError(
                    _("{login} is no admin").format(login=login),
                    hint=_("let an admin in, who then types opskit user reset {login}").format(
                        login=login
                    ),
                )
            new = {"password": password.reveal()}
            raise_for(http.request("POST", f"{user}/password", new), what)
        finally:
            gone = http.request("POST", "v1/auth/token/revoke-self")
        raise_for(gone, _("revoking the root token"))


def _is_admin(http: VaultHttp, login: str) -> bool:
    """Whether the person is in the group that may give others a password."""
    what = _("reading the admins")
    group = http.request("GET", f"v1/identity/group/name/{ADMIN_ROLE}")
    methods = http.request("GET", "v1/sys/auth")
    for reply in (group, methods):
        raise_for(reply, what)
    alias = {
        "alias_name": login,
        "alias_mount_accessor": methods.data["data"]["userpass/"]["accessor"],
    }
    found = http.request("POST", "v1/identity/lookup/entity", alias)
    raise_for(found, what)
    person = found.data.get("data") or {}  # nothing for who never logged in
    return person.get("id") in (group.data["data"]["member_entity_ids"] or ())


def _root_token(address: str, key: Secret) -> Secret:
    """The server's own ceremony: it sends the token masked with a one-time password."""
    with VaultHttp(address, mend=MEND) as http:
        http.request("DELETE", ATTEMPT)  # one that somebody began and left
        begun = http.request("POST", ATTEMPT)
        raise_for(begun, _("beginning the recovery"))
        given = {"key": key.reveal().strip(), "nonce": begun.data["nonce"]}
        done = http.request("POST", UPDATE, given)
        if done.status >= SERVER_ERROR:
            raise_for(done, _("the recovery"))
        masked = done.data.get("encoded_token")
        if not masked:
            http.request("DELETE", ATTEMPT)
            raise WrongRecoveryKeyError(
                _("the server does not accept this recovery key"),
                hint=_("type it as opskit local recovery-key printed it"),
            )
    return Secret(_unmask(str(masked), str(begun.data["otp"])))


def _unmask(masked: str, one_time_password: str) -> str:
    try:
        token = base64.b64decode(masked + "=" * (-len(masked) % 4))
        pairs = zip(token, one_time_password.encode(), strict=True)
        return bytes(a ^ b for a, b in pairs).decode()
    except ValueError:  # not chained: it would hold pieces of the token
        raise UnavailableError(_("the server gave no token"), hint="opskit local logs") from None
