"""The licence keys cannot be exported: the drill of docs/licenses/keys.md, on real servers.

What is kept is the server's snapshot, or its folder, and the key that opens it. What comes back has
to sign as the lost server did.
"""

import http.client
import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from opskit.core.errors import ExitCode, OpsError
from opskit.local.config import THROWAWAY_VARIABLE, render_init, render_main
from opskit.local.process import choose_port
from opskit.local.state import FILE_NAME
from tests.licenses.ordering import approved
from tests.support.cluster import Node, wait_for
from tests.support.faults import new_token, server_of
from tests.support.home import PASSWORDS, House
from tests.support.openbao import ADMIN, log_in

SNAPSHOT = "/v1/sys/storage/raft/snapshot"


def test_a_snapshot_and_the_unseal_key_bring_the_keys_back(
    own_house: House, tmp_path: Path
) -> None:
    house = own_house
    house.done("license", "keys", "rotate", "--kind", "test")
    before = issued(house, tmp_path / "before.lic")
    keys = published(house, tmp_path / "before.json")
    snapshot = tmp_path / "safe.snap"
    take(house, snapshot)
    unseal_key = house.home.safe_folder / "unseal.key"
    with restored(snapshot, unseal_key, tmp_path) as address, instead(house, address):
        assert published(house, tmp_path / "after.json") == keys
        after = issued(house, tmp_path / "after.lic")
        assert after["key_id"] == before["key_id"] == 1
        house.done("license", "register", "verify", as_user="alice")
    for licence in ("before.lic", "after.lic"):
        house.done("license", "verify", tmp_path / licence, "--keys", tmp_path / "before.json")


def test_the_folder_of_a_stopped_server_and_a_backup_bring_the_home_back(
    own_house: House, tmp_path: Path
) -> None:
    house = own_house
    before = issued(house, tmp_path / "before.lic")
    keys = published(house, tmp_path / "before.json")
    house.done("backup", "--out", tmp_path / "opskit.db")
    house.done("local", "stop")
    shutil.copytree(house.home.safe_folder, tmp_path / "safe")

    shutil.rmtree(house.home.safe_folder)
    house.home.database_file.unlink()
    assert house.opskit("license", "keys", "list").code == ExitCode.UNAVAILABLE

    shutil.copytree(tmp_path / "safe", house.home.safe_folder)
    shutil.copy(tmp_path / "opskit.db", house.home.database_file)
    house.done("local", "start")
    house.done("upgrade")
    assert published(house, tmp_path / "after.json") == keys
    assert issued(house, tmp_path / "after.lic")["key_id"] == before["key_id"]
    house.done("license", "register", "verify", as_user="alice")
    for licence in ("before.lic", "after.lic"):
        house.done("license", "verify", tmp_path / licence, "--keys", tmp_path / "before.json")


def issued(house: House, file: Path) -> Any:
    """A production licence for DELEZE; what `verify` says of it."""
    house.done("license", "issue", approved(house), "--out", file, as_user="bob")
    return house.done("license", "verify", file, "--json").json


def published(house: House, file: Path) -> Any:
    house.done("license", "keys", "publish", "--out", file, as_user="alice")
    return json.loads(file.read_bytes())


def take(house: House, file: Path) -> None:
    """A snapshot of the running server, as `bao operator raft snapshot save` takes it."""
    status, content = send(server_of(house).address, "GET", SNAPSHOT, new_token(house), None)
    assert status == 200, content
    file.write_bytes(content)


@contextmanager
def restored(snapshot: Path, key: Path, place: Path) -> Iterator[str]:
    """A new server that was given the snapshot; its address."""
    with fresh_server(key, place) as (node, token):
        status, said = send(node.address, "POST", f"{SNAPSHOT}-force", token, snapshot)
        assert status == 204, said
        wait_for(lambda: token_of(node.address, ADMIN, PASSWORDS[ADMIN]))
        yield node.address


@contextmanager
def fresh_server(key: Path, place: Path) -> Iterator[tuple[Node, str]]:
    """A server that knows nobody yet but an admin of its own, with that unseal key; his token."""
    folder = place / "fresh"
    (folder / "raft").mkdir(parents=True)
    (folder / "unseal.key").write_text(key.read_text().strip())  # a line's end is no part of it
    port, password = choose_port(None), secrets.token_hex(16)
    main = render_main(name="fresh", port=port, key_source="file://unseal.key")
    (folder / "main.hcl").write_text(main)
    (folder / "init.hcl").write_text(render_init(admin="drill"))
    node = Node("fresh", folder, port)
    node.start("init.hcl", environment={THROWAWAY_VARIABLE: password})
    try:
        yield node, wait_for(lambda: token_of(node.address, "drill", password))
    finally:
        node.kill()


@contextmanager
def instead(house: House, address: str) -> Iterator[None]:
    """The house's commands ask that server, which knows nothing of the logins since."""
    file = house.home.safe_folder / FILE_NAME
    noted = file.read_bytes()
    file.write_bytes(json.dumps({**json.loads(noted), "address": address}).encode())
    try:
        yield
    finally:
        file.write_bytes(noted)


def token_of(address: str, login: str, password: str) -> str | None:
    """None while the server does not know them, or is not there."""
    try:
        return log_in(address, login, password)
    except OpsError:
        return None


def send(address: str, method: str, path: str, token: str, file: Path | None) -> tuple[int, bytes]:
    """Status and content of a request whose content is no JSON."""
    url = urlsplit(address)
    wire = http.client.HTTPConnection(str(url.hostname), url.port, timeout=30)
    with closing(wire):
        content = None if file is None else file.read_bytes()
        wire.request(method, path, content, {"X-Vault-Token": token})
        answer = wire.getresponse()
        return answer.status, answer.read()
