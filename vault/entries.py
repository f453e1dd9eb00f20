"""What the safe holds: one entry is one set of credentials, `CLIENT/ENV/NAME`.

An entry's value is a flat map of text and the truth: its facts, its secrets, a note, files. Its
custom metadata mirrors the facts, so that finding never reads a secret, and carries the stamps.
No `Entry` holds a secret; an `EntryValue` does.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.refs import ClientCode
from opskit.core.secret import Secret
from vault.facts import FACTS, LONGEST_FACT, EntryFacts
from vault.kinds import FIELDS

ENVIRONMENTS = ("common", "prod", "test")
LONGEST_NAME = 100
FILE_PREFIX, NEXT_PREFIX = "file:", "next:"
_SECRET_NAME = re.compile(r"[^\W_][^,:/\s]{0,63}")

EntrySecrets = Mapping[str, Secret]


@dataclass(frozen=True, slots=True)
class EntryRef:
    """The name of an entry, such as `DELEZE/prod/erp-db`."""

    client: ClientCode
    environment: str
    name: str

    @classmethod
    def parse(cls, text: str, *, environments: Sequence[str] | None = ENVIRONMENTS) -> "EntryRef":
        """Read `CLIENT/ENV/NAME`; client and environment in either case. None: any environment.

        Raises:
            InvalidError: not three parts, no such environment, or a name that would leave the
                entry's place or that nobody could type.
        """
        parts = text.strip().split("/")
        if len(parts) != 3:  # noqa: PLR2004 (client, environment, name)
            raise _bad_ref(text, _("it has three parts, as in DELEZE/prod/erp-db"))
        client, environment, name = parts[0], parts[1].lower(), parts[2]
        if environments is not None and environment not in environments:
            raise _bad_ref(
                text, _("the environments are {names}").format(names=", ".join(environments))
            )
        return cls(
            ClientCode.parse(client), _checked_part(text, environment), _checked_part(text, name)
        )

    @property
    def path(self) -> str:
        return f"{self.client}/{self.environment}/{self.name}"

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class Stamps:
    """What opskit notes about an entry: ISO 8601 times in UTC, empty where it never happened."""

    rotated: str = ""
    """When a secret of it last changed."""
    pending: str = ""
    """Since when a new password waits to be confirmed."""
    checked: str = ""
    check: str = ""
    """When its login was last tried, and what came of it."""
    holds: tuple[str, ...] = ()
    """The names of its secrets, note and files; as many as the metadata has room for."""
    version: int = 0
    """Which version of the value the facts were mirrored from; 0: another tool wrote them."""

    def to_metadata(self) -> dict[str, str]:
        return {
            "rotated": self.rotated,
            "pending": self.pending,
            "checked": self.checked,
            "check": self.check,
            "holds": _fitting(self.holds),
            "version": str(self.version),
        }

    @classmethod
    def from_metadata(cls, values: Mapping[str, str]) -> "Stamps":
        version = values.get("version", "")
        return cls(
            rotated=_moment(values.get("rotated", "")),
            pending=_moment(values.get("pending", "")),
            checked=_moment(values.get("checked", "")),
            check=values.get("check", ""),
            holds=tuple(values["holds"].split(",")) if values.get("holds") else (),
            version=int(version) if version.isascii() and version.isdecimal() else 0,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as everyone may see it."""

    ref: EntryRef
    facts: EntryFacts
    version: int
    updated_at: str
    stamps: Stamps = field(default_factory=Stamps)

    def to_row(self) -> dict[str, Any]:
        """The keys that `--json` promises."""
        return {
            "ref": self.ref.path,
            "client": self.ref.client.value,
            "environment": self.ref.environment,
            "name": self.ref.name,
            "kind": self.facts.kind,
            **{name: getattr(self.facts, name) for name in FIELDS},
            "tags": list(self.facts.tags),
            "holds": list(self.stamps.holds),
            "rotated_at": self.stamps.rotated,
            "pending_since": self.stamps.pending,
            "checked_at": self.stamps.checked,
            "check": self.stamps.check,
            "version": self.version,
            "updated_at": self.updated_at,
        }


