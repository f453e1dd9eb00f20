"""Databases: the command of each engine, which asks for the password itself."""

import re

from vault.entries import Entry
from vault.using.ways.way import (
    PORTS,
    Address,
    Reach,
    Way,
    lacking,
    service_of,
    user_of,
)

_ORACLE_USER = re.compile(r"[^\W\d][\w$#]*(\[[\w$#]+\])?")
_ORACLE_SERVICE = re.compile(r"[\w.$#-]+")
_OWNER = "SYS"  # whom Oracle lets in with a privilege only


def way(entry: Entry, reach: Reach) -> Way:
    """Nothing but the facts where the engine is not known. Raises InvalidError: something lacks."""
    engine = entry.facts.engine
    if engine not in _COMMANDS:
        return Way()
    address = reach.address_of(entry).at_port(PORTS[engine])
    return Way(command=_COMMANDS[engine](entry, address), takes_environment=engine != "oracle")


def _sqlplus(entry: Entry, address: Address) -> tuple[str, ...]:
    """Easy Connect: `user@//host:port/service`."""
    user = user_of(entry, pattern=_ORACLE_USER)
    service = service_of(entry)
    if not user or not _ORACLE_SERVICE.fullmatch(service):
        raise lacking(entry, "service" if user else "username")
    rights = ("AS", "SYSDBA") if user.upper() == _OWNER else ()
    return ("sqlplus", f"{user}@//{address}/{service}", *rights)


def _psql(entry: Entry, address: Address) -> tuple[str, ...]:
    said = {
        "host": address.host,
        "port": str(address.port),
        "dbname": entry.facts.service,
        "user": entry.facts.username,
    }
    return ("psql", " ".join(f"{key}={_quoted(value)}" for key, value in said.items() if value))


def _quoted(value: str) -> str:
    """As libpq reads it (PostgreSQL 18, 32.1.1.1): in quotes where it is not one plain word."""
    if re.fullmatch(r"[\w.:-]+", value):
        return value
    return "'" + value.replace("\\", r"\\").replace("'", r"\'") + "'"


def _sqlcmd(entry: Entry, address: Address) -> tuple[str, ...]:
    user, service = user_of(entry), service_of(entry)
    return (
        *("sqlcmd", "-S", f"tcp:{address.host},{address.port}"),
        *(("-d", service) if service else ()),
        *(("-U", user) if user else ()),
    )


def _mysql(entry: Entry, address: Address) -> tuple[str, ...]:
    facts = entry.facts
    return (
        *("mysql", f"--host={address.host}", f"--port={address.port}", "--protocol=tcp"),
        *((f"--user={facts.username}",) if facts.username else ()),
        *((f"--database={facts.service}",) if facts.service else ()),
        "--password",  # without a value: it asks
    )


_COMMANDS = {"oracle": _sqlplus, "postgresql": _psql, "sqlserver": _sqlcmd, "mysql": _mysql}
