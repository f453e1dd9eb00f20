"""The composition root: the only package that knows every other, and imports each on use."""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from opskit.core.config import Home, Settings, find_home, load_settings
from opskit.core.context import AppContext
from opskit.wiring.house import House
from opskit.wiring.plugs import PLUGS

if TYPE_CHECKING:
    from opskit.core.health import Examination, Repair

__all__ = [
    "EXAMINATIONS",
    "PLUGS",
    "REPAIRS",
    "build_context",
    "context_of",
    "examinations",
    "repair_of",
]

EXAMINATIONS = (
    "opskit.local.health:examine",
    "vault.health:examine",
    "opskit.staff.doctor:examine",
    "licenses.health:examine",
    "onboarding.privacy.retention:examine",
)
REPAIRS: Mapping[str, str] = {
    "vault.write": "vault.changing.writing:repair_write",
    "vault.remove": "vault.changing.removing:repair_removal",
    "vault.undelete": "vault.changing.removing:repair_removal",
    "vault.purge": "vault.changing.removing:repair_removal",
    "vault.move": "vault.changing.moving:repair_move",
    "vault.access-ask": "vault.breakglass.access:repair",
    "vault.access-approve": "vault.breakglass.access:repair",
    "vault.access-read": "vault.breakglass.access:repair",
    "vault.guard": "vault.breakglass.guarding:repair_guard",
    "vault.import": "vault.importing.storing:repair_import",
    "vault.export": "vault.exporting.export:repair_export",
    "vault.provision": "vault.provisioning.recording:repair_change",
    "vault.database-rotate": "vault.provisioning.recording:repair_change",
    "license.countersign": "licenses.countersigning:repair",
    "license.kit-create": "licenses.offline.making:repair",
    "license.mail": "licenses.delivery.posting:repair_mail",
    "license.key-rotate": "licenses.rotation:repair",
    "license.spare-open": "licenses.rotation:repair",
    "access.grant": "onboarding.access.acts:repair",
    "access.revoke": "onboarding.access.acts:repair",
    "onboarding.erase": "onboarding.privacy.acts:repair",
    "onboarding.leave": "onboarding.leaving.acts:repair",
    "onboarding.leave-reads": "onboarding.leaving.reads:repair",
    "todo.remind": "opskit.todo.sending:repair",
    **{
        f"user.{action}": "opskit.staff.doctor:repair"
        for action in ("add", "grant", "revoke", "reset", "disable", "enable", "entity")
    },
}


def build_context() -> AppContext:
    """Find the home, read its settings, and hand out what a command may ask for.

    Raises:
        InvalidError: the settings are broken.
    """
    home = find_home()
    settings = load_settings(home)
    if settings.language:
        os.environ.setdefault("OPSKIT_LANGUAGE", settings.language)
    return context_of(home, settings, must_be_complete=True)


def context_of(home: Home, settings: Settings, *, must_be_complete: bool = False) -> AppContext:
    """The context of one home, with the real clock; `opskit init` works in one it is making."""
    return House(home, settings, must_be_complete=must_be_complete).context()


def examinations() -> "list[Examination]":
    """What `opskit doctor` looks at, in the order of the report."""
    return [_find(name) for name in EXAMINATIONS]


def repair_of(kind: str) -> "Repair | None":
    """What finishes an interrupted action of this kind; None for an unknown kind."""
    name = REPAIRS.get(kind)
    return None if name is None else cast("Repair", _find(name))


def _find(name: str) -> Any:  # noqa: ANN401 (a named function)
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)
