"""The safe's signing engine: Ed25519 keys that never leave it."""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.second_signer import SecondSignerNeededError
from opskit.core.signing import LICENSE_KEYS, KeyFacts
from vault.store.hvac_client import SafeClient
from vault.store.key_refusals import explained, problem_of

if TYPE_CHECKING:
    from vault.countersigning.waiting import Attempt

MOUNT = "transit"
SIGNATURE_LENGTH = 64
PUBLIC_KEY_LENGTH = 32
HMAC_LENGTH = 32
ITEMS_A_REQUEST = 250  # the server takes no JSON with more than 1,000 strings
SIGNERS = ("license-issuer", "admin")
LICENSE_KEY_READERS = ("sales", "auditor", "license-issuer", "admin")
KEY_READERS = ("auditor", "admin")
CODE_GIVERS = ("agent", "license-issuer")


@dataclass(frozen=True, slots=True)
class _Use:
    """One version of a key, what is done with it, and who may; `what` says that it failed."""

    verb: str
    name: str
    version: int
    what: str
    roles: tuple[str, ...]


class Transit:
    """A `Signer` over hvac."""

    def __init__(
        self,
        safe: SafeClient,
        *,
        mount: str = MOUNT,
        attempt: "Callable[[], Attempt] | None" = None,
    ) -> None:
        """`attempt` knows what to do where the server wants a second person."""
        self._safe = safe
        self._mount = mount
        self._new_attempt = attempt

    def sign(self, name: str, message: bytes, key_version: int) -> bytes:
        """Sign the raw bytes with that version of the key; 64 bytes.

        Raises:
            NotFoundError: no such key, or not in that version.
            KeyOutOfUseError: that version signs no more, or not yet.
            DeniedError: the person may not use this key. UnavailableError: no answer, sealed.
            SecondSignerNeededError: nor alone; asked again, it gives the signature.
        """
        asked = {"input": _encoded(message), "prehashed": False}
        with self._attempt() as attempt:
            answer = self._post(_signing(name, key_version), asked, attempt)
            return parse_signature(answer["signature"], key_version)

    def sign_many(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        """Sign many messages with that version of the key, in their order.

        Raises:
            as `sign`; then none of them is used.
        """
        use = _signing(name, key_version)
        with self._attempt() as attempt:
            return [
                parse_signature(each["signature"], key_version)
                for each in self._in_batches(use, messages, {"prehashed": False}, attempt)
            ]

    def hmacs(self, name: str, messages: Sequence[bytes], key_version: int) -> Sequence[bytes]:
        """HMAC-SHA256 of each message under that version of the key, 32 bytes each.

        Raises:
            as `sign`.
        """
        what = _("cannot use the key {name}").format(name=name)
        use = _Use("hmac", name, key_version, what, CODE_GIVERS)
        return [
            _of_version(each["hmac"], key_version, HMAC_LENGTH)
            for each in self._in_batches(use, messages, {"algorithm": "sha2-256"})
        ]

    def _in_batches(
        self,
        use: _Use,
        messages: Sequence[bytes],
        asked: Mapping[str, object],
        attempt: "Attempt | None" = None,
    ) -> Iterator[Mapping[str, str]]:
        """The results in the order of the messages; one that failed fails the whole.

        Whatever needs a second person is asked for before one is called.
        """
        waiting = list[SecondSignerNeededError]()
        for start in range(0, len(messages), ITEMS_A_REQUEST):
            chunk = messages[start : start + ITEMS_A_REQUEST]
            items = [{"input": _encoded(each)} for each in chunk]
            try:
                answer = self._post(use, {**asked, "batch_input": items}, attempt)
            except SecondSignerNeededError as err:
                waiting.append(err)
                continue
            results = answer["batch_results"]
            failed = next((str(each["error"]) for each in results if each.get("error")), None)
            if failed is not None:
                raise problem_of([failed], use.what, use.name, use.version) or _strange_answer()
            if len(results) != len(chunk):
                raise _strange_answer()
            yield from results
        if waiting:
            raise SecondSignerNeededError.together(waiting)

    def _post(
        self, use: _Use, asked: Mapping[str, object], attempt: "Attempt | None"
    ) -> Mapping[str, Any]:
        path = f"{self._mount}/{use.verb}/{use.name}"
        body = {"key_version": use.version, **asked}
        with (
            self._safe.explaining(use.what, *use.roles),
            explained(use.what, use.name, use.version),
        ):
            reply = self._safe.api.adapter.post(f"/v1/{path}", json=body)
        if attempt is not None and reply.get("wrap_info"):
            return attempt.settle(path, body, reply["wrap_info"], use.what)
        found: Mapping[str, Any] = reply["data"]
        return found

    def _attempt(self) -> AbstractContextManager["Attempt | None"]:
        return nullcontext() if self._new_attempt is None else self._new_attempt()

    def public_keys(self, name: str) -> Mapping[int, bytes]:
        """The raw 32-byte public keys by key version; raises as `key_facts`."""
        return self.key_facts(name).public_keys

    def key_facts(self, name: str) -> KeyFacts:
        """The raw 32-byte public keys by key version, and which of them sign.

        Raises:
            NotFoundError: the safe has no such key. DeniedError, UnavailableError: as `sign`.
        """
        readers = LICENSE_KEY_READERS if name in LICENSE_KEYS else KEY_READERS
        with self._safe.explaining(_("cannot read the key {name}").format(name=name), *readers):
            reply = self._safe.api.secrets.transit.read_key(name, mount_point=self._mount)
        found = reply["data"]
        return KeyFacts(
            {
                int(version): _decoded(facts["public_key"], PUBLIC_KEY_LENGTH)
                for version, facts in found["keys"].items()
            },
            signs_from(found),
        )


def signs_from(key: Mapping[str, Any]) -> int | None:
    """The first version that signs, of what the server tells of a key; None where none does.

    Of an imported key the server has the public half alone. Only OpenBao knows `soft_deleted`.
    """
    if key.get("soft_deleted") or key.get("imported_key"):
        return None
    return max(1, int(key["min_encryption_version"]))


def _signing(name: str, version: int) -> _Use:
    return _Use("sign", name, version, _("cannot sign with {name}").format(name=name), SIGNERS)


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


def _encoded(message: bytes) -> str:
    return base64.b64encode(message).decode()


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
