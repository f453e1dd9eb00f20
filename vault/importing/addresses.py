"""The addresses that people note down, taken apart: URLs, `host:port`, those of databases."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

ENGINE_OF = {
    "oracle": "oracle",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlserver": "sqlserver",
    "mssql": "sqlserver",
}
_BARE = re.compile(r"[\w.-]+(?::[0-9]{1,5})?(?:/[^\s]*)?")
_ORACLE = re.compile(r"jdbc:oracle:thin:@(?://)?([\w.-]+)(?::([0-9]+))?[:/]([\w.$-]+)")
_SQL_SERVER = re.compile(
    r"jdbc:sqlserver://([\w.-]+)(?::([0-9]+))?(?:;.*?databaseName=([^;]+))?.*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Address:
    """`scheme://username:password@host:port/path`; what is missing is empty.

    `text` is the whole without user name and password.
    """

    text: str
    scheme: str
    host: str
    port: int | None
    path: str
    username: str = ""
    password: str = field(default="", repr=False)


def parse_address(text: str) -> Address | None:
    """Take it apart; None where it is no address of a machine."""
    text = text.strip()
    for engine, form in (("oracle", _ORACLE), ("sqlserver", _SQL_SERVER)):
        if found := form.fullmatch(text):
            port = int(found[2]) if found[2] else None
            return Address(text, engine, found[1], port, found[3] or "")
    text = text.removeprefix("jdbc:")
    if "://" not in text:
        bare = _split(f"//{text}") if _BARE.fullmatch(text) else None
        return None if bare is None else replace(bare, text=text)
    return _split(text)


def _split(text: str) -> Address | None:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:  # brackets that do not close, a port that is none
        return None
    if not host:
        return None
    place = parts.netloc.rpartition("@")[2]
    return Address(
        text=parts._replace(netloc=place).geturl(),
        scheme=parts.scheme,
        host=host,
        port=port or None,
        path=parts.path.strip("/"),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