@dataclass(frozen=True, slots=True)
class EntryValue:
    """One version of an entry, secrets and all.

    Among the secrets stand the note (`note`), files (`file:NAME`, base64) and the new password of
    a rotation under way (`next:password`).
    """

    facts: EntryFacts
    secrets: EntrySecrets
    version: int = 0
    stamps: Stamps = field(default_factory=Stamps)
    """As they stood beside it when it was read."""

    @property
    def pending(self) -> tuple[str, ...]:
        """The fields for which a new secret waits."""
        return tuple(
            name.removeprefix(NEXT_PREFIX) for name in self.secrets if name.startswith(NEXT_PREFIX)
        )

    def to_data(self) -> dict[str, str]:
        """The flat map that the safe keeps; secrets in plain text, for the store alone."""
        return {
            **self.facts.to_metadata(),
            **{name: secret.reveal() for name, secret in self.secrets.items()},
        }

    @classmethod
    def from_data(
        cls, data: Mapping[str, Any], *, version: int, mirrored: Mapping[str, str]
    ) -> "EntryValue":
        """Read it back; facts that the value itself lacks come from the custom metadata.

        Raises:
            InvalidError: the facts are not of our making.
        """
        texts = {name: str(value) for name, value in data.items()}
        known = texts if "kind" in texts else {**mirrored, **texts}
        secrets = {name: Secret(text) for name, text in texts.items() if name not in FACTS}
        stamps = Stamps.from_metadata(mirrored)
        return cls(EntryFacts.from_metadata(known), secrets, version, stamps)


def check_secrets(secrets: EntrySecrets) -> None:
    """Refuse an entry without any secret, and names that would be taken for something else.

    Raises:
        InvalidError: as said.
    """
    if not secrets:
        raise InvalidError(
            _("an entry needs at least one secret"), hint=_("give it a password, or another field")
        )
    for name in secrets:
        check_secret_name(name)


def check_secret_name(name: str) -> None:
    """Raises InvalidError for the name of a fact, or one that nobody could type."""
    bare = name.removeprefix(NEXT_PREFIX)
    if name.startswith(FILE_PREFIX):
        bare = name.removeprefix(FILE_PREFIX).replace(" ", "")
    if name in FACTS:
        raise InvalidError(
            _("{field} is no secret but a fact").format(field=name),
            hint=_("give it as --{field}").format(field=name),
        )
    if not (_SECRET_NAME.fullmatch(bare) and bare.isprintable()):
        raise InvalidError(
            _("{field} cannot be the name of a field").format(field=repr(name)),
            hint=_("up to 64 letters, digits and signs, without blanks, colons, commas or slashes"),
        )


def _moment(text: str) -> str:
    """The time with its zone, UTC where it names none; no time, as another tool may leave: none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return text if moment.tzinfo is not None else moment.replace(tzinfo=UTC).isoformat()


def _fitting(names: Sequence[str]) -> str:
    """Whole names alone: half of one would be the name of nothing."""
    fitting = ""
    for name in names:
        longer = f"{fitting},{name}" if fitting else name
        if len(longer.encode()) > LONGEST_FACT:
            break
        fitting = longer
    return fitting


def _checked_part(text: str, part: str) -> str:
    part = unicodedata.normalize("NFC", part)
    if part in ("", ".", "..") or part != part.strip():
        raise _bad_ref(text, _("no part may be empty, . or .."))
    if not part.isprintable() or len(part) > LONGEST_NAME:
        raise _bad_ref(text, _("a part may have up to 100 printable characters"))
    return part


def _bad_ref(text: str, hint: str) -> InvalidError:
    return InvalidError(_("{ref} is no entry").format(ref=repr(text)), hint=hint)
