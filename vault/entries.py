"""What the safe holds: one entry is one set of credentials, `CLIENT/ENV/NAME`.

Host, port, user name and the like are found by everyone on the team and live in the entry's
custom metadata; the secrets live in its data, and no `Entry` holds one.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.refs import ClientCode
from opskit.core.secret import Secret

ENVIRONMENTS = ("common", "prod", "test")
LONGEST_NAME = 100
LONGEST_FACT = 512  # what the server takes in one value of custom metadata
HIGHEST_PORT = 65535

EntrySecrets = Mapping[str, Secret]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an entry of this kind may say about itself, and which secrets it may keep."""

    facts: tuple[str, ...]
    secrets: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "vpn": Kind(("host", "port", "username", "url"), ("password", "shared-key", "totp-seed")),
    "rdp": Kind(("host", "port", "username"), ("password",)),
    "ssh": Kind(("host", "port", "username"), ("password", "private-key", "passphrase")),
    "database": Kind(("host", "port", "username", "url"), ("password",)),
    "web": Kind(("host", "port", "username", "url"), ("password", "totp-seed")),
    "erp": Kind(("host", "port", "username", "url"), ("password",)),
    "generic": Kind(
        ("host", "port", "username", "url"),
        ("password", "shared-key", "private-key", "passphrase", "totp-seed", "note"),
    ),
}


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
class EntryFacts:
    """What a person enters about an entry; none of it is secret."""

    kind: str
    host: str = ""
    port: int | None = None
    username: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidError(
                _("{kind} is no kind of entry").format(kind=repr(self.kind)),
                hint=_("the kinds are {names}").format(names=" ".join(KINDS)),
            )
        self._refuse_foreign_facts()
        if self.port is not None and not 0 < self.port <= HIGHEST_PORT:
            raise InvalidError(
                _("{port} is no port").format(port=self.port), hint=_("1 to 65535, such as 1521")
            )
        for name, value in self.to_metadata().items():
            _check_fact(name, value)
        for tag in self.tags:
            if not tag or any(c.isspace() for c in tag):
                raise InvalidError(
                    _("{tag} is no tag").format(tag=repr(tag)), hint=_("a tag is one word")
                )

    def to_metadata(self) -> dict[str, str]:
        """Custom metadata, which holds text only; the server refuses empty values."""
        values = {
            "kind": self.kind,
            "host": self.host,
            "port": "" if self.port is None else str(self.port),
            "username": self.username,
            "url": self.url,
            "tags": " ".join(self.tags),
        }
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_metadata(cls, values: Mapping[str, str]) -> "EntryFacts":
        """Read custom metadata back.

        Raises:
            InvalidError: the values are not of our making.
        """
        port = values.get("port", "")
        return cls(
            kind=values.get("kind", "generic"),
            host=values.get("host", ""),
            port=int(port) if port.isascii() and port.isdecimal() else None,
            username=values.get("username", ""),
            url=values.get("url", ""),
            tags=tuple(values.get("tags", "").split()),
        )

    def _refuse_foreign_facts(self) -> None:
        given = {"host": self.host, "port": self.port, "username": self.username, "url": self.url}
        for name, value in given.items():
            if value not in ("", None) and name not in KINDS[self.kind].facts:
                raise InvalidError(
                    _("a {kind} entry has no {field}").format(kind=self.kind, field=name),
                    hint=_("it has {names}").format(names=" ".join(KINDS[self.kind].facts)),
                )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as everyone may see it."""

    ref: EntryRef
    facts: EntryFacts
    version: int
    updated_at: str

    def to_row(self) -> dict[str, Any]:
        """The keys that `--json` promises."""
        return {
            "ref": self.ref.path,
            "client": self.ref.client.value,
            "environment": self.ref.environment,
            "name": self.ref.name,
            "kind": self.facts.kind,
            "host": self.facts.host,
            "port": self.facts.port,
            "username": self.facts.username,
            "url": self.facts.url,
            "tags": list(self.facts.tags),
            "version": self.version,
            "updated_at": self.updated_at,
        }


def check_secrets(kind: str, secrets: EntrySecrets) -> None:
    """Refuse secret fields that this kind of entry does not have.

    Raises:
        InvalidError: none was given, or one with an unknown name.
    """
    known = KINDS[kind].secrets
    unknown = sorted(set(secrets) - set(known))
    if unknown or not secrets:
        raise InvalidError(
            _("a {kind} entry keeps no secret {names}").format(kind=kind, names=" ".join(unknown))
            if unknown
            else _("an entry needs at least one secret"),
            hint=_("it keeps {names}").format(names=" ".join(known)),
        )


def _checked_part(text: str, part: str) -> str:
    part = unicodedata.normalize("NFC", part)
    if part in ("", ".", "..") or part != part.strip():
        raise _bad_ref(text, _("no part may be empty, . or .."))
    if not part.isprintable() or len(part) > LONGEST_NAME:
        raise _bad_ref(text, _("a part may have up to 100 printable characters"))
    return part


def _check_fact(name: str, value: str) -> None:
    if len(value.encode()) > LONGEST_FACT or not value.isprintable():
        raise InvalidError(
            _("{field} is too long or not printable").format(field=name),
            hint=_("up to 512 bytes on one line"),
        )


def _bad_ref(text: str, hint: str) -> InvalidError:
    return InvalidError(_("{ref} is no entry").format(ref=repr(text)), hint=hint)
