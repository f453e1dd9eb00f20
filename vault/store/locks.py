"""A lock between machines, made of the key-value engine's check-and-set.

The members of an identity group can only be replaced as a whole: two people who change them at
once would lose one change. A holder that dies is waited for until its lease ends.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hvac import exceptions as refused

from opskit.core.errors import ConflictError, UnavailableError
from opskit.core.i18n import _
from vault.store.hvac_client import SafeClient

LOCK_MOUNT = "opskit"
LEASE = 30.0
PATIENCE = 60.0
PAUSE = 0.05


@contextmanager
def exclusive(safe: SafeClient, name: str, *, lease: float = LEASE) -> Iterator[None]:
    """Be the only one in the block that holds the lock `name`.

    Raises:
        UnavailableError: somebody else held it for a whole minute.
    """
    version = _acquire(safe, name, lease)
    try:
        yield
    finally:
        _try_write(safe, name, {"until": 0.0}, cas=version)


def _acquire(safe: SafeClient, name: str, lease: float) -> int:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        version, until = _read(safe, name)
        if until < time.time():
            held = _try_write(safe, name, {"until": time.time() + lease}, cas=version)
            if held is not None:
                return held
        time.sleep(PAUSE * (1 + secrets.randbelow(4)))
    raise UnavailableError(
        _("somebody else is changing {what} all the time").format(what=name),
        hint=_("try again in a minute"),
    )


def _read(safe: SafeClient, name: str) -> tuple[int, float]:
    with safe.explaining(_("cannot lock {what}").format(what=name), "admin"):
        try:
            reply = safe.api.adapter.get(f"/v1/{LOCK_MOUNT}/data/locks/{name}")["data"]
        except refused.InvalidPath as err:
            if err.errors:  # the engine is missing: the safe was never provisioned
                raise
            return 0, 0.0
    return int(reply["metadata"]["version"]), float(reply["data"]["until"])


def _try_write(safe: SafeClient, name: str, value: dict[str, float], *, cas: int) -> int | None:
    """The new version, or None where somebody else was faster."""
    body = {"data": value, "options": {"cas": cas}}
    try:
        with safe.explaining(_("cannot lock {what}").format(what=name), "admin"):
            reply = safe.api.adapter.post(f"/v1/{LOCK_MOUNT}/data/locks/{name}", json=body)
    except ConflictError:
        return None
    return int(reply["data"]["version"])
