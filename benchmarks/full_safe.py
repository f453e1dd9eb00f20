"""A safe as full as a team's: 500 clients with 20 entries each, written past the command line."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from opskit.core.http import VaultHttp, api_path, raise_for

CLIENTS, ENTRIES = 500, 20
WRITERS = 8
SIZE = CLIENTS * ENTRIES
FOUND, WORDS, MISSPELT = "C0123/prod/rdp-07", "c0123 rdp-07", "c0123 rpd-07"
CITIES = ("Sonceboz", "Lausanne", "Delémont", "Bulle", "Moutier", "Fribourg", "Bienne")
KINDS = ("vpn", "rdp", "ssh", "database", "web", "erp")
HEADER = (
    "code,number,name,city,canton,language,contact,email,contract,maintenance_until,erp_version,"
    "modules,named_users,pole\n"
)


def directory() -> str:
    """The clients, as `opskit client import` takes them."""
    return HEADER + "".join(
        f"C{number:04},{1000 + number},Atelier {number} {CITIES[number % len(CITIES)]} SA,"
        f"{CITIES[number % len(CITIES)]},BE,fr,Ada Bench,ada@c{number}.example,gold,2035-12-31,"
        "12.4,FIN,1,logistics\n"
        for number in range(1, CLIENTS + 1)
    )


def fill(address: str, token: str) -> None:
    """Write every entry with its metadata, as opskit would."""
    shares = [range(first, CLIENTS + 1, WRITERS) for first in range(1, WRITERS + 1)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda share: _write(address, token, share), shares))


def _write(address: str, token: str, numbers: range) -> None:
    with VaultHttp(address, token=token) as http:
        for number in numbers:
            for path, facts in _entries(number):
                body: dict[str, Any] = {"data": {**facts, "password": f"of {path}"}}
                raise_for(http.request("POST", api_path("clients/data", path), body), path)
                about = {"custom_metadata": {**facts, "holds": "password", "version": "1"}}
                raise_for(http.request("POST", api_path("clients/metadata", path), about), path)


def _entries(number: int) -> Iterator[tuple[str, dict[str, str]]]:
    for each in range(1, ENTRIES + 1):
        kind = KINDS[each % len(KINDS)]
        environment = ("common", "prod", "test")[each % 3]
        facts = {
            "kind": kind,
            "host": f"{kind}{each}.c{number:04}.example",
            "port": str(1000 + each),
            "username": "support",
            "tags": "customer-services",
        }
        yield f"C{number:04}/{environment}/{kind}-{each:02}", facts
