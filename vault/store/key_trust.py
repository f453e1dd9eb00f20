"""Public keys that the safe vouches for, and whose private half it never had."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hvac import exceptions as refused

from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from vault.store.hvac_client import SafeClient
from vault.store.transit import MOUNT


class TransitTrust:
    """A `KeyTrust` over hvac: an imported key without its private half cannot sign or rotate."""

    def __init__(self, safe: SafeClient, *, mount: str = MOUNT) -> None:
        self._safe = safe
        self._mount = mount

    def trust(self, name: str, public_key: bytes) -> None:
        """Keep the public key under that name.

        Raises:
            ConflictError: there is a key of that name. DeniedError: only an admin may.
            UnavailableError: no answer, sealed; then it may be kept all the same.
        """
        pem = Ed25519PublicKey.from_public_bytes(public_key).public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        asked = {"type": "ed25519", "public_key": pem.decode(), "allow_rotation": False}
        what = _("cannot keep the public key {name}").format(name=name)
        with self._safe.explaining(what, "admin"):
            try:
                self._safe.api.adapter.post(f"/v1/{self._mount}/keys/{name}/import", json=asked)
            except refused.InternalServerError as err:
                if not _is_taken(err):
                    raise
                raise ConflictError(
                    _("the safe has a key {name} already").format(name=name),
                    hint="opskit license keys list",
                ) from err


def _is_taken(err: refused.VaultError) -> bool:
    """Both servers answer 500 to that, as if something were broken."""
    return any("existing key" in str(each) for each in err.errors or ())
