"""Names in a program's environment for what an entry says: its own, and those of known tools."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from vault.entries import Entry, EntryRef
from vault.getting import Wish, describe, find_secret
from vault.kinds import PASSWORD

FACTS = ("host", "port", "username", "url", "domain", "service")
TOOLS: Mapping[str, Mapping[str, str]] = {  # engine -> the tool's name -> ours
    "postgresql": {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "username",
        "PGDATABASE": "service",
        "PGPASSWORD": PASSWORD,
    },
    "mysql": {"MYSQL_PWD": PASSWORD},
    "sqlserver": {
        "SQLCMDSERVER": "host",
        "SQLCMDUSER": "username",
        "SQLCMDDBNAME": "service",
        "SQLCMDPASSWORD": PASSWORD,
    },
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One variable that was asked for by name: `NAME=REF#field`."""

    name: str
    ref: EntryRef
    field: str

    @classmethod
    def parse(cls, text: str) -> "Wanted":
        """Raises InvalidError."""
        name, equals, source = text.partition("=")
        ref, _hash, wanted = source.partition("#")
        if not equals or not _NAME.fullmatch(name):
            raise InvalidError(
                _("{text} names no variable").format(text=repr(text)),
                hint="--env ERP_TOKEN=DELEZE/prod/erp-db#token",
            )
        return cls(name, EntryRef.parse(ref, environments=None), wanted or PASSWORD)


@dataclass(frozen=True, slots=True)
class Given:
    """What a program is given; `secrets` are the values that its output must not show."""

    variables: Mapping[str, str] = field(repr=False)
    secrets: Sequence[Secret]


@dataclass
class _Found:
    """One entry and its password, where it has one."""

    entry: Entry
    values: dict[str, str] = field(repr=False)
    secret: Secret | None


def collect(
    run: AppContext,
    refs: Sequence[EntryRef],
    wanted: Sequence[Wanted],
    *,
    prefix: str | None,
    ticket: str | None,
) -> Given:
    """Read what is needed of the safe, each secret once.

    Raises:
        ConflictError: two values would have the same name.
        InvalidError: a value or a prefix that no environment can hold.
        EntryNotFoundError, NotFoundError, DeniedError, UnavailableError: as `get`.
    """
    if prefix and not _NAME.fullmatch(prefix):
        raise InvalidError(
            _("{prefix} begins no name of a variable").format(prefix=repr(prefix)),
            hint=_("letters, digits and underscores, such as ERP_"),
        )
    found = [_find(run, ref, ticket) for ref in dict.fromkeys(refs)]
    variables: dict[str, str] = {}
    for each in found:
        own = _prefix_of(each.entry, several=len(found) > 1) if prefix is None else prefix
        _add(variables, {own + _upper(name): value for name, value in each.values.items()})
    for engine, names in TOOLS.items():
        of_engine = [each for each in found if each.entry.facts.engine == engine]
        if len(of_engine) == 1:
            values = of_engine[0].values
            _add(variables, {tool: values[ours] for tool, ours in names.items() if ours in values})
    secrets = [each.secret for each in found if each.secret is not None]
    for variable in wanted:
        value, secret = _field(run, variable, ticket)
        _add(variables, {variable.name: value})
        secrets += [secret] if secret is not None else []
    return Given(variables, secrets)


def _find(run: AppContext, ref: EntryRef, ticket: str | None) -> _Found:
    """The facts, and the password; an entry without one gives its facts alone."""
    entry = describe(run, ref)
    values = dict(_facts(entry))
    if entry.stamps.holds and PASSWORD not in entry.stamps.holds:
        return _Found(entry, values, None)
    secret = find_secret(run, Wish(ref.path, PASSWORD, ticket))
    return _Found(entry, {**values, PASSWORD: secret.reveal()}, secret)


def _field(run: AppContext, wanted: Wanted, ticket: str | None) -> tuple[str, Secret | None]:
    if wanted.field not in FACTS:
        secret = find_secret(run, Wish(wanted.ref.path, wanted.field, ticket))
        return secret.reveal(), secret
    facts = dict(_facts(describe(run, wanted.ref)))
    if wanted.field not in facts:
        raise NotFoundError(
            _("{entry} does not say its {field}").format(entry=wanted.ref, field=wanted.field),
            hint=f"opskit vault show {wanted.ref}",
        )
    return facts[wanted.field], None


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    for name in FACTS:
        value = getattr(entry.facts, name)
        if value:
            yield name, str(value)


def _add(variables: dict[str, str], more: Mapping[str, str]) -> None:
    for name, value in more.items():
        if variables.get(name, value) != value:
            raise ConflictError(
                _("two values would both be called {name}").format(name=name),
                hint=_("name them yourself: {command}").format(
                    command=f"--env {name}=CLIENT/ENV/NAME#field"
                ),
            )
        if "\0" in value:
            raise InvalidError(
                _("{name} holds a character that no environment can").format(name=name),
                hint=_("use opskit vault get for it"),
            )
        variables[name] = value


def _prefix_of(entry: Entry, *, several: bool) -> str:
    """No variable may begin with a digit, whatever an entry may."""
    name = _upper(entry.ref.name)
    return f"{'_' if name[0].isdigit() else ''}{name}_" if several else ""


def _upper(name: str) -> str:
    """As a shell takes it: `erp-db` becomes `ERP_DB`."""
    return re.sub(r"\W", "_", name.upper(), flags=re.ASCII)
