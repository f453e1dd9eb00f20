"""From what a person typed in an editor to the next version of an entry, or of its note."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from difflib import get_close_matches

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.changing.changes import differences, next_version
from vault.changing.entry_text import (
    Texts,
    changes_in,
    parse,
    render,
    texts_of,
    with_alarm,
    without_alarm,
)
from vault.changing.writing import Write
from vault.entries import EntryRef, EntryValue
from vault.facts import FACTS
from vault.kinds import NOTE

ALIKE = 0.75


class Draft(ABC):
    """A text on the desk, and the version that it changes."""

    def __init__(self, ref: EntryRef, base: EntryValue, text: str | None = None) -> None:
        self.ref = ref
        self.base = base
        self.text = self._text(base, {}) if text is None else text

    def understand(self, typed: str, *, ticket: TicketKey | None) -> Write:
        """The next version.

        Raises:
            InvalidError: the text, or a field in it, breaks a rule.
        """
        changes = self._changes(typed)
        facts = {name: text.reveal() for name, text in changes.items() if name in FACTS}
        secrets = {name: text for name, text in changes.items() if name not in FACTS}
        for name in secrets.keys() - texts_of(self.base).keys():
            _refuse_slip(name)
        return next_version(self.ref, self.base, facts=facts, secrets=secrets, ticket=ticket)

    def alarmed(self, typed: str, err: InvalidError) -> "Draft":
        """The typed text, to be mended."""
        return type(self)(self.ref, self.base, with_alarm(typed, err.message, err.hint))

    def moved_to(self, newest: EntryValue, typed: str) -> "Draft":
        """What was typed, as changes of the version that somebody else wrote meanwhile."""
        mine = self._changes(typed)
        theirs = {each.field for each in differences(self.base, newest)}
        alarms = [
            _("Version {version} was written meanwhile; it changed: {names}").format(
                version=newest.version, names=" ".join(sorted(theirs))
            ),
            _("Your changes stand in this text: {names}").format(names=" ".join(sorted(mine))),
        ]
        texts = {name: text.reveal() for name, text in mine.items()}
        text = with_alarm(self._text(newest, texts), *alarms)
        return type(self)(self.ref, newest, text)

    @abstractmethod
    def _text(self, base: EntryValue, changes: Texts) -> str:
        """A version as it is offered, with these changes."""

    @abstractmethod
    def _parse(self, text: str) -> Texts:
        """Each field's value. Raises InvalidError."""

    def _changes(self, typed: str) -> Mapping[str, Secret]:
        """Against the text of the version itself, so that what nobody touched stays to the byte."""
        return changes_in(self._parse(self._text(self.base, {})), self._parse(typed))


class EntryDraft(Draft):
    """The whole entry, but for its files."""

    def _text(self, base: EntryValue, changes: Texts) -> str:
        return render(self.ref, base, {**texts_of(base), **changes})

    def _parse(self, text: str) -> Texts:
        return parse(text)


class NoteDraft(Draft):
    """The note alone, without any form."""

    def _text(self, base: EntryValue, changes: Texts) -> str:
        kept = base.secrets.get(NOTE, Secret(""))
        return changes.get(NOTE, kept.reveal())

    def _parse(self, text: str) -> Texts:
        return {NOTE: without_alarm(text).replace("\r\n", "\n").rstrip("\n")}


def _refuse_slip(name: str) -> None:
    """A fact with a typing error would become a secret that nobody looks for."""
    if near := get_close_matches(name.lower(), FACTS, n=1, cutoff=ALIKE):
        raise InvalidError(
            _("{name} is no field").format(name=repr(name)),
            hint=_("did you mean {names}?").format(names=near[0]),
        )
