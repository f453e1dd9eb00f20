"""The words of the page on how to connect, in its own language.

Not in the catalogue: the page is a document, for whoever will hold it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """One language; names in braces are filled in."""

    intro: str
    ticket: str
    as_of: str
    nothing: str
    environments: Mapping[str, str]
    kinds: Mapping[str, str]
    facts: Mapping[str, str]
    guarded: str
    expired: str
    pending: str
    moment: str


EN = Words(
    intro="How to connect. No secret stands on this page: the `opskit` lines fetch them.",
    ticket="With `--ticket CS-1234` the server keeps the reason.",
    as_of="As the safe had it on {moment}.",
    nothing="The safe holds nothing for this client yet.",
    environments={"common": "For all environments", "prod": "Production", "test": "Test"},
    kinds={
        "vpn": "VPN",
        "rdp": "remote desktop",
        "ssh": "SSH",
        "database": "database",
        "web": "web page",
        "erp": "ERP",
        "generic": "credentials",
    },
    facts={
        "way": "First open",
        "host": "Host",
        "username": "User",
        "domain": "Domain",
        "url": "Page",
        "engine": "Engine",
        "service": "Service",
        "expires": "Works until",
        "holds": "Kept",
        "check": "Last try",
        "tags": "Tags",
    },
    guarded="under guard: reading it takes a second person",
    expired="expired!",
    pending="a new password waits to be confirmed; the old one still works",
    moment="%Y-%m-%d at %H:%M",
)
FR = Words(
    intro="Comment se connecter. Aucun secret n'est ici : les lignes `opskit` vont les chercher.",
    ticket="Avec `--ticket CS-1234`, le serveur garde le motif.",
    as_of="État du coffre le {moment}.",
    nothing="Le coffre ne contient encore rien pour ce client.",
    environments={"common": "Pour tous les environnements", "prod": "Production", "test": "Test"},
    kinds={
        "vpn": "VPN",
        "rdp": "bureau à distance",
        "ssh": "SSH",
        "database": "base de données",
        "web": "page web",
        "erp": "ERP",
        "generic": "accès",
    },
    facts={
        "way": "Ouvrir d'abord",
        "host": "Hôte",
        "username": "Utilisateur",
        "domain": "Domaine",
        "url": "Page",
        "engine": "Moteur",
        "service": "Service",
        "expires": "Valable jusqu'au",
        "holds": "Gardé",
        "check": "Dernier essai",
        "tags": "Étiquettes",
    },
    guarded="sous clé : la lecture demande une deuxième personne",
    expired="expiré !",
    pending="un nouveau mot de passe attend confirmation ; l'ancien reste valable",
    moment="%d.%m.%Y à %H:%M",
)
WORDS: Mapping[str, Words] = MappingProxyType({"en": EN, "fr": FR})
