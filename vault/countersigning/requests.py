"""What another person asked the safe to sign, for the one who agrees to it."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from opskit.core.errors import DeniedError, InvalidError
from opskit.core.i18n import _
from opskit.core.second_signer import WaitingSignature
from vault.breakglass.held import HeldRequests
from vault.errors import LoginNeededError
from vault.store.transit import MOUNT

PLACE = f"{MOUNT}/sign/"
ONE, MANY = frozenset({"input"}), frozenset({"batch_input"})


class SigningRequests:
    """A SecondSigner by OpenBao's control groups."""

    def __init__(self, held: HeldRequests, *, is_wanted: bool) -> None:
        self._held = held
        self._is_wanted = is_wanted

    def look(self, accessor: str) -> WaitingSignature | None:
        try:
            found = self._held.look(accessor)
        except DeniedError as err:
            if self._is_wanted or isinstance(err, LoginNeededError):
                raise
            raise _not_wanted() from err
        if found is None:
            return None
        key = str(found["request_path"]).removeprefix(PLACE)
        facts = dict(found["request_data"] or {})
        version = facts.pop("key_version", None)
        if f"{PLACE}{key}" != found["request_path"] or "/" in key or type(version) is not int:
            raise _strange()
        return WaitingSignature(
            key=key,
            key_version=version,
            messages=_messages(facts),
            asked_by=found["request_entity"]["ID"],
            approved=bool(found["approved"]),
            agreed_by=tuple(each["entity_id"] for each in found.get("authorizations") or ()),
        )

    def approve(self, accessor: str) -> None:
        self._held.approve(accessor)


def _messages(facts: Mapping[str, Any]) -> tuple[bytes, ...]:
    """The bytes to be signed. A request with anything beside them might mean something else."""
    rest = dict(facts)
    if rest.pop("prehashed", False) is not False:
        raise _strange()
    if rest.keys() == ONE:
        items: Sequence[Any] = [rest]
    elif rest.keys() == MANY and isinstance(rest["batch_input"], list):
        items = rest["batch_input"]
    else:
        raise _strange()
    return tuple(map(_message, items))


def _message(item: Any) -> bytes:  # noqa: ANN401 (as the server has it)
    if not isinstance(item, Mapping) or item.keys() != ONE:
        raise _strange()
    try:
        return base64.b64decode(item["input"], validate=True)
    except (binascii.Error, TypeError, ValueError) as err:
        raise _strange() from err


def _not_wanted() -> DeniedError:
    """Without the setting no role may look, so nobody's roles are to be talked of."""
    return DeniedError(
        _("no signature waits: this team asks no second person (license_second_signer is not set)"),
        hint=_("an admin sets it in settings.toml, and types: opskit vault provision"),
    )


def _strange() -> InvalidError:
    return InvalidError(
        _("what waits there is no plain request for a signature"),
        hint=_("agree to nothing, and ask whoever gave you the accessor"),
    )
