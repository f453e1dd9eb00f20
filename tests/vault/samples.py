"""Samples that several tests share."""

from opskit.clients.models import Client
from tests.conftest import NOW


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
