"""What a title, a folder or an address says about an entry: the environment, the kind."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opskit.core.text import fold
from vault.importing.addresses import Address

_ENVIRONMENT_WORDS = {
    "common": "common commun commune communs general generale gemeinsam allgemein shared",
    "prod": "prod production produktion produktiv produktivsystem productif prd live",
    "test": "test tests testing testsystem recette qualif qualification staging integration uat",
}
ENVIRONMENT_OF: Mapping[str, str] = {
    word: environment for environment, words in _ENVIRONMENT_WORDS.items() for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Signs:
    """By what an entry of a kind is known: words, address schemes, ports."""

    words: frozenset[str]
    schemes: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()


def _signs(words: str, schemes: str = "", ports: tuple[int, ...] = ()) -> Signs:
    return Signs(frozenset(words.split()), frozenset(schemes.split()), frozenset(ports))


SIGNS: Mapping[str, Signs] = {  # where two fit, the first
    "vpn": _signs(
        "vpn openvpn ovpn ipsec sslvpn wireguard forticlient fortinet fortigate anyconnect"
        " globalprotect sonicwall netextender zyxel watchguard",
        "vpn",
    ),
    "rdp": _signs(
        "rdp rds tse mstsc bureau remotedesktop terminalserver remoteapp", "rdp", (3389,)
    ),
    "ssh": _signs("ssh sftp scp putty linux unix", "ssh sftp scp", (22,)),
    "database": _signs(
        "database db bdd base oracle sql sqlplus sqlserver mssql mysql mariadb postgres postgresql"
        " datenbank sysdba",
        "oracle postgres postgresql mysql mariadb sqlserver mssql",
        (1521, 1433, 3306, 5432),
    ),
    "erp": _signs("erp proconcept pconcept", "erp"),
    "web": _signs("web website site portail portal http https intranet extranet url", "http https"),
}


def environment_in(words: Iterable[str]) -> str | None:
    """The environment that the words name; None where they name none, or two."""
    found = {ENVIRONMENT_OF[word] for word in words if word in ENVIRONMENT_OF}
    return found.pop() if len(found) == 1 else None


def guess_kind(title: str, tags: Iterable[str], address: Address | None) -> str:
    """The kind by the address's scheme, the title, the tags, the port; else `generic`.

    A page (https) may belong to anything, so there the words come first.
    """
    scheme = address.scheme if address else ""
    is_page = scheme in SIGNS["web"].schemes
    if scheme and not is_page:
        for kind, signs in SIGNS.items():
            if scheme in signs.schemes:
                return kind
    for words in (words_of(title), [fold(tag) for tag in tags]):
        for kind, signs in SIGNS.items():
            if not signs.words.isdisjoint(words):
                return kind
    for kind, signs in SIGNS.items():
        if address and address.port in signs.ports:
            return kind
    return "web" if is_page else "generic"


def words_of(text: str) -> list[str]:
    """Its words in small letters, without accents."""
    return re.findall(r"[^\W_]+", fold(text))
