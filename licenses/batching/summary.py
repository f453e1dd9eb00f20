"""What a batch asks for and changes, in few lines: on this page a second person decides."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from math import inf

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.batching.chunks import chunked
from licenses.batching.drafting import Drafted
from licenses.batching.output import batch_facts, in_a_line, in_words, names
from licenses.batching.previous import previous
from licenses.batching.standing import kinds_of, numbers_of, standing
from licenses.differences import cuts_short
from licenses.directory import Directory
from licenses.doubts import doubts
from licenses.models import LicenseRequest
from licenses.pages import page
from licenses.rows import terms_of
from licenses.states import OPEN
from licenses.terms import Terms
from opskit.clients.models import Client
from opskit.core.i18n import _

SHOWN_EXAMPLES = 5  # request numbers after each line


def batch_lines(session: Session, number: int) -> list[str]:
    """The batch's page: where it comes from and how far it is."""
    found = standing(session, number)
    facts = batch_facts(found, kinds_of(session, number), Directory(session))
    return page(
        _("Batch {number} of {requests} licence requests").format(
            number=found.name, requests=found.total
        ),
        [
            (_("File"), found.batch.file_name),
            (_("Digest"), found.batch.digest),
            (_("Kinds"), in_a_line(facts["kinds"])),
            (_("States"), in_words(found)),
            (
                _("Requested"),
                _("{day} by {name}").format(
                    day=found.batch.requested_at.astimezone().date(),
                    name=facts["requested_by_name"] or _("somebody unknown"),
                ),
            ),
        ],
    )


def change_lines(session: Session, number: int, *, today: date) -> list[str]:
    """What the open requests of the batch change, counted, and which to look at twice."""
    changes: dict[str, list[int]] = defaultdict(list)
    doubtful: list[int] = []
    for part in chunked(numbers_of(session, number, OPEN)):
        query = select(LicenseRequest).where(LicenseRequest.number.in_(part))
        requests = session.scalars(query.order_by(LicenseRequest.number)).all()
        before = previous(session, {each.client for each in requests})
        for each in requests:
            old = before.get((each.client, each.kind, each.site))
            for change in _changes(old, terms_of(each), today=today):
                changes[change].append(each.number)
        doubtful += _doubtful(session, requests, today=today)
    lines = [_counted(change, numbers) for change, numbers in changes.items()]
    if doubtful:
        lines.append(_counted(_("to look at twice: opskit license show"), doubtful))
    return [_("Changes:"), *(f"  {line}" for line in lines)]


def payload_lines(drafted: Sequence[Drafted]) -> list[str]:
    """By which everything that is about to be signed can be named at once."""
    digest = sha256(b"".join(each.body for each in drafted)).hexdigest()
    return [
        _("The exact payloads: {count}, SHA-256 over all {digest}").format(
            count=len(drafted), digest=digest
        )
    ]


def _doubtful(
    session: Session, requests: Sequence[LicenseRequest], *, today: date
) -> Iterator[int]:
    """Requests whose maintenance disagrees with the calendar or the client's contract."""
    codes = {each.client for each in requests}
    query = select(Client.code, Client.maintenance_until).where(Client.code.in_(codes))
    contracts = dict(session.execute(query).all())
    for each in requests:
        contract = contracts[each.client]
        if any(doubts(each.maintenance_until, contract=contract, today=today)):
            yield each.number


def _changes(before: Terms | None, after: Terms, *, today: date) -> list[str]:
    """In general words, so that many requests share them."""
    if before is None:
        return [_("the first licence of this kind and site")]
    gone, come = set(before.modules) - set(after.modules), set(after.modules) - set(before.modules)
    users = _users(after) - _users(before) if _users(after) != _users(before) else 0
    longer = _end(after.maintenance_until) > _end(before.maintenance_until)
    shorter = _end(after.maintenance_until) < _end(before.maintenance_until)
    what = {
        _("nothing changes"): before == after,
        _("more modules"): bool(come),
        _("fewer modules"): bool(gone),
        _("more users"): users > 0,
        _("fewer users"): users < 0,
        _("longer maintenance"): longer,
        _("shorter maintenance"): shorter,
        _("another last usable day"): after.last_day != before.last_day,
        _("another product or edition"): _edition(after) != _edition(before),
        _("entered before its first day it stops the product"): cuts_short(
            before, after, today=today
        ),
    }
    return [words for words, is_so in what.items() if is_so]


def _edition(terms: Terms) -> tuple[str, str]:
    return terms.product, terms.edition


def _users(terms: Terms) -> float:
    """All who may work at once; unlimited is more than any number."""
    pools = (terms.named_users, terms.concurrent_users)
    return sum(inf if each is None else each for each in pools)


def _end(day: date | None) -> date:
    return date.max if day is None else day


def _counted(what: str, numbers: Sequence[int]) -> str:
    """`more users: 12 (R3 R4 R7 R9 R12 ...)`."""
    shown = " ".join(names(numbers[:SHOWN_EXAMPLES]))
    more = " ..." if len(numbers) > SHOWN_EXAMPLES else ""
    return f"{what}: {len(numbers)} ({shown}{more})"
