"""What a team decides about licences in its settings."""

from licenses.approval import ALONE
from licenses.emergency import MAX_DAYS
from licenses.payload import LicenseKind
from licenses.terms import parse_kind
from opskit.core.config import Settings
from opskit.core.errors import InvalidError
from opskit.core.i18n import _


def kinds_without_approval(settings: Settings) -> frozenset[LicenseKind]:
    """The kinds that one person may issue alone: `license_unapproved_kinds = "test demo"`.

    Raises:
        InvalidError: the setting names something else than test and demo.
    """
    kinds = frozenset(map(parse_kind, settings.license_unapproved_kinds.replace(",", " ").split()))
    if kinds - ALONE:
        raise InvalidError(
            _("license_unapproved_kinds: a second person always approves {kinds}").format(
                kinds=" ".join(sorted(kinds - ALONE))
            ),
            hint=_("only test and demo can be issued without; see docs/settings.md"),
        )
    return kinds


def emergency_days(settings: Settings) -> int:
    """How many days an emergency code of a new licence grants.

    Raises:
        InvalidError: the setting is not between 1 and 15.
    """
    days = settings.emergency_days
    if not 1 <= days <= MAX_DAYS:
        raise InvalidError(
            _("emergency_days: a code grants 1 to {most} days, not {days}").format(
                most=MAX_DAYS, days=days
            ),
            hint=_("mend settings.toml; see docs/settings.md"),
        )
    return days
