"""Who stands behind the ids and codes of a request, for the person who has to decide."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from opskit.clients.models import Client
from opskit.staff import services as staff


class Directory:
    """Looks up people and clients, each once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people: dict[str, str | None] = {}

    def client(self, code: str) -> Client:
        return self._session.get_one(Client, code)

    def meet(self, entity_ids: Iterable[str | None]) -> None:
        """Look these people up at once, for a page of rows."""
        strangers = {each for each in entity_ids if each is not None} - self._people.keys()
        if strangers:
            names = staff.names_of(self._session, strangers)
            self._people |= {each: names.get(each) for each in strangers}

    def name_of(self, entity_id: str | None) -> str | None:
        """The person's name; None for nobody, and for somebody the staff directory lacks."""
        if entity_id is None:
            return None
        if entity_id not in self._people:
            person = staff.by_entity(self._session, entity_id)
            self._people[entity_id] = person.name if person else None
        return self._people[entity_id]
