"""What waits, in the words of who is told: the sources speak the language of who asks them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from opskit.core.context import AppContext
from opskit.core.i18n import language, speaking
from opskit.core.todo import TodoSources, gather
from opskit.todo.planning import Message


@dataclass(slots=True)
class Spoken:
    """Asks the sources once more for each other language, as far ahead as before."""

    run: AppContext
    until: date | None
    _words: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def in_language(self, message: Message, code: str) -> Message:
        """The same message; what meanwhile is on no list any more keeps its words."""
        if code == language():
            return message
        if code not in self._words:
            self._words[code] = self._ask(code)
        words = self._words[code]
        dues = (
            replace(due, item=replace(due.item, what=words.get(due.item.key, due.item.what)))
            for due in message.dues
        )
        return replace(message, dues=tuple(dues))

    def _ask(self, code: str) -> Mapping[str, str]:
        with speaking(code), self.run.snapshot() as session:
            sources = self.run.plug(TodoSources)
            found = gather(sources, session, today=self.run.today(), until=self.until)
        return {item.key: item.what for item in found.items}
