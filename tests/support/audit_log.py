"""Lines of an audit log as OpenBao 2.7 writes them, for logs too large or too odd to be had."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
HASH = "84a8413225de643c7062ad595913235fb1df944dba703e5e9309386c3c4a5eba"
HMAC = f"hmac-sha256:{HASH}"
SCANNED = 5_000  # entries in the one long line of a busy log
ENTITY = "c14a2182-7b3e-9267-3470-2418a07693ab"


def line_of(
    *,
    path: str = "clients/data/DELEZE/prod/erp-db",
    kind: str = "response",
    at: datetime = BEGIN,
    who: str = "bob",
    entity_id: str = ENTITY,
    request_id: str = "da8453a2-b40b-7c1e-503a-f9820fcfec84",
    ticket: str | None = "CS-1001",
    data: Any = None,
    **more: Any,
) -> bytes:
    """One line; `data` is the response's, by default a secret; `more` goes to the top level."""
    secret = {"data": {"password": HMAC}, "metadata": {"created_time": "x", "version": 3}}
    response = {"mount_type": "kv", "mount_class": "secret", "data": data or secret}
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"
    line = {
        "time": moment,
        "type": kind,
        "auth": {
            **dict.fromkeys(("client_token", "accessor"), HMAC),
            "display_name": f"userpass-{who}",
            **{key: ["agent"] for key in ("policies", "token_policies", "identity_policies")},
            "policy_results": {"allowed": True, "granting_policies": [{"name": "agent"}]},
            "metadata": {"username": who},
            "entity_id": entity_id,
            "token_issue_time": "2026-01-05T06:20:30Z",
        },
        "request": {
            "id": request_id,
            "operation": "read",
            "mount_point": "clients/",
            **dict.fromkeys(("client_token", "client_token_accessor"), HMAC),
            "namespace": {"id": "root"},
            "path": path,
            "remote_address": "127.0.0.1",
            **({"headers": {"x-opskit-ticket": [ticket]}} if ticket else {}),
        },
        **({"response": response} if kind == "response" else {}),
        **more,
    }
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def busy_day(number: int) -> Iterator[bytes]:
    """What a thousand commands leave: half of them read a secret; now and then somebody scans."""
    for each in range(1000):
        at = BEGIN + timedelta(days=number, seconds=each)
        ticket = f"CS-{each + 1}" if each % 7 else None
        path = (
            f"clients/data/C{each % 500:03}/prod/erp-db" if each % 2 else "auth/token/lookup-self"
        )
        mark = sha256(f"{number} {each}".encode()).hexdigest()  # or it would pack far too well
        for kind in ("request", "response"):
            line = line_of(path=path, kind=kind, at=at, ticket=ticket, request_id=mark[:36])
            yield line.replace(HASH.encode(), mark.encode())
    if number % 10:
        return
    found = {f"C{each:04}/prod/erp-db": {"created_time": HMAC} for each in range(SCANNED)}
    yield line_of(path="clients/detailed-metadata/", data={"key_info": found, "keys": [*found]})


def write_log(path: Path, *, size: int) -> Path:
    """A log of at least `size` bytes; its days are alike but for the dates and the ids."""
    written = day = 0
    with path.open("wb") as file:
        while written < size:
            content = b"".join(busy_day(day))
            file.write(content)
            written, day = written + len(content), day + 1
    return path
