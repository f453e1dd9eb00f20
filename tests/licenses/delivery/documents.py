"""Licences as clients receive them: an ordinary one, a crowded one, an open one, a withdrawal."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from licenses.delivery.content import Certificate, Support
from licenses.keyformat import encode, signing_input
from licenses.payload import UNBOUND_SITE, UNLIMITED, Extension, LicenseKind, LicensePayload
from opskit.core.catalog import load_catalog
from opskit.core.config import Home
from tests.licenses.samples import SAMPLE, SITE, private_key

CATALOG = load_catalog(Home(Path("/nowhere")))
SUPPORT = Support("Customer Services", "+41 32 000 00 00", "support@vendor.example")
LONG_NAME = (
    "Società anonima per la meccanica di precisione Müller-Château & Fils <b>Žďár</b> nad Sázavou, "
    "Łódź, Αθήνα, Москва, Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengese"
)
CROWDED_PAYLOAD = replace(
    SAMPLE,
    modules=frozenset(range(24)),
    extensions=(Extension(1, bytes([77] * 13)), Extension(120, bytes(12))),
)
OPEN_PAYLOAD = replace(
    SAMPLE,
    kind=LicenseKind.PRODUCTION,
    last_day=None,
    maintenance_until=None,
    grace_days=0,
    named_users=UNLIMITED,
    concurrent_users=0,
    version_ceiling=None,
    site=UNBOUND_SITE,
    modules=frozenset({0}),
)
WITHDRAWAL_PAYLOAD = replace(
    SAMPLE,
    valid_from=date(2026, 11, 22),
    last_day=date(2026, 11, 22),
    grace_days=0,
    named_users=0,
    concurrent_users=0,
    modules=frozenset(),
)


def signed(payload: LicensePayload) -> bytes:
    body = encode(payload)
    return body + private_key(payload.key_id).sign(signing_input(body))


ORDINARY = Certificate(signed(SAMPLE), "Délèze Outillage SA", CATALOG, SUPPORT, SITE)
CROWDED = Certificate(signed(CROWDED_PAYLOAD), LONG_NAME, CATALOG, SUPPORT, SITE)
OPEN = Certificate(signed(OPEN_PAYLOAD), "Kurz AG", CATALOG, Support())
WITHDRAWAL = Certificate(signed(WITHDRAWAL_PAYLOAD), "Kurz AG", CATALOG, SUPPORT, SITE)
ALL = {"ordinary": ORDINARY, "crowded": CROWDED, "open": OPEN, "withdrawal": WITHDRAWAL}
