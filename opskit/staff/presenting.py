"""One person, for scripts and for people."""

from collections.abc import Iterable
from typing import Any

from opskit.core.i18n import _
from opskit.core.words import in_words
from opskit.staff.models import Person


def person_facts(person: Person) -> dict[str, Any]:
    """Keys: `login`, `name`, `email`, `role`, `pole`, `site`, `language`, `state` (active,
    disabled, left), `has_login`, `entity_id`.
    """
    return {
        "login": person.login,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "pole": person.pole,
        "site": person.site,
        "language": person.language,
        "state": person.state,
        "has_login": person.login_made_at is not None,
        "entity_id": person.entity_id,
    }


def user_facts(person: Person, roles: Iterable[str]) -> dict[str, Any]:
    """The keys of `person_facts`, and `roles`: what the safe lets the person do."""
    return {**person_facts(person), "roles": sorted(roles)}


def card(facts: dict[str, Any]) -> list[str]:
    """One line a fact; what is unknown is left out."""
    labels = {
        "name": _("name"),
        "email": _("email"),
        "role": _("job"),
        "roles": _("roles"),
        "pole": _("pole"),
        "site": _("site"),
        "language": _("language"),
        "state": _("state"),
        "entity_id": _("entity"),
    }
    spoken = {**facts, "state": in_words(facts["state"])}
    shown = {label: _words(spoken[key]) for key, label in labels.items() if spoken.get(key)}
    width = max(len(label) for label in shown)
    return [facts["login"], *(f"  {label:<{width}}  {value}" for label, value in shown.items())]


def _words(value: Any) -> str:  # noqa: ANN401 (a text or a list of them)
    return " ".join(value) if isinstance(value, list) else str(value)
