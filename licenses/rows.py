"""Terms and the columns in which requests and the register keep them."""

from dataclasses import asdict
from typing import Any

from licenses.models import TermsColumns
from licenses.payload import LicenseKind
from licenses.terms import Terms


def columns_of(terms: Terms) -> dict[str, Any]:
    """The terms as a row keeps them; `terms_of` reads them back."""
    return {**asdict(terms), "kind": terms.kind.value, "modules": list(terms.modules)}


def terms_of(found: TermsColumns) -> Terms:
    """What a request asks for, or a licence grants."""
    return Terms(
        kind=LicenseKind(found.kind),
        product=found.product,
        edition=found.edition,
        modules=tuple(found.modules),
        named_users=found.named_users,
        concurrent_users=found.concurrent_users,
        valid_from=found.valid_from,
        last_day=found.last_day,
        maintenance_until=found.maintenance_until,
        version_ceiling=found.version_ceiling,
        grace_days=found.grace_days,
        site=found.site,
    )
