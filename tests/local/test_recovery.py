"""The recovery key: made once, by an admin, and then a way back in."""

import pytest

from opskit.core.errors import ConflictError, DeniedError, ExitCode, NotFoundError, OpsError
from opskit.core.http import VaultHttp
from opskit.core.secret import Secret
from opskit.local import services
from opskit.local.recovery import let_in, recovery_key
from tests.support.home import House, Result
from tests.support.openbao import ADMIN, PASSWORD, SafeServer, ask, log_in, set_password


def test_before_there_is_a_key_nobody_is_let_in(safe: SafeServer) -> None:
    with pytest.raises(OpsError):
        let_in(safe.address, key=Secret("00" * 32), login=ADMIN, password=Secret("any password"))
    assert safe.token()


def test_lets_in_an_admin_who_forgot_the_password(safe: SafeServer) -> None:
    token = safe.token()
    key = recovery_key(safe.address, token)
    with pytest.raises(ConflictError) as caught:
        recovery_key(safe.address, token)
    assert caught.value.reference == "recovery-key-exists"
    services.stop(safe.folder)
    address = services.start(safe.folder).address

    with VaultHttp(address) as http:  # somebody began and left
        assert http.request("POST", "v1/sys/generate-root/attempt").status == 200
    refused(address, Secret("00" * 32))
    refused(address, Secret("no hexadecimal"))
    with pytest.raises(NotFoundError, match="nobody has the login nobody"):
        let_in(address, key=key, login="nobody", password=Secret("a new one"))
    assert safe.token(), "the password was changed though something was wrong"
    let_in(address, key=key, login=ADMIN, password=Secret("a new one"))

    new = log_in(address, ADMIN, "a new one")
    set_password(safe, new, PASSWORD)
    path = "v1/auth/userpass/users/bruno"
    assert ask(safe, safe.token(), "POST", path, {"password": "of bruno"}).status == 204
    with pytest.raises(DeniedError, match="bruno is no admin"):
        let_in(address, key=key, login="bruno", password=Secret("another one"))
    assert log_in(address, "bruno", "of bruno")
    with pytest.raises(DeniedError, match="bruno is no admin"):  # though the safe knows him now
        let_in(address, key=key, login="bruno", password=Secret("another one"))
    assert "root" not in living_policies(safe)
    log = (safe.folder / "audit.log").read_text()
    assert key.reveal() not in log
    assert "a new one" not in log


def test_only_an_admin_can_make_it(safe: SafeServer) -> None:
    path = "v1/auth/userpass/users/carla"
    assert ask(safe, safe.token(), "POST", path, {"password": "of carla"}).status == 204
    with pytest.raises(DeniedError):
        recovery_key(safe.address, log_in(safe.address, "carla", "of carla"))


def refused(address: str, key: Secret) -> None:
    with pytest.raises(DeniedError) as caught:
        let_in(address, key=key, login=ADMIN, password=Secret("a new one"))
    assert caught.value.reference == "wrong-recovery-key"


def living_policies(safe: SafeServer) -> set[str]:
    """The policies of every token that lives."""
    token = safe.token()
    accessors = ask(safe, token, "LIST", "v1/auth/token/accessors/").data["data"]["keys"]
    found = [
        ask(safe, token, "POST", "v1/auth/token/lookup-accessor", {"accessor": each})
        for each in accessors
    ]
    return {policy for each in found for policy in each.data["data"]["policies"]}


def test_both_are_in_the_event_log(own_house: House) -> None:
    refused = own_house.opskit("local", "recovery-key", as_user="bob")
    assert (refused.code, refused.out) == (ExitCode.DENIED, "")
    assert "admin" in refused.err
    assert "permission denied" not in refused.err
    key = own_house.done("local", "recovery-key", as_user="alice").out
    assert "ok       staff: one admin, and a recovery key\n" in own_house.done("doctor").out
    (own_house.folder / "key").write_text(key)
    recover = ("local", "recover", "alice", "--key-file", own_house.folder / "key")
    assert own_house.done(*recover, "--password-file", "-", stdin="a new passphrase").err == (
        "alice has a new password: opskit login alice\n"
    )
    events = own_house.done("audit", "list", "--json").json
    assert [(each["action"], each["who"]) for each in events][:2] == [
        ("user.recovered", "the recovery key's holder"),
        ("home.recovery-key", "alice"),
    ]
    own_house.done("audit", "verify")


def test_who_is_no_admin_is_not_let_in(own_house: House) -> None:
    key = own_house.done("local", "recovery-key", as_user="alice").out
    (own_house.folder / "key").write_text(key)
    recover = ("local", "recover", "bob", "--key-file", own_house.folder / "key")
    refused = own_house.opskit(*recover, "--password-file", "-", stdin="a new passphrase")
    assert refused == Result(
        ExitCode.DENIED,
        "",
        "error[denied]: bob is no admin\n"
        "hint: let an admin in, who then types opskit user reset bob\n",
    )
