"""The intake key in Transit: RSA-4096, encrypted for with OAEP, SHA-256 and MGF1 with SHA-256.

Seen with OpenBao 2.7: an RSA ciphertext is `vault:vN:` and the base64 of what WebCrypto's
RSA-OAEP with SHA-256 gives, so what a browser wrapped needs no conversion. A wrong ciphertext is
a 500, in the server's eyes; a version above the newest or below the oldest a 400.
"""

import base64
from typing import Any

from hvac import exceptions as refused

from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from vault.intake.errors import IntakeKeyGoneError, altered
from vault.intake.ports import PublicKey, fingerprint_of
from vault.store.hvac_client import SafeClient

NAME = "intake"
MOUNT = "transit"
READERS = ("agent", "safe-keeper", "admin")
WRONG_CIPHERTEXT = "decryption error"


class TransitIntakeKey:
    """An IntakeKey over hvac."""

    def __init__(self, safe: SafeClient, *, name: str = NAME, mount: str = MOUNT) -> None:
        self._safe = safe
        self._name = name
        self._mount = mount

    def newest(self) -> PublicKey:
        try:
            facts = self._facts()
        except NotFoundError as err:
            raise NotFoundError(
                _("the safe has no key {name}").format(name=self._name),
                hint="opskit vault provision",
            ) from err
        version = int(facts["latest_version"])
        return PublicKey(version, _der(facts["keys"][str(version)]["public_key"]))

    def unwrap(self, wrapped: bytes, *, key_version: int, fingerprint: str) -> bytes:
        self._require(key_version, fingerprint)
        ciphertext = f"vault:v{key_version}:{base64.b64encode(wrapped).decode()}"
        with self._safe.explaining(_("cannot open the block"), *READERS):
            try:
                reply = self._safe.api.adapter.post(
                    f"/v1/{self._mount}/decrypt/{self._name}", json={"ciphertext": ciphertext}
                )
            except refused.InternalServerError as err:
                if not any(WRONG_CIPHERTEXT in str(each) for each in err.errors or ()):
                    raise
                raise altered() from err
        return base64.b64decode(reply["data"]["plaintext"])

    def _require(self, version: int, fingerprint: str) -> None:
        """Raises IntakeKeyGoneError unless the safe opens with just this key."""
        try:
            facts = self._facts()
        except NotFoundError as err:
            raise _gone() from err
        found = facts["keys"].get(str(version))
        if (
            found is None
            or version < facts["min_decryption_version"]
            or fingerprint_of(_der(found["public_key"])) != fingerprint
        ):
            raise _gone()

    def _facts(self) -> dict[str, Any]:
        with self._safe.explaining(_("cannot read the intake key"), *READERS):
            reply = self._safe.api.secrets.transit.read_key(self._name, mount_point=self._mount)
        facts: dict[str, Any] = reply["data"]
        return facts


def _der(pem: str) -> bytes:
    return base64.b64decode("".join(pem.splitlines()[1:-1]))


def _gone() -> IntakeKeyGoneError:
    return IntakeKeyGoneError(
        _("the safe no longer opens with the key for which the page was made"),
        hint=_("make a new page with --out and let the client fill it in"),
    )
