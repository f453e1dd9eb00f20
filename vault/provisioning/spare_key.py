"""A signing key in reserve: from the first day its public key is known, and it signs nothing."""

from dataclasses import dataclass

from opskit.core.i18n import _
from opskit.core.signing import LICENSE_KEY
from vault.provisioning.desired import Api, TransitKey
from vault.store.key_keeper import close_key, is_open, read_key


@dataclass(frozen=True, slots=True)
class SpareKey:
    """Cold as long as the key whose place it would take signs with all its versions."""

    name: str
    spares: str = LICENSE_KEY

    @property
    def title(self) -> str:
        return TransitKey(self.name).title

    def problem(self, api: Api) -> str | None:
        problem = TransitKey(self.name).problem(api)
        if problem is None and self._is_warm_for_nothing(api):
            return _("can sign although nobody opened it")
        return problem

    def mend(self, api: Api) -> bool:
        if not TransitKey(self.name).mend(api):
            return False
        if self._is_warm_for_nothing(api):
            close_key(api, self.name)
        return True

    def _is_warm_for_nothing(self, api: Api) -> bool:
        """As after a crash between making it and closing it."""
        return is_open(read_key(api, self.name)) and is_open(read_key(api, self.spares))
