"""How often a licence was handed over, for its page."""

from typing import Any

from sqlalchemy.orm import Session

from licenses.delivery.forms import Form
from licenses.directory import Directory
from licenses.models import LicenseDelivery
from licenses.services.deliveries import deliveries_of
from opskit.core.i18n import _


def delivery_facts(session: Session, serial: int | None, known: Directory) -> dict[str, Any]:
    """The JSON key that `license show` adds."""
    return {
        "deliveries": [
            {
                "delivered_at": each.delivered_at,
                "forms": each.form.split(),
                "received_by": each.received_by,
                "mailed": each.mailed,
                "delivered_by": each.delivered_by,
                "delivered_by_name": known.name_of(each.delivered_by),
            }
            for each in _of(session, serial)
        ]
    }


def delivery_lines(session: Session, serial: int | None, known: Directory) -> list[str]:
    """What `license show` says of them below the facts."""
    lines = [
        "  "
        + _("{day} by {name}: {what}").format(
            day=each.delivered_at.astimezone().date(),
            name=known.name_of(each.delivered_by) or _("somebody unknown"),
            what=delivery_in_words(each),
        )
        for each in _of(session, serial)
    ]
    return [_("Delivered:"), *lines] if lines else []


def delivery_in_words(found: LicenseDelivery) -> str:
    """Which forms to whom, and how."""
    words = _("{form} to {person}, by mail") if found.mailed else _("{form} to {person}")
    forms = ", ".join(Form(each).in_words() for each in found.form.split())
    return words.format(form=forms, person=found.received_by)


def _of(session: Session, serial: int | None) -> list[LicenseDelivery]:
    """None for a request that is not issued yet."""
    return [] if serial is None else list(deliveries_of(session, serial))
