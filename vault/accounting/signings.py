"""Who had the safe sign with a licence key, by the server's audit log.

A signature was handed out where the response holds one, or a wrapping that the client asked for
(see `audit_log`): what a control group holds back is none yet. Of a batch each item counts by
itself. Tried with OpenBao 2.7.2.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

import msgspec

from opskit.core.config import Home, Settings
from opskit.core.errors import NotFoundError
from opskit.core.http import VaultHttp, api_path
from opskit.core.i18n import _
from opskit.core.signings import KeyUse, KeyUses, Use
from vault.accounting.audit_log import (
    RESPONSE,
    UNREADABLE,
    Auth,
    Line,
    Tally,
    namespace_of,
    parsed,
    printable,
    taken_from,
)
from vault.accounting.logs import logs_or_own, remarks, walk
from vault.breakglass.held import BAD_REQUEST, refuse
from vault.store.transit import MOUNT

FAMILY, ENGINE = "license-", "transit"
WITNESSES = ("auditor", "admin")
_SIGN, _EXPORTS = "sign", ("export", "backup", "byok-export")
_PUBLIC = "public-key"  # exported by whoever likes
_MARKS = tuple(f"/{verb}/".encode() for verb in (_SIGN, *_EXPORTS))
_LICENSE_KEY = re.compile(
    rb'"path":"[^"]*/(?:sign|export|backup|byok-export)/[^"]*?(license-[^"/]*)'
)
_TIME = re.compile(rb'^\{"time":"([^"]*)"')
_NAME = re.compile(rb'"display_name":"([^"]*)"')
_ENTITY = re.compile(rb'"entity_id":"([^"]*)"')


class ServerLog:
    """A SigningLog; `http` speaks for whoever is logged in."""

    def __init__(self, home: Home, settings: Settings, http: VaultHttp) -> None:
        self._home = home
        self._settings = settings
        self._http = http

    def read(self, logs: Sequence[str] | None, *, command: str, bar: bool) -> KeyUses:
        names = logs_or_own(self._home, self._settings, logs, command=command)
        tallies = dict[str, Tally]()
        take = partial(uses_in, namespace=self._settings.vault_namespace)
        uses = list(walk(names, tallies, take, bar=bar, command=command))
        hidden = [_hidden(head) for tally in tallies.values() for head in tally.too_long]
        begun = min((each.begun for each in tallies.values() if each.begun), default=None)
        return KeyUses([*uses, *filter(None, hidden)], list(remarks(tallies)), begun)

    def hashed(self, messages: Iterable[bytes], *, device: str) -> Iterator[str]:
        what = _("cannot ask what stands in the log of {device}").format(device=device)
        with self._http as http:
            for message in messages:
                body = {"input": base64.b64encode(message).decode()}
                reply = http.request("POST", api_path("sys/audit-hash", device), body)
                if reply.status == BAD_REQUEST and "unknown audit backend" in reply.reason:
                    raise NotFoundError(
                        _("the server has no audit device {device}").format(device=device),
                        hint=_("--device names it; an admin sees them all: bao audit list"),
                    )
                refuse(http, reply, what, WITNESSES)
                yield str(reply.data["data"]["hash"])


def uses_in(lines: Iterable[bytes], tally: Tally, *, namespace: str = "") -> Iterator[KeyUse]:
    """The uses of licence keys in the lines of one log, in their order."""
    space = namespace.strip("/")
    return taken_from(lines, tally, _MARKS, lambda line: _use_of(line, tally, space))


class _Input(msgspec.Struct):
    input: str = ""


class _Asked(msgspec.Struct):
    input: str = ""
    batch_input: list[_Input] | None = None


class _Signed(msgspec.Struct):
    signature: str = ""


class _Result(msgspec.Struct):
    signature: str = ""
    batch_results: list[_Signed] | None = None
    keys: dict[str, msgspec.Raw] | None = None
    backup: str = ""


class _Wrapping(msgspec.Struct):
    ttl: int = 0


class _Answer(msgspec.Struct):
    data: _Result | None = None
    wrap_info: _Wrapping | None = None


_decode_asked = msgspec.json.Decoder(_Asked | None).decode
_decode_answer = msgspec.json.Decoder(_Answer | None).decode


def _use_of(text: bytes, tally: Tally, namespace: str) -> KeyUse | None:
    line = parsed(text, tally)
    if line is None or line.type != "response":
        return None
    verb, key = _verb_and_key(line)
    if key is None:
        return None
    if namespace_of(line.request.namespace) != namespace:
        tally.elsewhere += 1
        return None
    try:
        answer = _decode_answer(line.response) or _Answer()
    except UNREADABLE:
        return _told(line, Use.UNREADABLE, key)
    if verb in _EXPORTS:
        return _told(line, Use.EXPORTED, key) if _is_given(line, answer) else None
    inputs = _signed_inputs(line, answer)
    return _told(line, Use.SIGNED, key, inputs) if inputs else None


def _verb_and_key(line: Line) -> tuple[str, str | None]:
    """Wherever the engine was moved to meanwhile."""
    if line.request.mount_type not in ("", ENGINE):
        return "", None
    mount = line.request.mount_point or f"{MOUNT}/"
    verb, *names = line.request.path.removeprefix(mount).split("/")
    if verb not in (_SIGN, *_EXPORTS) or (verb, names[:1]) == ("export", [_PUBLIC]):
        return verb, None
    return verb, next((name for name in names if name.startswith(FAMILY)), None)


def _signed_inputs(line: Line, answer: _Answer) -> tuple[str, ...]:
    """The HMACs of what was signed; `""` where the log does not say what it was."""
    try:
        asked = _decode_asked(line.request.data) or _Asked()
    except UNREADABLE:
        asked = _Asked()  # a number, for one, which the server takes for a text
    given = [each.input for each in asked.batch_input or ()] or [asked.input]
    if _is_wrapped(line, answer):
        return tuple(given)
    if answer.data is None:
        return ()
    if answer.data.batch_results is None:
        return tuple(given) if answer.data.signature else ()
    results = answer.data.batch_results
    if len(results) != len(given):
        return tuple(given)
    return tuple(each for each, result in zip(given, results, strict=True) if result.signature)


def _hidden(head: bytes) -> KeyUse | None:
    """A use in a line too long to be held, by how it begins: somebody sent much besides."""
    key = _LICENSE_KEY.search(head)
    if key is None or RESPONSE not in head:
        return None
    at, name, entity_id = (_first(pattern, head) for pattern in (_TIME, _NAME, _ENTITY))
    return KeyUse(
        Use.UNREADABLE,
        key=printable(key[1].decode(errors="replace")),
        at=_moment(at),
        entity_id=printable(entity_id),
        display_name=printable(name),
    )


def _moment(text: str) -> datetime | None:
    try:
        return msgspec.convert(text, datetime).astimezone(UTC)
    except UNREADABLE:
        return None


def _first(pattern: re.Pattern[bytes], head: bytes) -> str:
    found = pattern.search(head)
    return found[1].decode(errors="replace") if found else ""


def _is_given(line: Line, answer: _Answer) -> bool:
    """Whether a key went out."""
    holds = answer.data is not None and bool(answer.data.keys or answer.data.backup)
    return holds or _is_wrapped(line, answer)


def _is_wrapped(line: Line, answer: _Answer) -> bool:
    """Whether the client has a token that is worth the answer."""
    return answer.wrap_info is not None and answer.wrap_info.ttl == line.request.wrap_ttl


def _told(line: Line, use: Use, key: str, inputs: tuple[str, ...] = ()) -> KeyUse:
    auth = line.auth or Auth()
    return KeyUse(
        use=use,
        key=printable(key),
        at=line.time.astimezone(UTC),
        inputs=inputs,
        entity_id=printable(auth.entity_id),
        display_name=printable(auth.display_name),
        address=printable(line.request.remote_address),
    )
