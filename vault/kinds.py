"""What an entry may say about itself: the one table behind add, set, show, import and connect.

A fact is short and no secret: it is found by everyone on the team, so it stands in the entry's
custom metadata too. A secret stands in the entry's value alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from opskit.core.i18n import _

PASSWORD = "password"  # noqa: S105 (the name of a field, as the next two)
TOTP_SEED = "totp-seed"
PRIVATE_KEY = "private-key"
NOTE = "note"
ENGINES = ("oracle", "postgresql", "sqlserver", "mysql")


class Shape(StrEnum):
    """What a fact must look like."""

    TEXT = "text"
    PORT = "port"
    DATE = "date"
    ENGINE = "engine"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Field:
    """One fact: its name in the safe and on the command line, and how people call it."""

    label: Callable[[], str]
    help: Callable[[], str]
    shape: Shape = Shape.TEXT


FIELDS: Mapping[str, Field] = {
    "host": Field(lambda: _("Host"), lambda: _("Where to connect.")),
    "port": Field(lambda: _("Port"), lambda: _("The port."), Shape.PORT),
    "username": Field(lambda: _("User name"), lambda: _("The user name.")),
    "url": Field(lambda: _("URL"), lambda: _("The address of the page.")),
    "domain": Field(lambda: _("Domain"), lambda: _("The Windows domain or the VPN's realm.")),
    "engine": Field(
        lambda: _("Engine"), lambda: _("The kind of database: ") + " ".join(ENGINES), Shape.ENGINE
    ),
    "service": Field(
        lambda: _("Service"), lambda: _("The Oracle service, or the name of the database.")
    ),
    "via": Field(
        lambda: _("By way of"),
        lambda: _("The entry to open first, a VPN or a jump host, such as common/vpn."),
        Shape.ENTRY,
    ),
    "expires": Field(
        lambda: _("Expires"), lambda: _("The last day on which the credential works."), Shape.DATE
    ),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Which facts an entry of this kind may have, and which secrets it usually keeps.

    Any other secret may be kept as well, under a name of one's own.
    """

    facts: tuple[str, ...]
    secrets: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "vpn": Kind(
        ("host", "port", "username", "url", "domain", "via", "expires"),
        (PASSWORD, "shared-key", TOTP_SEED, PRIVATE_KEY, "pin"),
    ),
    "rdp": Kind(("host", "port", "username", "domain", "via", "expires"), (PASSWORD,)),
    "ssh": Kind(
        ("host", "port", "username", "via", "expires"), (PASSWORD, PRIVATE_KEY, "passphrase")
    ),
    "database": Kind(
        ("host", "port", "username", "engine", "service", "url", "via", "expires"), (PASSWORD,)
    ),
    "web": Kind(
        ("host", "port", "username", "url", "via", "expires"), (PASSWORD, TOTP_SEED, "pin")
    ),
    "erp": Kind(
        ("host", "port", "username", "url", "domain", "service", "via", "expires"), (PASSWORD,)
    ),
    "generic": Kind(
        tuple(FIELDS),
        (PASSWORD, "shared-key", PRIVATE_KEY, "passphrase", TOTP_SEED, "pin"),
    ),
}
