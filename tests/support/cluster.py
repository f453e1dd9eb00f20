"""Three OpenBao nodes on loopback, one raft, and the balancer that a team puts before them."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

from opskit.core.errors import OpsError
from opskit.core.http import VaultHttp
from opskit.local.binary import find_binary
from opskit.local.config import THROWAWAY_VARIABLE, render_init
from tests.support.openbao import ADMIN, log_in

Answer = TypeVar("Answer")

HOST = "127.0.0.1"
NODES = 3
PATIENCE = 60.0
HEALTH = "v1/sys/health?standbycode=200&sealedcode=200&uninitcode=200"


@dataclass
class Node:
    """One server of the cluster."""

    name: str
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def health(self) -> dict[str, Any]:
        """What it says of itself; nothing where it does not answer."""
        try:
            with VaultHttp(self.address, timeout=2) as http:
                return http.request("GET", HEALTH).data
        except OpsError:
            return {}

    @property
    def leads(self) -> bool:
        facts = self.health()
        return facts.get("sealed") is False and facts.get("standby") is False

    @property
    def follows(self) -> bool:
        facts = self.health()
        return facts.get("sealed") is False and facts.get("standby") is True

    def start(self, *also: str, environment: dict[str, str] | None = None) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [find_binary(), "server", *(f"-config={each}" for each in ("main.hcl", *also))],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **(environment or {})},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """As when the power goes: no farewell to the others."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)


@dataclass
class Cluster:
    """The nodes, the admin's token, and the one address that clients know."""

    nodes: list[Node]
    balancer: "Balancer"
    token: str = field(repr=False)

    @property
    def address(self) -> str:
        return self.balancer.address

    def leader(self) -> Node:
        return wait_for(lambda: next((each for each in self.nodes if each.leads), None))


class Balancer:
    """A TCP balancer: each connection goes to the next node that takes it, leader or not."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = cycle(ports)
        self._count = len(ports)
        self._listener = socket.create_server((HOST, 0), backlog=128)
        self._lock = threading.Lock()
        self.address = f"http://{HOST}:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _peer = self._listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        for _try in range(self._count):
            with self._lock:
                port = next(self._ports)
            with suppress(OSError):
                node = socket.create_connection((HOST, port), timeout=2)
                node.settimeout(None)
                threading.Thread(target=_pump, args=(node, client), daemon=True).start()
                _pump(client, node)
                return
        client.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes, until one side is gone; then both are."""
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new cluster, ready, with one admin."""
    folder = Path(tempfile.mkdtemp(prefix="opskit-cluster-"))
    key = secrets.token_bytes(32)
    nodes = [_node(folder, f"n{number}", key) for number in range(NODES)]
    password = secrets.token_hex(16)
    try:
        balancer = Balancer([each.port for each in nodes])
        for each in nodes:
            _configure(each, nodes)
        (nodes[0].folder / "init.hcl").write_text(render_init(admin=ADMIN))
        nodes[0].start("init.hcl", environment={THROWAWAY_VARIABLE: password})
        token = wait_for(lambda: _token(nodes[0], password))
        for each in nodes[1:]:
            each.start()
        wait_for(lambda: all(each.follows for each in nodes[1:]) or None)
        wait_for(lambda: _have_votes(nodes[0], token) or None)
        yield Cluster(nodes, balancer, token)
        balancer.close()
    finally:
        for each in nodes:
            if each.is_alive:
                each.kill()
        shutil.rmtree(folder)


def wait_for(ask: Callable[[], Answer | None]) -> Answer:
    deadline = time.monotonic() + PATIENCE
    while (answer := ask()) is None:
        assert time.monotonic() < deadline, "the cluster does not come to it"
        time.sleep(0.1)
    return answer


def _node(folder: Path, name: str, key: bytes) -> Node:
    own = folder / name
    (own / "raft").mkdir(parents=True)
    (own / "unseal.key").write_bytes(key)
    return Node(name, own, _free_ports())


def _configure(node: Node, nodes: list[Node]) -> None:
    others = [each for each in nodes if each is not node]
    joins = "".join(f'retry_join {{ leader_api_addr = "{each.address}" }}\n' for each in others)
    (node.folder / "main.hcl").write_text(f"""
storage "raft" {{
  path                   = "raft"
  node_id                = "{node.name}"
  performance_multiplier = 1

  autopilot_update_interval    = "200ms"
  autopilot_reconcile_interval = "500ms"
  {joins if node is not nodes[0] else ""}
}}
listener "tcp" {{
  address         = "{HOST}:{node.port}"
  cluster_address = "{HOST}:{node.port + 1}"
  tls_disable     = true
}}
seal "static" {{
  current_key_id = "cluster-1"
  current_key    = "file://unseal.key"
}}
cluster_name = "cluster"
api_addr     = "http://{HOST}:{node.port}"
cluster_addr = "https://{HOST}:{node.port + 1}"
ui           = false
""")


def _token(node: Node, password: str) -> str | None:
    try:
        return log_in(node.address, ADMIN, password)
    except OpsError:
        return None


def _have_votes(leader: Node, token: str) -> bool:
    """A node that joined gets its vote only once it has been stable for a while; nobody can be
    elected before."""
    path = "v1/sys/storage/raft"
    with VaultHttp(leader.address, token=token) as http:
        http.request("POST", f"{path}/autopilot/configuration", {"server_stabilization_time": "1s"})
        servers = http.request("GET", f"{path}/configuration").data["data"]["config"]["servers"]
    return [each["voter"] for each in servers] == [True] * NODES


def _free_ports() -> int:
    """Two in a row, for the interface and for raft."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind((HOST, 0))
            port = int(first.getsockname()[1])
            with suppress(OSError, OverflowError):
                second.bind((HOST, port + 1))
                return port
