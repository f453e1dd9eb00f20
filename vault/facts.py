"""What a person says about an entry: short, no secret, and found by everyone on the team."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from vault.kinds import ENGINES, FIELDS, KINDS, Shape

LONGEST_FACT = 512  # what the server takes in one value of custom metadata
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a person enters about an entry; none of it is secret. Each is a row of `FIELDS`."""

    kind: str
    host: str = ""
    port: int | None = None
    username: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    domain: str = ""
    engine: str = ""
    service: str = ""
    via: str = ""
    expires: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidError(
                _("{kind} is no kind of entry").format(kind=repr(self.kind)),
                hint=_("the kinds are {names}").format(names=" ".join(KINDS)),
            )
        for name, value in self.to_metadata().items():
            _check_fact(self.kind, name, value)
        for tag in self.tags:
            check_tag(tag)

    def to_metadata(self) -> dict[str, str]:
        """As text, without the empty ones, which the server refuses in custom metadata."""
        values = {name: getattr(self, name) for name in FACTS}
        values["port"] = "" if self.port is None else str(self.port)
        values["tags"] = " ".join(self.tags)
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_metadata(cls, values: Mapping[str, str]) -> "EntryFacts":
        """Read the text back; what is no fact is left aside.

        Raises:
            InvalidError: the values are not of our making.
        """
        texts = {name: values[name] for name in FIELDS if name in values and name != "port"}
        port = values.get("port", "")
        return cls(
            kind=values.get("kind", "generic"),
            port=int(port) if port.isascii() and port.isdecimal() else None,
            tags=tuple(values.get("tags", "").split()),
            **texts,
        )


def check_tag(tag: str) -> None:
    """Raises InvalidError."""
    if not tag or any(c.isspace() for c in tag):
        raise InvalidError(_("{tag} is no tag").format(tag=repr(tag)), hint=_("a tag is one word"))


FACTS = tuple(each.name for each in fields(EntryFacts))


def _check_fact(kind: str, name: str, value: str) -> None:
    if name in FIELDS and name not in KINDS[kind].facts:
        raise InvalidError(
            _("a {kind} entry has no {field}").format(kind=kind, field=name),
            hint=_("it has {names}").format(names=" ".join(KINDS[kind].facts)),
        )
    if len(value.encode()) > LONGEST_FACT or not value.isprintable():
        raise InvalidError(
            _("{field} is too long or not printable").format(field=name),
            hint=_("up to 512 bytes on one line"),
        )
    match FIELDS[name].shape if name in FIELDS else Shape.TEXT:
        case Shape.PORT if not 0 < int(value) <= HIGHEST_PORT:
            raise InvalidError(
                _("{port} is no port").format(port=value), hint=_("1 to 65535, such as 1521")
            )
        case Shape.DATE if not _is_date(value):
            raise InvalidError(
                _("{text} is no date").format(text=repr(value)), hint=_("such as 2027-12-31")
            )
        case Shape.ENGINE if value not in ENGINES:
            raise InvalidError(
                _("{name} is no database engine").format(name=repr(value)),
                hint=_("one of: {names}").format(names=" ".join(ENGINES)),
            )
        case Shape.ENTRY if value.count("/") not in (1, 2):
            raise InvalidError(
                _("{ref} is no entry").format(ref=repr(value)),
                hint=_("such as common/vpn of the same client, or DELEZE/common/vpn"),
            )


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
