"""Plans and campaigns as rows for tables and scripts."""

from collections.abc import Iterator, Sequence
from typing import Any

from opskit.core.i18n import _
from opskit.core.screen import Screen
from opskit.core.tables import Cell, Column, table_lines
from opskit.patches.campaigns.plans import Placed, Plan, Unplaced, weeks_of
from opskit.patches.campaigns.services.drafting import Draft
from opskit.patches.campaigns.services.gathering import LeftOut
from opskit.patches.campaigns.services.reading import CampaignLine, Member
from opskit.patches.campaigns.services.replanning import Replan

MOST_NAMED = 12  # clients in one sentence


def draft_facts(draft: Draft) -> dict[str, Any]:
    """A plan for scripts.

    Keys: `version`, `query`, `from`, `until`, `capacity`; `placed` (`client`, `on`, `agent`,
    `moved`), `unplaced` and `left_out` (`client`, `reason`), `weeks` (`monday`, `room`, `load`);
    `without_canton`, `hurried`, `lapsing` (clients), `unmanned` (poles).
    """
    wish, plan = draft.wish, draft.plan
    return {
        "version": wish.version,
        "query": wish.query,
        "from": wish.period.first,
        "until": wish.period.last,
        "capacity": str(wish.period.capacity),
        "placed": placed_rows(plan),
        "unplaced": [_because(each.client, each.reason) for each in plan.unplaced],
        "left_out": [_because(each.client, each.reason) for each in draft.left_out],
        "weeks": [
            {"monday": each.monday, "room": each.room, "load": each.load} for each in plan.weeks
        ],
        "without_canton": list(draft.without_canton),
        "hurried": list(draft.hurried),
        "lapsing": list(draft.lapsing),
        "unmanned": list(plan.unmanned),
    }


def placed_rows(plan: Plan) -> list[dict[str, Any]]:
    return [
        {"on": each.on, "client": each.client, "agent": each.agent, "moved": each.moved}
        for each in plan.placed
    ]


def placed_columns() -> dict[str, str]:
    return {"on": _("On"), "client": _("Client"), "agent": _("Who"), "moved": _("Why then")}


def plan_lines(plan: Plan, screen: Screen) -> Iterator[str]:
    """The plan by week, for a person: the load, and who is when."""
    weeks = weeks_of(plan)
    rows = [(each, weeks[each.monday]) for each in plan.weeks]
    columns = [
        Column(_("Week of"), [Cell(str(week.monday)) for week, _placed in rows]),
        Column(_("Load"), [Cell(f"{week.load}/{week.room}") for week, _placed in rows]),
        Column(_("Clients"), [Cell(_named_days(placed)) for _week, placed in rows]),
    ]
    yield from table_lines(columns, screen=screen)


def remarks(draft: Draft) -> Iterator[str]:
    """What a person should know before it is made."""
    plan = draft.plan
    for reason, clients in _by_reason(plan.unplaced).items():
        yield _("not planned, {reason}: {clients}").format(
            reason=reason, clients=", ".join(clients)
        )
    moved = [each for each in plan.placed if each.moved]
    for placed in moved[:MOST_NAMED]:
        yield f"{placed.client} {placed.on}: {placed.moved}"
    if len(moved) > MOST_NAMED:
        yield _("and {count} more").format(count=len(moved) - MOST_NAMED)
    for reason, clients in _by_reason(draft.left_out).items():
        yield _("left out, {reason}: {clients}").format(reason=reason, clients=_named(clients))
    told = {
        _("without canton, so only the holidays of all cantons count: {clients}"): (
            draft.without_canton
        ),
        _("short notice, the first steps are late from the start: {clients}"): draft.hurried,
        _("maintenance ends before that day: {clients}"): draft.lapsing,
        _("poles without a recorded agent, so absences do not count: {clients}"): plan.unmanned,
    }
    for sentence, names in told.items():
        if names:
            yield sentence.format(clients=_named(names))


def campaign_row(line: CampaignLine) -> dict[str, Any]:
    """Keys: `number`, `version`, `from`, `until`, `capacity`, `query`, `state`, `clients`,
    `closed`, `cancelled`, `open`, `created_at`, `ended_at`.
    """
    found = line.campaign
    return {
        "number": found.name,
        "version": found.version,
        "from": found.first,
        "until": found.last,
        "capacity": found.capacity,
        "query": found.query,
        "state": found.state,
        "clients": line.clients,
        "closed": line.closed,
        "cancelled": line.cancelled,
        "open": line.open,
        "created_at": found.created_at,
        "ended_at": found.ended_at,
    }


def campaign_columns() -> dict[str, str]:
    return {
        "number": _("Campaign"),
        "version": _("Version"),
        "from": _("From"),
        "until": _("Until"),
        "capacity": _("Capacity"),
        "state": _("State"),
        "clients": _("Clients"),
        "closed": _("Closed"),
        "open": _("Open"),
    }


def member_row(member: Member) -> dict[str, Any]:
    """Keys: `run`, `client`, `on`, `from_version`, `state`, `assignee`, `done`, `total`,
    `percent`, `late`.
    """
    return {
        "run": member.run,
        "client": member.client,
        "on": member.on,
        "from_version": member.from_version,
        "state": member.state,
        "assignee": member.assignee,
        "done": member.progress.done,
        "total": member.progress.total,
        "percent": member.progress.percent,
        "late": member.progress.late,
    }


def member_columns() -> dict[str, str]:
    return {
        "on": _("On"),
        "run": _("Run"),
        "client": _("Client"),
        "from_version": _("From version"),
        "assignee": _("Who"),
        "state": _("State"),
        "percent": "%",
        "late": _("Late"),
    }


def shifted_rows(made: Replan) -> list[dict[str, Any]]:
    """Keys: `run`, `client`, `before`, `after`, `why`."""
    return [
        {
            "run": each.run,
            "client": each.client,
            "before": each.before,
            "after": each.after,
            "why": each.why,
        }
        for each in made.shifted
    ]


def shifted_columns() -> dict[str, str]:
    return {
        "run": _("Run"),
        "client": _("Client"),
        "before": _("Before"),
        "after": _("After"),
        "why": _("Why"),
    }


def _because(client: str, reason: str) -> dict[str, str]:
    return {"client": client, "reason": reason}


def _named_days(placed: Sequence[Placed]) -> str:
    """`18: BETSCH (bob); 20: DELEZE (eve)`: the day of the month is enough within a week."""
    days: dict[int, list[str]] = {}
    for each in placed:
        name = f"{each.client} ({each.agent})" if each.agent else each.client
        days.setdefault(each.on.day, []).append(name)
    return "; ".join(f"{day}: {', '.join(names)}" for day, names in days.items())


def _by_reason(clients: Sequence[Unplaced | LeftOut]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in clients:
        found.setdefault(each.reason, []).append(each.client)
    return found


def _named(clients: Sequence[str]) -> str:
    shown = ", ".join(clients[:MOST_NAMED])
    more = len(clients) - MOST_NAMED
    return _("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown
