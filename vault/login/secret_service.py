"""The Secret Service of a Linux desktop, read without the keyring library.

`opskit vault get` reads one token at every start; keyring would load cryptography and dozens of
modules for it. What keyring stored is found by the same two attributes. The session is plain: the
token crosses the person's own bus, a socket that no other user can open, to the same process that
an encrypted session would hand the key to. Writing, and whatever this cannot do, is keyring's.
"""

from typing import Any

from jeepney import (  # type: ignore[import-untyped]
    DBusAddress,
    MessageType,
    new_method_call,
)
from jeepney.io.blocking import (  # type: ignore[import-untyped]
    DBusConnection,
    open_dbus_connection,
)

BUS_NAME = "org.freedesktop.secrets"
SERVICE = DBusAddress("/org/freedesktop/secrets", BUS_NAME, "org.freedesktop.Secret.Service")
SECONDS = 5.0


def read_password(service: str, username: str) -> str | None:
    """What keyring stored under these two names; None where it is locked or not to be had."""
    try:
        with open_dbus_connection(bus="SESSION") as bus:
            return _read(bus, {"service": service, "username": username})
    except (OSError, KeyError, ValueError):  # no bus, or an answer of another shape
        return None


def _read(bus: DBusConnection, attributes: dict[str, str]) -> str | None:
    opened = _call(bus, "OpenSession", "sv", ("plain", ("s", "")))
    found = _call(bus, "SearchItems", "a{ss}", (attributes,))
    if opened is None or found is None or not found[0]:
        return None
    items = found[0][:1]
    secrets = _call(bus, "GetSecrets", "aoo", (items, opened[1]))
    if secrets is None or items[0] not in secrets[0]:
        return None
    _session, _parameters, value, _kind = secrets[0][items[0]]
    return bytes(value).decode()


def _call(bus: DBusConnection, method: str, signature: str, body: tuple[Any, ...]) -> Any:  # noqa: ANN401 (as D-Bus has it)
    reply = bus.send_and_get_reply(
        new_method_call(SERVICE, method, signature, body), timeout=SECONDS
    )
    return None if reply.header.message_type is MessageType.error else reply.body
