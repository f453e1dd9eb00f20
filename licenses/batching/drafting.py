"""The requests of a batch get their serials and exact payloads, a chunk after the other.

As `licenses.drafting` does for one. No transaction is open while the safe answers. Done again after
a crash, every serial stays and the payloads are made anew.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from licenses.anchors import anchors
from licenses.batching.asking import Step
from licenses.batching.chunks import chunked
from licenses.batching.standing import numbers_of
from licenses.errors import UnknownKeyError
from licenses.keyfamilies import SigningKey
from licenses.keyformat import encode
from licenses.keys import LicenseKeys
from licenses.models import LicenseRequest
from licenses.payload import Extension, LicenseKind
from licenses.services.approvals import FIRST_SERIAL, payload_of, require_draftable
from licenses.settings import emergency_days
from licenses.states import RequestState
from opskit.clients.models import Client
from opskit.core.catalog import load_catalog
from opskit.core.context import AppContext
from opskit.core.identity import require_role
from opskit.core.numbers import next_numbers
from opskit.core.refs import format_number
from opskit.core.signing import Signer

Place = tuple[str, str]  # client and kind, which count their sequences together


@dataclass(frozen=True, slots=True)
class Drafted:
    """What an approver is asked to sign for."""

    number: int
    requested_by: str
    body: bytes


def draft(
    run: AppContext,
    batch: int,
    *,
    kinds: Collection[LicenseKind] = tuple(LicenseKind),
    second_person: bool = True,
    step: Step = lambda _count: None,
) -> list[Drafted]:
    """Draft every request of the batch that waits for its approval.

    Raises:
        DeniedError, ConflictError, ForgedRequestError: as `approvals.allot`.
        UnknownKeyError: no key that signs a kind is known to a client's ERP version.
        UnavailableError: the safe does not answer, or lacks a key.
    """
    with run.snapshot() as session:
        numbers = numbers_of(session, batch, {RequestState.REQUESTED}, kinds=kinds)
    drafting = _Drafting(run, second_person=second_person)
    drafted: list[Drafted] = []
    for part in chunked(numbers):
        drafted += drafting.chunk(part)
        step(len(part))
    return drafted


def locked(session: Session, numbers: Sequence[int]) -> Sequence[LicenseRequest]:
    """These requests, always in the same order, so that no two wait for each other."""
    return session.scalars(
        select(LicenseRequest)
        .where(LicenseRequest.number.in_(numbers))
        .order_by(LicenseRequest.number)
        .with_for_update()
    ).all()


class _Drafting:
    """What all chunks need, asked for once."""

    def __init__(self, run: AppContext, *, second_person: bool) -> None:
        self._run = run
        self._second_person = second_person
        self._signer = run.plug(Signer)
        self._catalog = load_catalog(run.home)
        self._keys = LicenseKeys(self._signer, self._catalog)
        self._days = emergency_days(run.settings)

    def chunk(self, numbers: Sequence[int]) -> Iterator[Drafted]:
        with self._run.transaction() as session:
            serials = self._allot(session, numbers)
        extensions = dict(zip(serials, anchors(self._signer, serials, self._days), strict=True))
        with self._run.transaction() as session:
            requests = self._draftable(session, numbers)
            self._fill(session, requests, extensions)
        return (Drafted(each.number, each.requested_by, each.body or b"") for each in requests)

    def _allot(self, session: Session, numbers: Sequence[int]) -> list[int]:
        """The serials that the licences will have; those that are there stay for good."""
        requests = self._draftable(session, numbers)
        without = [each for each in requests if each.serial is None]
        fresh = next_numbers(session, "L", len(without), first=FIRST_SERIAL)
        for each, serial in zip(without, fresh, strict=True):
            each.serial = serial
        return [each.serial for each in requests if each.serial is not None]

    def _draftable(self, session: Session, numbers: Sequence[int]) -> Sequence[LicenseRequest]:
        actor = self._run.identity()
        require_role(actor, "license-issuer")
        requests = locked(session, numbers)
        require_draftable(session, requests, actor=actor, second_person=self._second_person)
        return requests

    def _fill(
        self,
        session: Session,
        requests: Sequence[LicenseRequest],
        extensions: Mapping[int, Extension],
    ) -> None:
        clients = _clients(session, requests)
        used = _sequences_used(session, requests)
        today = self._run.now().date()
        for each in requests:
            client = clients[each.client]
            used[each.client, each.kind] += 1
            each.sequence = used[each.client, each.kind]
            key = self._key_for(each, client)
            payload = payload_of(
                each,
                key_id=key.key_id,
                client_number=client.number,
                issued_on=today,
                extensions=[extensions[each.serial or 0]],
                catalog=self._catalog,
            )
            each.body = encode(payload)

    def _key_for(self, found: LicenseRequest, client: Client) -> SigningKey:
        """Raises UnknownKeyError, which names the request among so many."""
        try:
            return self._keys.usable(LicenseKind(found.kind), client.erp_version)
        except UnknownKeyError as err:
            name = format_number("R", found.number)
            raise UnknownKeyError(f"{name}, {client.code}: {err.message}", hint=err.hint) from err


def _clients(session: Session, requests: Sequence[LicenseRequest]) -> dict[str, Client]:
    """Locked in the order of their codes: one at a time counts a client's sequences."""
    codes = {each.client for each in requests}
    query = select(Client).where(Client.code.in_(codes)).order_by(Client.code).with_for_update()
    return {each.code: each for each in session.scalars(query)}


def _sequences_used(session: Session, requests: Sequence[LicenseRequest]) -> Counter[Place]:
    """The highest sequence of every other drafted or issued licence, by client and kind."""
    own = {each.number for each in requests}
    highest = session.execute(
        select(LicenseRequest.client, LicenseRequest.kind, func.max(LicenseRequest.sequence))
        .where(LicenseRequest.client.in_({each.client for each in requests}))
        .where(LicenseRequest.number.not_in(own), LicenseRequest.sequence.is_not(None))
        .group_by(LicenseRequest.client, LicenseRequest.kind)
    )
    return Counter({(client, kind): sequence for client, kind, sequence in highest})
