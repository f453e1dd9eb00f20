"""What the template tools ask of the other features: shipped templates, facts about a client."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from onboarding.paths import PATHS, composed_paths, load_path
from opskit.checklists.template_tools.ports import ClientAbout
from opskit.checklists.templates import Template
from opskit.clients import services as clients
from opskit.patches.services import CLIENT_FACTS, facts_of, shipped_template


class TemplatesOfTheHouse:
    """The preparation of a patch, and the paths: of one file, and composed for pole and site."""

    def templates(self) -> Sequence[Template]:
        return [shipped_template(), *map(load_path, PATHS), *composed_paths()]


class ClientsForTemplates:
    """The directory, as a condition may ask it."""

    def fact_names(self) -> frozenset[str]:
        return CLIENT_FACTS

    def about(self, session: Session, typed: str) -> ClientAbout:
        client = clients.find(session, typed)
        return ClientAbout(client.code, client.canton, facts_of(client))
