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
_BARE = re.compile(r"[\w.-]+(?::[0-9]{1,5})?(?:/[^\s@]*)?")
_ORACLE = (  # with JDBC's beginning; or as SQL*Plus takes it: user/password@host:port/service
    re.compile(
        r"jdbc:oracle:thin:(?:(?P<user>[^\s/@]+)/(?P<password>\S*))?"
        r"@(?://)?(?P<host>[\w.-]+)(?::(?P<port>[0-9]+))?[:/](?P<path>[\w.$-]+)"
    ),
    re.compile(
        r"(?P<user>[^\s/@:]+)/(?P<password>\S+)"
        r"@(?://)?(?P<host>[\w.-]+):(?P<port>[0-9]+)[:/](?P<path>[\w.$-]+)"
    ),
)
_SQL_SERVER = re.compile(r"(jdbc:sqlserver://([\w.-]+)(?::([0-9]+))?[^;]*)(.*)", re.IGNORECASE)
_NAMES_SECRET = re.compile(
    r"\b(?:password|passwd|passwort|pass|pwd|token|secret|api[_-]?key)\s*=", re.IGNORECASE
)
_BEFORE_HOST = re.compile(r"[^\s/:]+[/:]\S+@\S")


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
    if address := _oracle(text) or _sql_server(text):
        return address
    text = text.removeprefix("jdbc:")
    if "://" not in text:
        bare = _split(f"//{text}") if _BARE.fullmatch(text) else None
        return None if bare is None else replace(bare, text=text)
    return _split(text)


def holds_secret(text: str, address: Address | None) -> bool:
    """Whether a secret may stand in an address that `parse_address` could not take out of it."""
    if address is not None:
        return bool(_NAMES_SECRET.search(address.text))
    return bool(_NAMES_SECRET.search(text) or _BEFORE_HOST.search(text))


def _oracle(text: str) -> Address | None:
    found = next(filter(None, (form.fullmatch(text) for form in _ORACLE)), None)
    if found is None:
        return None
    return Address(
        text=f"jdbc:oracle:thin:@{text[found.start('host') :]}",
        scheme="oracle",
        host=found["host"],
        port=int(found["port"]) if found["port"] else None,
        path=found["path"],
        username=found["user"] or "",
        password=found["password"] or "",
    )


def _sql_server(text: str) -> Address | None:
    found = _SQL_SERVER.fullmatch(text)
    if found is None:
        return None
    words = [each.partition("=") for each in found[4].split(";") if each]
    said = {name.strip().lower(): value for name, _equals, value in words}
    others = [
        "".join(each) for each in words if each[0].strip().lower() not in ("user", "password")
    ]
    return Address(
        text=";".join([found[1], *others]),
        scheme="sqlserver",
        host=found[2],
        port=int(found[3]) if found[3] else None,
        path=said.get("databasename", ""),
        username=said.get("user", ""),
        password=said.get("password", ""),
    )


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
