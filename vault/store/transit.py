"""The safe's signing engine: Ed25519 keys that never leave it."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence

from opskit.core.errors import NotFoundError, UnavailableError
from opskit.core.i18n import _
from vault.store.hvac_client import SafeClient

MOUNT = "transit"
SIGNATURE_LENGTH = 64
PUBLIC_KEY_LENGTH = 32
HMAC_LENGTH = 32
ITEMS_A_REQUEST = 250  # the server takes no JSON with more than 1,000 strings
SIGNERS = ("license-issuer", "admin")
CODE_GIVERS = ("agent", "license-issuer")


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

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        """Sign many messages with that version of the key, in their order.

        Raises:
            NotFoundError, DeniedError, UnavailableError: as `sign`; then none of them is used.
        """
        what = _("cannot sign with {name}").format(name=name)
        asked = {"key_version": key_version, "prehashed": False}
        return [
            parse_signature(each["signature"], key_version)
            for each in self._in_batches(f"sign/{name}", messages, asked, what, SIGNERS)
        ]

    def hmacs(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        """HMAC-SHA256 of each message under that version of the key, 32 bytes each.

        Raises:
            NotFoundError, DeniedError, UnavailableError: as `sign`.
        """
        what = _("cannot use the key {name}").format(name=name)
        asked = {"key_version": key_version, "algorithm": "sha2-256"}
        return [
            _of_version(each["hmac"], key_version, HMAC_LENGTH)
            for each in self._in_batches(f"hmac/{name}", messages, asked, what, CODE_GIVERS)
        ]

    def _in_batches(
        self,
        path: str,
        messages: Sequence[bytes],
        asked: Mapping[str, object],
        what: str,
        roles: tuple[str, ...],
    ) -> Iterator[Mapping[str, str]]:
        """The results in the order of the messages; one that failed fails the whole."""
        for start in range(0, len(messages), ITEMS_A_REQUEST):
            chunk = messages[start : start + ITEMS_A_REQUEST]
            items = [{"input": base64.b64encode(each).decode()} for each in chunk]
            with self._safe.explaining(what, *roles):
                reply = self._safe.api.adapter.post(
                    f"/v1/{self._mount}/{path}", json={**asked, "batch_input": items}
                )
            results = reply["data"]["batch_results"]
            if len(results) != len(chunk) or any(each.get("error") for each in results):
                raise _strange_answer()
            yield from results

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
    return _of_version(text, key_version, SIGNATURE_LENGTH)


def _of_version(text: str, key_version: int, length: int) -> bytes:
    prefix = f"vault:v{key_version}:"
    if not text.startswith(prefix):
        raise _strange_answer()
    return _decoded(text.removeprefix(prefix), length)


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
