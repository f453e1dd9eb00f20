"""What opens an entry, and where it is."""

import re
from dataclasses import dataclass

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from vault.entries import Entry
from vault.facts import HIGHEST_PORT

HERE = "127.0.0.1"
PORTS = {
    "ssh": 22,
    "rdp": 3389,
    "oracle": 1521,
    "postgresql": 5432,
    "sqlserver": 1433,
    "mysql": 3306,
}
TUNNEL_OFFSET = 10000
_HOST = re.compile(r"[^\W_][\w.-]{0,252}|(?=.*:)[0-9A-Fa-f:.]{2,45}(%\w+)?")
_USER = re.compile(r"[\w$#][\w.@\\$#+~-]{0,127}")


@dataclass(frozen=True, slots=True)
class Address:
    """A host and its port; None: the one that the program takes by itself."""

    host: str
    port: int | None

    def __str__(self) -> str:
        """As most programs read it; an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    def at_port(self, default: int) -> "Address":
        return Address(self.host, self.port or default)


@dataclass(frozen=True, slots=True)
class Way:
    """A command, a page for the browser or the text of an .rdp file; or nothing but a remark."""

    command: tuple[str, ...] = ()
    url: str = ""
    rdp: str = ""
    remark: str = ""
    takes_environment: bool = False
    """Whether the command finds its password in what `opskit vault run` gives it."""

    @property
    def can_be_opened(self) -> bool:
        return bool(self.command or self.url or self.rdp)


@dataclass(frozen=True, slots=True)
class Reach:
    """What an entry is reached through; nothing where it is reached as it stands."""

    tunnel: Address | None = None
    proxy: str = ""
    gateway: Entry | None = None

    def address_of(self, entry: Entry) -> Address:
        """The tunnel's end on this machine, else the entry's own address. Raises InvalidError."""
        return self.tunnel or address_of(entry)


def address_of(entry: Entry) -> Address:
    """Raises InvalidError: it names no host, or something else."""
    host = entry.facts.host
    if not host:
        raise lacking(entry, "host")
    if not _HOST.fullmatch(host):
        raise _unfit(entry, "host", host)
    return Address(host, entry.facts.port)


def user_of(entry: Entry, *, pattern: re.Pattern[str] = _USER) -> str:
    """The user name, `""` where there is none. Raises InvalidError: no name of a user."""
    name = entry.facts.username
    if name and not pattern.fullmatch(name):
        raise _unfit(entry, "username", name)
    return name


def service_of(entry: Entry) -> str:
    """The database's name, `""` where there is none. Raises InvalidError: it reads as an option."""
    name = entry.facts.service
    if name.startswith("-"):
        raise _unfit(entry, "service", name)
    return name


def local_end(port: int) -> Address:
    """Where a tunnel to that port begins on this machine: the same each time, and seldom taken."""
    moved = port + TUNNEL_OFFSET
    return Address(HERE, moved if moved <= HIGHEST_PORT else port)


def lacking(entry: Entry, field: str) -> InvalidError:
    return InvalidError(
        _("{entry} does not say its {field}").format(entry=entry.ref, field=field),
        hint=f"opskit vault set {entry.ref} --{field} {field.upper()}",
    )


def _unfit(entry: Entry, field: str, value: str) -> InvalidError:
    return InvalidError(
        _("the {field} of {entry} cannot be used in a command: {value}").format(
            field=field, entry=entry.ref, value=repr(value)
        ),
        hint=_("correct it: {command}").format(
            command=f"opskit vault set {entry.ref} --{field} {field.upper()}"
        ),
    )
