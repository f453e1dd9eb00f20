"""One page on how to connect to a client, in the order of the way, and no secret on it.

It is Markdown that reads well as it stands: on a terminal, in a ticket, on paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from shlex import quote

from vault.entries import ENVIRONMENTS
from vault.finding.index_file import Row
from vault.finding.sheet_words import Words
from vault.kinds import KINDS
from vault.using.fetching import commands_for, way_leads_to

FACTS = ("username", "domain", "url", "engine", "service", "tags")


@dataclass(frozen=True, slots=True)
class Stop:
    """An entry and what is opened before it, in that order: refs, each of which may be missing."""

    row: Row
    way: tuple[str, ...]


def way_of(row: Row, known: Mapping[str, Row]) -> tuple[str, ...]:
    """What to open before this entry, the first first; a way that leads back to itself ends."""
    way: list[str] = []
    step: Row | None = row
    while step is not None and step["via"]:
        ref = way_leads_to(step["via"], step["client"])
        if ref == row["ref"] or ref in way:
            break
        way.insert(0, ref)
        step = known.get(ref)
    return tuple(way)


def stops(rows: Sequence[Row]) -> dict[str, list[Stop]]:
    """By environment, what all share first; in each what is opened first comes first."""
    known = {row["ref"]: row for row in rows}
    found = sorted((Stop(row, way_of(row, known)) for row in rows), key=_order)
    by_environment = groupby(found, key=lambda stop: str(stop.row["environment"]))
    return {environment: list(group) for environment, group in by_environment}


def page_lines(
    rows: Sequence[Row], *, client: str, name: str, at: datetime, words: Words
) -> Iterator[str]:
    """The page; `at` is when the safe was asked."""
    yield f"# {client}, {name}" if name else f"# {client}"
    yield ""
    if not rows:
        yield words.nothing
        return
    moment = at.astimezone()
    yield words.intro
    yield words.ticket
    yield words.as_of.format(moment=moment.strftime(words.moment))
    for environment, group in stops(rows).items():
        yield from ("", f"## {words.environments.get(environment, environment)}")
        for stop in group:
            yield from _stop_lines(stop, words, today=moment.date().isoformat())


def page_row(rows: Sequence[Row], *, client: str, name: str) -> Row:
    """The keys that `--json` promises."""
    return {
        "client": client,
        "name": name,
        "environments": [
            {
                "environment": environment,
                "entries": [{**stop.row, "way": list(stop.way)} for stop in group],
            }
            for environment, group in stops(rows).items()
        ],
    }


def _stop_lines(stop: Stop, words: Words, *, today: str) -> Iterator[str]:
    row = stop.row
    yield from ("", f"### {row['ref']}: {words.kinds.get(row['kind'], row['kind'])}", "")
    said = {key: text for key, text in _said(stop, words, today=today).items() if text}
    width = max(map(len, words.facts.values())) + 2
    for key, text in said.items():
        yield f"    {words.facts[key]:<{width}}{text}"
    if row["pending_since"]:
        yield f"    {words.pending}"
    if row["guarded"]:
        yield f"    {words.guarded}"
    yield ""
    for line in _commands(row):
        yield f"    {line}"


def _said(stop: Stop, words: Words, *, today: str) -> dict[str, str]:
    """What the page says about an entry, in the order of the page; nothing is empty text."""
    row = stop.row
    host = f"{row['host']}:{row['port']}" if row["port"] else row["host"]
    expires = row["expires"]
    if expires and expires < today:
        expires = f"{expires}, {words.expired}"
    return {
        "way": ", ".join(f"{at}. {_short(ref, row)}" for at, ref in enumerate(stop.way, start=1)),
        "host": host,
        **{key: " ".join(row[key]) if key == "tags" else row[key] for key in FACTS},
        "expires": expires,
        "holds": ", ".join(row["holds"]),
        "check": f"{row['checked_at'][:10]} {row['check']}".strip(),
    }


def _commands(row: Row) -> Iterator[str]:
    """What one types to connect and to have each secret; a key goes to the SSH agent."""
    ref = quote(row["ref"])
    if row["guarded"]:
        yield f"opskit vault break-glass request {ref} --ticket CS-1234"
        return
    yield f"opskit vault connect {ref}"
    yield from commands_for(row["ref"], row["kind"], row["holds"]).values()


def _order(stop: Stop) -> tuple[int, str, int, int, str]:
    environment, kind = stop.row["environment"], stop.row["kind"]
    return (
        _position(environment, ENVIRONMENTS),
        environment,
        len(stop.way),
        _position(kind, tuple(KINDS)),
        stop.row["ref"],
    )


def _position(text: str, known: Sequence[str]) -> int:
    return known.index(text) if text in known else len(known)


def _short(ref: str, row: Row) -> str:
    """Without the client's code where it is the same."""
    return ref.removeprefix(f"{row['client']}/")
