"""Clients, agents and a frame for campaigns in a test's own session."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from opskit.clients.models import Client
from opskit.core.business_days import PUBLIC
from opskit.core.identity import Identity
from opskit.patches import services
from opskit.patches.campaigns.capacity import parse_capacity
from opskit.patches.campaigns.plans import Timeframe
from opskit.patches.campaigns.services.creating import Frame, create
from opskit.patches.campaigns.services.drafting import Draft, Wish, draft
from opskit.patches.models import Campaign
from opskit.staff.models import Person

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
TODAY = AT.date()
FIRST, LAST = date(2027, 1, 11), date(2027, 2, 5)
BOB = Identity("e-bob", "bob", frozenset({"agent"}))
AUDREY = Identity("e-audrey", "audrey", frozenset({"auditor"}))


def add_client(session: Session, code: str, **changes: Any) -> Client:
    facts: dict[str, Any] = {
        "code": code,
        "number": sum(ord(letter) * 37**at for at, letter in enumerate(code)) % 10**9,
        "name": f"{code} SA",
        "city": "Moutier",
        "canton": "BE",
        "language": "fr",
        "contact": "",
        "email": "",
        "contract": "gold",
        "maintenance_until": date(2030, 12, 31),
        "erp_version": "12.1",
        "modules": ["FIN"],
        "named_users": 5,
        "pole": "logistics",
        "created_at": AT,
        "updated_at": AT,
    }
    client = Client(**{**facts, **changes})
    session.add(client)
    session.flush()
    return client


def add_agent(session: Session, login: str, pole: str = "logistics", **changes: Any) -> Person:
    facts: dict[str, Any] = {
        "login": login,
        "name": login.title(),
        "email": "",
        "role": "agent",
        "pole": pole,
        "site": "Sonceboz",
        "language": "fr",
        "entity_id": f"e-{login}",
        "state": "active",
        "created_at": AT,
        "updated_at": AT,
    }
    person = Person(**{**facts, **changes})
    session.add(person)
    session.flush()
    return person


def wish(
    query: str | None = None,
    *,
    version: str = "12.4",
    first: date = FIRST,
    last: date = LAST,
    capacity: str = "6/week",
) -> Wish:
    return Wish(version, query, Timeframe(first, last, parse_capacity(capacity)))


def frame(actor: Identity = BOB, *, today: date = TODAY) -> Frame:
    moment = datetime(today.year, today.month, today.day, 9, 30, tzinfo=UTC)
    return Frame(services.shipped_template(), PUBLIC, today, moment, actor)


def drafted(session: Session, wanted: Wish | None = None) -> Draft:
    return draft(
        session,
        wanted or wish(),
        template=services.shipped_template(),
        calendar=PUBLIC,
        today=TODAY,
    )


def created(session: Session, wanted: Wish | None = None) -> Campaign:
    return create(session, wanted or wish(), shown=None, frame=frame())
