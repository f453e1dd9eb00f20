"""What `opskit doctor` says about the local server."""

from collections.abc import Iterator

from opskit.core.context import AppContext
from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import _

PART = "local"
HINT = "opskit local start"


def examine(run: AppContext) -> Iterator[Diagnosis]:
    """Whether the server runs and is open; nothing where the team's safe is used."""
    from opskit.local.services import status

    if run.settings.profile != "local":
        return
    found = status(run.home.safe_folder)
    if not found.running:
        yield Diagnosis(PART, Condition.BROKEN, _("the safe is not running"), HINT)
    elif found.sealed is not False:
        yield Diagnosis(PART, Condition.BROKEN, _("the safe is sealed or silent"), HINT)
    else:
        yield Diagnosis(
            PART,
            Condition.OK,
            _("OpenBao {version} at {address}").format(
                version=found.version, address=found.address
            ),
        )
