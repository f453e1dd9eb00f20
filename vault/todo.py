"""What waits for somebody in the safe: rotations, and requests for guarded entries.

Rotations are read from the index that this home keeps, so that the list asks the safe for little
and never for a secret.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from shlex import quote
from typing import TYPE_CHECKING

from opskit.core.context import AppContext
from opskit.core.i18n import _
from opskit.core.todo import CONFIDENTIAL, TodoItem
from vault.caring.judging import PATIENCE
from vault.finding.index import familiar_index
from vault.finding.index_file import Row

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KEEPER = "safe-keeper"
KEEPERS = frozenset({KEEPER, "admin"})
AHEAD = timedelta(days=30)
NOTICE = 7  # days: the client's system has to be changed too


@dataclass(frozen=True, slots=True)
class RotationTodo:
    """For who keeps the safe: to confirm, to rotate before it expires, to rotate for its age."""

    run: AppContext

    @property
    def label(self) -> str:
        return _("what the safe holds")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        """Nothing for anybody else.

        Raises:
            DeniedError: not logged in. UnavailableError: the safe does not answer.
        """
        del session
        if self.run.identity().roles.isdisjoint(KEEPERS):
            return []
        # opskit rotates no guarded entry.
        rows = [row for row in familiar_index(self.run).rows() if not row["guarded"]]
        last = until or today + AHEAD
        longest = self.run.settings.safe_rotated_days
        return [*rotations(rows, last=last), *aged(rows, last=last, longest=longest)]


@dataclass(frozen=True, slots=True)
class AccessTodo:
    """For a second person: to let somebody read a guarded entry, within the hour."""

    run: AppContext

    @property
    def label(self) -> str:
        return _("the requests for guarded entries")

    def items(
        self, session: "Session", *, today: date, until: date | None = None
    ) -> Sequence[TodoItem]:
        from vault.breakglass.services import AccessState, list_requests, number_of, state_of

        del today, until
        at = self.run.now()
        return [
            TodoItem(
                kind="vault-approve",
                subject=number_of(each),
                what=_("to approve: {entry}").format(entry=each.ref),
                due=each.requested_at.astimezone().date(),
                role=KEEPER,
                client=each.ref.partition("/")[0],
                command=f"opskit vault break-glass approve {number_of(each)}",
                readers=CONFIDENTIAL,
            )
            for each in list_requests(session, at=at, ended=False)
            if state_of(each, at=at) is AccessState.REQUESTED
        ]


def rotations(rows: Iterable[Row], *, last: date) -> Iterator[TodoItem]:
    """The entries with a new password that waits, and those that expire up to a day."""
    for row in rows:
        if row["pending_since"]:
            since = _day(row["pending_since"])
            due = since + PATIENCE
            if due <= last:
                yield _entry_item(row, "vault-confirm", _("new password to confirm"), due, since)
        elif row["expires"] and date.fromisoformat(row["expires"]) <= last:
            expires = date.fromisoformat(row["expires"])
            yield _entry_item(row, "vault-expires", _("to rotate before it expires"), expires)


def aged(rows: Iterable[Row], *, last: date, longest: int) -> Iterator[TodoItem]:
    """One item a client whose secrets are older than `longest` days: there may be hundreds."""
    old = [row for row in rows if not row["pending_since"] and _too_old(row, longest) <= last]
    old.sort(key=lambda row: (row["client"], _too_old(row, longest)))
    for client, group in groupby(old, key=lambda row: str(row["client"])):
        of_client = list(group)
        yield TodoItem(
            kind="vault-rotate",
            subject=client,
            what=_("secrets older than {days} days to rotate: {count}").format(
                count=len(of_client), days=longest
            ),
            due=_too_old(of_client[0], longest),
            role=KEEPER,
            client=client,
            command=f"opskit vault health {client} --facts-only --longest {longest}",
            notice=NOTICE,
            readers=CONFIDENTIAL,
        )


def _entry_item(row: Row, kind: str, what: str, due: date, since: date | None = None) -> TodoItem:
    confirm = " --confirm" if kind == "vault-confirm" else ""
    return TodoItem(
        kind=kind,
        subject=row["ref"],
        what=what,
        due=due,
        since=since,
        role=KEEPER,
        client=row["client"],
        command=f"opskit vault rotate {quote(row['ref'])}{confirm}",
        notice=NOTICE,
        readers=CONFIDENTIAL,
    )


def _too_old(row: Row, longest: int) -> date:
    """From which day on; without the stamp of a rotation an entry is as old as its last change."""
    changed = _day(row["rotated_at"] or row["updated_at"])
    return changed + timedelta(days=longest)


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone().date()
