"""The safe's signing engine: Ed25519 keys that never leave it."""

import base64
import binascii
from collections.abc import Mapping

from opskit.core.errors import NotFoundError, UnavailableError
from opskit.core.i18n import _
from vault.store.hvac_client import SafeClient

MOUNT = "transit"
SIGNATURE_LENGTH = 64
PUBLIC_KEY_LENGTH = 32
SIGNERS = ("license-issuer", "admin")


class Transit:
    """A `Signer` over hvac."""

    def __init__(self, safe: SafeClient, *, mount: str = MOUNT) -> None:
        self._safe = safe
        self._mount = mount

    def sign(self, name: str, message: bytes, key_version: int) -> bytes:
        """Sign the raw bytes with that version of the key; 64 bytes.

        Raises:
            NotFoundError: no such key, or not in that version.
            DeniedError: the person may not use this key. UnavailableError: no answer, sealed.
        """
        if key_version > max(self.public_keys(name)):
            raise NotFoundError(
                _("the key {name} has no version {version}").format(name=name, version=key_version),
                hint="opskit vault provision --check",
            )
        with self._safe.explaining(_("cannot sign with {name}").format(name=name), *SIGNERS):
            reply = self._safe.api.adapter.post(
                f"/v1/{self._mount}/sign/{name}",
                json={
                    "input": base64.b64encode(message).decode(),
                    "key_version": key_version,
                    "prehashed": False,
                },
            )
        return parse_signature(reply["data"]["signature"], key_version)

    def public_keys(self, name: str) -> Mapping[int, bytes]:
        """The raw 32-byte public keys by key version.

        Raises:
            NotFoundError: the safe has no such key. DeniedError, UnavailableError: as `sign`.
        """
        with self._safe.explaining(_("cannot read the key {name}").format(name=name), *SIGNERS):
            reply = self._safe.api.secrets.transit.read_key(name, mount_point=self._mount)
        return {
            int(version): _decoded(facts["public_key"], PUBLIC_KEY_LENGTH)
            for version, facts in reply["data"]["keys"].items()
        }


def parse_signature(text: str, key_version: int) -> bytes:
    """`vault:v1:BASE64` to its 64 bytes.

    Raises:
        UnavailableError: the server signed with another version, or sent something else.
    """
    prefix = f"vault:v{key_version}:"
    if not text.startswith(prefix):
        raise _strange_answer()
    return _decoded(text.removeprefix(prefix), SIGNATURE_LENGTH)


def _decoded(text: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as err:
        raise _strange_answer() from err
    if len(raw) != length:
        raise _strange_answer()
    return raw


def _strange_answer() -> UnavailableError:
    return UnavailableError(
        _("the safe gave an answer that is no Ed25519 signature or key of that version"),
        hint="opskit vault provision --check",
    )
