"""Whether the server really wants a second person, where the setting asks for one."""

from dataclasses import dataclass

from opskit.core.i18n import _
from vault.breakglass.errors import NoSecondPersonError
from vault.provisioning.desired import Api

UNENFORCED = "setting license_second_signer"


@dataclass(frozen=True, slots=True)
class SecondSigner:
    """Stands in for what a server without control groups cannot do; nothing there mends it."""

    title: str = UNENFORCED

    def problem(self, api: Api) -> str:
        del api
        return _("not enforced: this server cannot ask a second person")

    def mend(self, api: Api) -> bool:
        del api
        return False


def no_second_signer() -> NoSecondPersonError:
    return NoSecondPersonError(
        _("license_second_signer is set, and this safe cannot ask a second person"),
        hint=_("it takes OpenBao 2.7 or newer; else take the line out of settings.toml"),
    )
