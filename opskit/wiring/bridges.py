"""Where one feature's question meets another feature's answer."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime

from sqlalchemy.orm import Session

from licenses.services.coverage import coverage
from opskit.checklists.confidential import kept_from
from opskit.core.catalog import load_catalog
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity
from opskit.core.refs import ClientCode
from opskit.core.secret import Secret
from opskit.patches.ports import LicenseFact, SafeEntry
from opskit.staff import services as staff
from opskit.staff.models import PersonState
from opskit.wiring.house import House
from vault.breakglass.ports import GuardedReader
from vault.entries import Entry
from vault.errors import login_needed
from vault.ports import EntryStore


class AdminLogin:
    """The login, as the local server's recovery key needs it."""

    def __init__(self, house: House) -> None:
        self._house = house

    def address(self) -> str:
        return self._house.login.connection.address

    def token(self) -> Secret:
        token = self._house.login.tokens.load()
        if token is None:
            raise login_needed()
        return token


class RegisterForPatches:
    """The licence register, as a patch preparation asks it."""

    def __init__(self, house: House) -> None:
        self._house = house

    def fact(self, session: Session, *, client: str, version: str, on: date) -> LicenseFact:
        released_on = load_catalog(self._house.home).version(version).released_on
        found = coverage(session, client=client, version=version, released_on=released_on, on=on)
        return LicenseFact(
            covered=found.covered,
            reason=found.reason,
            until=found.until,
            modules=frozenset(found.modules),
            named_users=found.named_users,
        )


class SafeForPatches:
    """The safe, as a patch preparation asks it: names, never secrets."""

    def __init__(self, house: House) -> None:
        self._house = house

    def entries(self, client: str, environment: str) -> Sequence[SafeEntry]:
        code = ClientCode(client)
        found = self._house.plug(EntryStore).list_entries(code)
        with suppress(NotFoundError):  # a safe that was provisioned before there were guarded ones
            found += self._house.plug(GuardedReader).list_entries(code)
        return [_as_safe_entry(each) for each in found if each.ref.environment == environment]


class ListsForTheLog:
    """The checklists that are confidential, as reading the log asks them."""

    def kept_from(self, session: Session, reader: Identity) -> Collection[str]:
        return kept_from(session, lambda: reader).values()


class PeopleOfTheTeam:
    """The staff directory, as checklists ask it."""

    def login_of(self, session: Session, text: str) -> str:
        return staff.find(session, text).login

    def worker_login(self, session: Session, text: str) -> str:
        person = staff.find(session, text)
        if person.state != PersonState.ACTIVE or person.role == "auditor":
            raise ConflictError(
                _("{name} can be given no work").format(name=person.name),
                hint=f"opskit staff show {person.login}",
            )
        return person.login

    def names(self, session: Session) -> Mapping[str, str]:
        people = staff.list_people(session)
        by_entity = {each.entity_id: each.name for each in people if each.entity_id is not None}
        return {**by_entity, **{each.login: each.name for each in people}}


def _as_safe_entry(entry: Entry) -> SafeEntry:
    stamps = entry.stamps
    return SafeEntry(
        entry.ref.name,
        check=stamps.check,
        checked_on=_day(stamps.checked),
        rotated_on=_day(stamps.rotated),
    )


def _day(moment: str) -> date | None:
    return datetime.fromisoformat(moment).astimezone().date() if moment else None
