"""What waits for somebody in the licence register."""

from collections.abc import Sequence
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
        waiting = [_waiting(each) for each in open_requests(session)]
        ending = _ending(session, today=today, last=until or today + AHEAD)
        return [*waiting, *_undelivered(session), *ending]


def _waiting(asked: LicenseRequest) -> TodoItem:
    """A request waits from the day on which it came to where it is."""
    name = format_number("R", asked.number)
    approved = asked.state == RequestState.APPROVED
    since = (asked.approved_at if approved else None) or asked.requested_at
    verb = "issue {name} --out FILE" if approved else "approve {name}"
    return TodoItem(
        kind="license-issue" if approved else "license-approve",
        subject=name,
        what=_("to issue") if approved else _("to approve"),
        due=since.astimezone().date(),
        role="license-issuer",
        client=asked.client,
        command=f"opskit license {verb.format(name=name)}",
    )


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
