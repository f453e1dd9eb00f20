"""Where the safe cannot ask a second person nobody reads a guarded entry."""

from opskit.core.http import Reply, VaultHttp
from tests.support.breakglass import REF, SECRET, glass, put_under_guard
from tests.support.home import House
from tests.support.lesser_server import lesser_server, point_at, without_control_groups
from vault.ports import EntryStore, Login


def test_a_safe_that_cannot_ask_a_second_person_lets_nobody_read(own_house: House) -> None:
    """Provisioned through a server without the feature; the policies are the real server's."""
    put_under_guard(own_house, REF)
    run = own_house.context()
    address = run.plug(Login).connection.address
    with lesser_server(address, without_control_groups) as lesser:
        point_at(own_house, lesser)
        assert own_house.opskit("vault", "provision", "--check").code == 8
        own_house.done("vault", "provision")
        assert own_house.done("vault", "provision", "--check").out == ""
        for who in ("alice", "bob"):
            refused = glass(own_house, who, "request", REF, "--ticket", "CS-1001")
            assert (refused.code, refused.out) == (6, "")
            assert refused.err.startswith(
                "error[no-second-person]: this safe cannot ask a second person, "
                "so nobody reads a guarded entry\n"
            )
        own_house.login("alice")
        for verb in ("GET", "POST", "DELETE"):
            assert raw(own_house, address, verb, f"guarded/data/{REF}").status == 403
        add = ("vault", "add", "DELEZE/prod/later", "--kind", "erp", "--password-file", "-")
        own_house.done(*add, stdin="x")
        closed = glass(own_house, "alice", "guard", "DELEZE/prod/later", "--yes")
        assert closed.code == 6
        assert "error[no-second-person]" in closed.err
        assert own_house.done("vault", "get", "DELEZE/prod/later").out == "x\n"
    point_at(own_house, address)
    own_house.done("vault", "provision")
    assert raw(own_house, address, "GET", f"guarded/data/{REF}").data["wrap_info"]["accessor"]


def test_a_plain_answer_is_dropped(own_house: House) -> None:
    """Where somebody's own policy opens the guarded entries, opskit does not show them."""
    put_under_guard(own_house, REF)
    safe = own_house.context().plug(EntryStore)._safe  # type: ignore[attr-defined]
    safe.api.sys.create_or_update_acl_policy(
        "agent",
        f'path "guarded/*" {{ capabilities = ["read"] }}\npath "guarded/data/{REF}" '
        '{ capabilities = ["read"] }\n',
    )
    refused = glass(own_house, "bob", "request", REF, "--ticket", "CS-1001")
    assert (refused.code, refused.out) == (6, "")
    assert "error[no-second-person]" in refused.err
    assert SECRET not in refused.err


def raw(house: House, address: str, method: str, path: str) -> Reply:
    """One request of whoever is logged in, past opskit."""
    token = house.context().plug(Login).tokens.load()
    assert token is not None
    with VaultHttp(address, token=token.reveal()) as http:
        return http.request(method, f"v1/{path}", {"data": {}} if method == "POST" else None)
