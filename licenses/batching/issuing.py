"""A whole batch signed, registered and written, a chunk after the other.

While the safe signs one chunk and another core checks its signatures, the chunk before is entered
into the register, and its files are written. Killed at any instant, the next run goes on: what is
issued is told by the requests' states, and missing files are written again from the register.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.batching import drafting
from licenses.batching.asking import Step
from licenses.batching.chunks import among, chunked
from licenses.batching.files import LicenseFolder, file_name, license_folder
from licenses.batching.registering import register
from licenses.batching.signatures import checking
from licenses.batching.signing import BatchSigning, Signed, asked_for
from licenses.batching.standing import numbers_of, standing
from licenses.document import license_file
from licenses.keys import public_key_set
from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind
from licenses.presenting import file_of
from licenses.settings import kinds_without_approval
from licenses.states import REGISTERED, RequestState
from opskit.clients.models import Client
from opskit.core.catalog import load_catalog
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.identity import require_role
from opskit.core.private_files import replace_own
from opskit.core.refs import format_number
from opskit.core.second_signer import SecondSignerNeededError
from opskit.core.signing import Signer

AHEAD = 3  # chunks that are being signed while one is registered


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many licences were issued now, how many were before, and how many files written."""

    issued: int
    before: int
    written: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """The requests that are to be issued, and those that are."""

    to_issue: Sequence[int]
    issued: Sequence[int]


def size(session: Session, batch: int) -> int:
    """How many licences `issue` will deal with; NotFoundError where there is no such batch."""
    return standing(session, batch).count({RequestState.REQUESTED, *_ISSUABLE, *REGISTERED})


def issue(run: AppContext, batch: int, folder: Path, *, step: Step) -> Outcome:
    """Issue what was approved, and see to it that every licence of the batch has its file.

    Raises:
        DeniedError: the role license-issuer is missing.
        ConflictError: a request waits for its approval, or another file stands in the way.
        NotFoundError, UnavailableError: as `license_folder`, or the safe does not answer.
        ForgedApprovalError, SelfVerificationError, ...: as `BatchSigning.sign`.
        In each case what was registered until then stays.
    """
    require_role(run.identity(), "license-issuer")
    unapproved = kinds_without_approval(run.settings)
    if unapproved:
        drafting.draft(run, batch, kinds=unapproved, second_person=False)
    with run.snapshot() as session:
        plan = _plan(session, batch, unapproved)
    with license_folder(folder) as files:
        with run.snapshot() as session:
            files.require_free(_names(session, plan.to_issue))
        _write_again(run, files, plan.issued, step)
        if plan.to_issue:
            _sign_and_register(run, batch, files, plan.to_issue, step)
    return Outcome(len(plan.to_issue), len(plan.issued), files.written)


_ISSUABLE = frozenset({RequestState.APPROVED})


def _plan(session: Session, batch: int, unapproved: Collection[LicenseKind]) -> _Plan:
    """Raises ConflictError where a request waits for its approval, or nothing can be issued."""
    waiting = numbers_of(session, batch, {RequestState.REQUESTED})
    alone = numbers_of(session, batch, {RequestState.REQUESTED}, kinds=unapproved)
    name = format_number("B", batch)
    if len(waiting) > len(alone):
        raise ConflictError(
            _("requests of {batch} that wait for their approval: {count}").format(
                batch=name, count=len(waiting) - len(alone)
            ),
            hint=f"opskit license approve {name}",
        )
    plan = _Plan(
        sorted([*alone, *numbers_of(session, batch, _ISSUABLE)]),
        numbers_of(session, batch, REGISTERED),
    )
    if not plan.to_issue and not plan.issued:
        raise ConflictError(
            _("every request of {batch} was rejected or withdrawn").format(batch=name),
            hint=f"opskit license show {name}",
        )
    return plan


def _sign_and_register(
    run: AppContext, batch: int, files: LicenseFolder, numbers: Sequence[int], step: Step
) -> None:
    signer, actor = run.plug(Signer), run.identity()
    keys = public_key_set(signer)
    with checking(len(numbers)) as proofs:
        signing = BatchSigning(signer, keys=keys, catalog=load_catalog(run.home), checking=proofs)
        for licenses in _signed(run, signing, numbers):
            with run.transaction() as session:
                register(session, licenses, batch=batch, at=run.now(), actor=actor)
            files.settle()  # of the chunk before: no more than one is on its way
            for each in licenses:
                files.write(file_name(each.asked.client, each.asked.serial), _file(each))
            step(len(licenses))
        files.settle()
    replace_own(run.home.public_keys_file, keys.to_json())


def _signed(
    run: AppContext, signing: BatchSigning, numbers: Sequence[int]
) -> Iterator[Sequence[Signed]]:
    """The chunks in their order, signed ahead of whoever takes them."""
    waiting: deque[Future[list[Signed]]] = deque()
    with ThreadPoolExecutor(AHEAD) as pool:
        for part in chunked(numbers):
            with run.snapshot() as session:
                rows = asked_for(session, part)
            waiting.append(pool.submit(signing.sign, rows))
            if len(waiting) > AHEAD:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)


def _next(waiting: deque[Future[list[Signed]]]) -> list[Signed]:
    """The first chunk. Where it needs a second person, all that are on their way need one too.

    Raises:
        SecondSignerNeededError: for all of them together, so that fewer rounds are enough.
    """
    try:
        return waiting.popleft().result()
    except SecondSignerNeededError as first:
        others = [each.exception() for each in waiting]
        needed = [each for each in others if isinstance(each, SecondSignerNeededError)]
        raise SecondSignerNeededError.together([first, *needed]) from None


def _file(each: Signed) -> str:
    return license_file(
        each.signed,
        client=each.asked.client_name,
        modules=each.asked.modules,
        payload=each.payload,
    )


def _names(session: Session, numbers: Sequence[int]) -> Iterator[str]:
    for part in chunked(numbers):
        query = select(LicenseRequest.client, LicenseRequest.serial)
        for client, serial in session.execute(query.where(among(LicenseRequest.number, part))):
            yield file_name(client, serial or 0)


def _write_again(run: AppContext, files: LicenseFolder, numbers: Sequence[int], step: Step) -> None:
    """The files of licences that are in the register, where they are missing."""
    for part in chunked(numbers):
        with run.snapshot() as session:
            found = session.execute(
                select(LicenseRecord, Client.name)
                .join(Client, Client.code == LicenseRecord.client)
                .where(among(LicenseRecord.request_number, part))
            ).all()
        for record, client_name in found:
            files.write(file_name(record.client, record.serial), file_of(record, client_name))
        files.settle()
        step(len(part))
