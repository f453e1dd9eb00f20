"""Where a record goes, and what becomes of its parts. Pure: it asks nobody and stores nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from vault.entries import ENVIRONMENTS, EntryRef, EntrySecrets, check_secrets
from vault.facts import EntryFacts
from vault.importing.addresses import parse_address
from vault.importing.contents import ENVIRONMENT_FIELDS, contents_of, no_room, said_ref, slug
from vault.importing.guessing import ENVIRONMENT_OF, environment_in, guess_kind, words_of
from vault.importing.matching import Directory, Guess
from vault.importing.records import Leftover, Record
from vault.kinds import KINDS

LONGEST_NAME = 60
SHARED = ENVIRONMENTS[0]


@dataclass(frozen=True, slots=True)
class Placed:
    """A record with its place in the safe. `kind_is_said`: by the file itself, not guessed."""

    ref: EntryRef
    facts: EntryFacts
    secrets: EntrySecrets
    record: Record
    kind_is_said: bool

    def as_kind(self, kind: str) -> "Placed":
        """The same for the kind that the safe's entry has, where ours was only guessed."""
        if self.kind_is_said or kind == self.facts.kind:
            return self
        made = contents_of(self.record, kind)
        return replace(self, facts=made.facts, secrets=made.secrets)


class Placer:
    """Finds places, one after the other, so that no two records get the same.

    `client` takes them all; `agreed` says which client a folder means that names none exactly,
    or None where nobody agreed.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        client: str | None = None,
        agreed: Mapping[str, str | None] | None = None,
    ) -> None:
        self._directory = directory
        self._client = client
        self._agreed = agreed or {}
        self._taken: set[str] = set()

    def guess(self, group: tuple[str, ...]) -> Guess | None:
        """Which client the folders resemble, where none of them names one."""
        if self._client_of(group)[0] is not None:
            return None
        folders = [each for each in group if not environment_in(words_of(each))]
        return self._directory.guess(folders)

    def place(self, record: Record) -> Iterator[Placed | Leftover]:
        """The record in its place, and what of it, or that all of it, stays behind."""
        code, folder = self._client_of(record.group)
        if code is None:
            yield Leftover(record.group, record.title, self._no_client(record))
            return
        try:
            yield from self._place(record, code, folder)
        except InvalidError as err:
            yield Leftover(record.group, record.title, err.message)

    def _place(self, record: Record, code: str, folder: str) -> Iterator[Placed | Leftover]:
        said = {
            slug(each.name): each.value.reveal() for each in record.fields if not each.protected
        }
        kind, is_said = _kind_of(record, said.get("kind", ""))
        environment = _environment_of(record, _said_environment(said), folder)
        made = contents_of(record, kind)
        check_secrets(made.secrets)
        name = _name_of(record.title, code, environment) or kind
        path = self._said_path(said.get("ref", "")) or f"{code}/{environment}/{name}"
        ref = EntryRef.parse(self._free(path))
        yield Placed(ref, made.facts, made.secrets, record, is_said)
        for each in made.too_large:
            yield Leftover(record.group, record.title, no_room(each), ref.path)

    def _client_of(self, group: tuple[str, ...]) -> tuple[str | None, str]:
        """Its code, and the folder that said so."""
        for folder in group:
            if found := self._directory.exact(folder) or self._agreed.get(folder):
                return self._client or found, folder
        return self._client, ""

    def _said_path(self, text: str) -> str | None:
        """Where an export of our own says that the entry was."""
        ref = said_ref(text)
        if ref is None or self._client not in (None, ref.client.value):
            return None
        return ref.path if self._directory.exact(ref.client.value) else None

    def _no_client(self, record: Record) -> str:
        guess = self.guess(record.group)
        if guess is None:
            return _("its folder names no client")
        return _("its folder is perhaps {code}, {name}: nobody agreed").format(
            code=guess.code, name=guess.name
        )

    def _free(self, path: str) -> str:
        number, free = 1, path
        while free in self._taken:
            number += 1
            free = f"{path}-{number}"
        self._taken.add(free)
        return free


def _kind_of(record: Record, said: str) -> tuple[str, bool]:
    kind = said.strip().lower()
    if kind in KINDS:
        return kind, True
    return guess_kind(record.title, record.tags, parse_address(record.url)), False


def _said_environment(said: Mapping[str, str]) -> str:
    return next((said[name] for name in ENVIRONMENT_FIELDS if said.get(name)), "")


def _environment_of(record: Record, said: str, client_folder: str) -> str:
    """From a field that says so, the folders, the title; else the one that all share.

    Raises:
        InvalidError: a field says something that is no environment.
    """
    if said:
        found = environment_in(words_of(said))
        if found is None:
            raise InvalidError(
                _("{name} is no environment").format(name=repr(said)),
                hint=_("the environments are {names}").format(names=", ".join(ENVIRONMENTS)),
            )
        return found
    for folder in reversed(record.group):
        if folder != client_folder and (found := environment_in(words_of(folder))):
            return found
    return environment_in(words_of(record.title)) or SHARED


def _name_of(title: str, code: str, environment: str) -> str:
    """The title without what the rest of the path says already: `VPN PROD` is `vpn` in `prod`."""
    words = slug(title).split("-")
    kept = [
        word for word in words if ENVIRONMENT_OF.get(word) != environment and word != code.lower()
    ]
    return "-".join(kept or words)[:LONGEST_NAME].strip("-._")
