"""Which clients somebody reaches who may not find them all: a newcomer, whose access grows."""

from collections.abc import Iterable

from opskit.core.http import VaultHttp, api_path, raise_for
from opskit.core.i18n import _
from opskit.core.refs import ClientCode
from vault.store.metadata import MOUNT

FINDING = frozenset({"list", "scan"})


def reachable(http: VaultHttp, codes: Iterable[str]) -> list[ClientCode]:
    """Those of the clients whose entries this login may list; the safe is asked once for all.

    Raises:
        DeniedError, UnavailableError.
    """
    folders = {f"{MOUNT}/metadata/{code}/": code for code in codes}
    with http:
        path = api_path("sys/capabilities-self")
        reply = http.request("POST", path, {"paths": list(folders)})
        raise_for(reply, _("cannot list the entries"))
    return [
        ClientCode(code)
        for folder, code in sorted(folders.items())
        if FINDING & set(reply.data.get(folder) or ())
    ]
