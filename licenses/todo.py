"""What waits for somebody in the licence register."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from licenses.following.expiry import endings
from licenses.models import LicenseRecord, LicenseRequest
from licenses.payload import LicenseKind
from licenses.services.replaced import stands
from licenses.services.requests import open_requests
from licenses.states import RequestState
from opskit.core.i18n import _
from opskit.core.refs import format_number
from opskit.core.todo import TodoItem

AHEAD = timedelta(days=60)
RENEWAL_NOTICE = 30  # days: an order has to be signed before the licence ends
BEHIND = timedelta(days=90)  # what ended before that is no longer to be renewed


class LicenseTodo:
    """To approve, to issue, to deliver, to renew."""

    @property
    def label(self) -> str:
        return _("the licences")

    def items(
        self, session: Session, *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        ending = _ending(session, today=today, last=until or today + AHEAD)
        return [*_waiting(session), *_undelivered(session), *ending]


def _waiting(session: Session) -> Iterator[TodoItem]:
    """A batch is one thing to approve, and one to issue: it may have hundreds of requests."""
    alike: dict[tuple[str, str], list[LicenseRequest]] = {}
    for asked in open_requests(session):
        one = format_number("R", asked.number)
        name = one if asked.batch is None else format_number("B", asked.batch)
        alike.setdefault((name, asked.state), []).append(asked)
    for (name, state), requests in alike.items():
        yield _waiting_item(name, requests, is_approved=state == RequestState.APPROVED)


def _waiting_item(name: str, requests: Sequence[LicenseRequest], *, is_approved: bool) -> TodoItem:
    """It waits from the day on which it came to where it is."""
    is_batch = requests[0].batch is not None
    since = min((is_approved and each.approved_at) or each.requested_at for each in requests)
    clients = {each.client for each in requests}
    issue = f"issue {name} --out {'FOLDER' if is_batch else 'FILE'}"
    return TodoItem(
        kind="license-issue" if is_approved else "license-approve",
        subject=name,
        what=_what(len(requests) if is_batch else None, is_approved=is_approved),
        due=since.astimezone().date(),
        role="license-issuer",
        client=clients.pop() if len(clients) == 1 else None,
        command=f"opskit license {issue if is_approved else f'approve {name}'}",
    )


def _what(count: int | None, *, is_approved: bool) -> str:
    if count is None:
        return _("to issue") if is_approved else _("to approve")
    words = _("licences to issue: {count}") if is_approved else _("licences to approve: {count}")
    return words.format(count=count)


def _undelivered(session: Session) -> list[TodoItem]:
    """What another licence replaced meanwhile needs no delivery."""
    found = session.execute(
        select(LicenseRecord.serial, LicenseRecord.client, LicenseRecord.issued_at)
        .join(LicenseRequest, LicenseRequest.number == LicenseRecord.request_number)
        .where(LicenseRequest.state == RequestState.ISSUED)
        .where(*stands())
    )
    return [
        TodoItem(
            kind="license-deliver",
            subject=format_number("L", row.serial),
            what=_("to deliver"),
            due=row.issued_at.astimezone().date(),
            role="sales",
            client=row.client,
            command=f"opskit license deliver {format_number('L', row.serial)} --out FILE",
        )
        for row in found
    ]


def _ending(session: Session, *, today: date, last: date) -> list[TodoItem]:
    return [
        TodoItem(
            kind="license-renew",
            subject=format_number("L", each.serial),
            what=_("to renew"),
            due=each.ends,
            role="sales",
            client=each.client,
            command=f"opskit license renew {format_number('L', each.serial)} --until +12m",
            notice=RENEWAL_NOTICE,
        )
        for each in endings(session, first=today - BEHIND, last=last)
        if each.kind == LicenseKind.PRODUCTION and each.renewal is None
    ]
