"""Samples that several tests share."""

from opskit.clients.models import Client
from opskit.core.secret import Secret
from tests.conftest import NOW
from vault.entries import EntryRef, EntryValue, Stamps
from vault.facts import EntryFacts
from vault.ports import EntryStore

GENERIC = EntryFacts("generic")


def a_client(code: str) -> Client:
    return Client(
        code=code,
        number=1,
        name="Délèze SA",
        city="Sion",
        canton="VS",
        language="fr",
        contact="",
        email="",
        contract="full",
        maintenance_until=None,
        erp_version="12.3",
        modules=[],
        named_users=1,
        pole="back-office",
        created_at=NOW,
        updated_at=NOW,
    )


def put(
    store: EntryStore, path: str, secret: str, facts: EntryFacts = GENERIC, *, after: int = 0
) -> int:
    """An entry with that password in the safe, after that version; returns its version."""
    ref = EntryRef.parse(path)
    version = store.write(ref, EntryValue(facts, {"password": Secret(secret)}, after))
    store.mirror(ref, facts, Stamps(holds=("password",), version=version))
    return version
