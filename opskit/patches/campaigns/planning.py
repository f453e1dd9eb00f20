"""The day of the patch of every client of a campaign. No database: the same input, the same plan.

A patch is on a working day at the client's place, a whole one, outside the client's freeze periods,
on which somebody of the client's pole is there. The clients with the fewest such days choose
first; everybody gets a week at an even pace over the whole period, apart from others of the same
canton and pole, then the quietest possible day of it and whoever has least to do then. Where the
capacity is short, `sharing` sees to it that as many as possible find a place.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache

from opskit.core.business_days import Calendar
from opskit.core.i18n import _
from opskit.patches.campaigns.capacity import Span
from opskit.patches.campaigns.plans import (
    Candidate,
    Freeze,
    Placed,
    Plan,
    Timeframe,
    Unplaced,
    Week,
)
from opskit.patches.campaigns.sharing import Share, Wish, bits, share_out
from opskit.patches.campaigns.team import Agent, Team, monday_of

ONE_DAY = timedelta(days=1)


def make_plan(
    candidates: Sequence[Candidate],
    *,
    period: Timeframe,
    calendar: Calendar,
    agents: Sequence[Agent],
    taken: Sequence[date] = (),
) -> Plan:
    """Place the candidates in the period. `taken` are days that patches of before already have."""
    return _Planner(candidates, period, calendar, agents, taken).plan()


def misfits(
    dated: Sequence[tuple[Candidate, date]],
    *,
    period: Timeframe,
    calendar: Calendar,
    agents: Sequence[Agent],
) -> dict[str, str]:
    """By client, why a patch cannot be on the day that it has; whose day is well is not in it."""
    candidates = [candidate for candidate, _day in dated]
    planner = _Planner(candidates, period, calendar, agents, ())
    found = {each.client: planner.why_not(each, day) for each, day in dated}
    return {client: why for client, why in found.items() if why is not None}


class _Planner:
    def __init__(
        self,
        candidates: Sequence[Candidate],
        period: Timeframe,
        calendar: Calendar,
        agents: Sequence[Agent],
        taken: Sequence[date],
    ) -> None:
        poles = {each.pole for each in candidates}
        self._period = period
        self._calendar = calendar
        self._days = _whole_days(period, calendar)
        concerned = [each for each in agents if any(map(each.works_for, poles))]
        self._team = Team(concerned, self._days)
        self._unmanned = tuple(sorted(each for each in poles if not self._team.has_agents(each)))
        self._buckets = self._grouped()
        self._loads = Counter(day for day in taken if period.first <= day <= period.last)
        self._busy: Counter[tuple[date, str]] = Counter()
        self._runs: Counter[str] = Counter()
        self._open_in = cache(self._open_days_in)
        self._manned = cache(self._manned_days)
        self._possible = {each.client: self._possible_days(each) for each in candidates}
        self._candidates = sorted(
            candidates, key=lambda each: (self._possible[each.client].bit_count(), each.client)
        )

    def plan(self) -> Plan:
        rooms = [self._team.room(days, self._period.capacity) for days in self._buckets]
        loads = self._loads_by(self._heading)
        taken = [loads[self._heading(days[0])] for days in self._buckets]
        shares = share_out([self._wish(each) for each in self._candidates], rooms, taken)
        placed = [
            self._place(each, shares[each.client])
            for each in self._candidates
            if each.client in shares
        ]
        unplaced = [
            Unplaced(each.client, self._why_unplaced(each))
            for each in self._candidates
            if each.client not in shares
        ]
        return Plan(
            placed=tuple(sorted(placed, key=lambda each: (each.on, each.client))),
            unplaced=tuple(sorted(unplaced, key=lambda each: each.client)),
            weeks=tuple(self._weeks(rooms)),
            unmanned=self._unmanned,
        )

    def why_not(self, candidate: Candidate, day: date) -> str | None:
        """Why the client has no patch on that day; None where it can have one."""
        if not self._period.first <= day <= self._period.last:
            return _("not from {first} to {last}").format(
                first=self._period.first, last=self._period.last
            )
        if day not in self._days:
            return _("no working day")
        return self._why_not(candidate, day)

    def _heading(self, day: date) -> date:
        """Days with the same one share one number of the capacity."""
        return monday_of(day) if self._period.capacity.span is Span.WEEK else day

    def _grouped(self) -> list[list[date]]:
        groups: dict[date, list[date]] = {}
        for day in self._days:
            groups.setdefault(self._heading(day), []).append(day)
        return list(groups.values())

    def _loads_by(self, heading: Callable[[date], date]) -> Counter[date]:
        """How many patches there are by now; those of before may be on a day off."""
        loads: Counter[date] = Counter()
        for day, count in self._loads.items():
            loads[heading(day)] += count
        return loads

    def _possible_days(self, candidate: Candidate) -> int:
        """As bits: the n-th for the n-th working day of the period."""
        days = self._open_in(candidate.canton) & self._manned(candidate.pole)
        if not candidate.freezes:
            return days
        frozen = sum(1 << at for at in bits(days) if _freeze_on(candidate, self._days[at]))
        return days & ~frozen

    def _open_days_in(self, canton: str | None) -> int:
        return sum(1 << at for at, day in enumerate(self._days) if self._is_open(day, canton))

    def _is_open(self, day: date, canton: str | None) -> bool:
        is_half = self._calendar.is_half_day(day, canton)
        return self._calendar.is_business_day(day, canton) and not is_half

    def _manned_days(self, pole: str) -> int:
        return sum(1 << at for at, day in enumerate(self._days) if self._team.is_manned(day, pole))

    def _wish(self, candidate: Candidate) -> Wish:
        possible, buckets, at = self._possible[candidate.client], 0, 0
        for number, days in enumerate(self._buckets):
            if possible >> at & ((1 << len(days)) - 1):
                buckets |= 1 << number
            at += len(days)
        kin = (candidate.canton or "", candidate.pole)
        return Wish(candidate.client, buckets, kin)

    def _place(self, candidate: Candidate, share: Share) -> Placed:
        bucket = self._buckets[share.bucket]
        usual = self._quietest(bucket)
        day = self._quietest([each for each in bucket if self._why_not(candidate, each) is None])
        moved = None
        if share.wanted != share.bucket:
            moved = self._why_not_then(candidate, share.wanted)
        elif day != usual:
            moved = self._instead(usual, self._why_not(candidate, usual))
        self._loads[day] += 1
        return Placed(candidate.client, day, self._agent_for(candidate, day), moved)

    def _quietest(self, days: Sequence[date]) -> date:
        return min(days, key=lambda day: (self._loads[day], day))

    def _agent_for(self, candidate: Candidate, day: date) -> str | None:
        """Whoever of the pole has least to do that day, and then in the whole campaign."""
        there = [each.login for each in self._team.of_pole(day, candidate.pole)]
        if not there:
            return None
        agent = min(there, key=lambda each: (self._busy[day, each], self._runs[each], each))
        self._busy[day, agent] += 1
        self._runs[agent] += 1
        return agent

    def _why_not_then(self, candidate: Candidate, wanted: int) -> str | None:
        """Why not in the bucket that the pace would have given."""
        if wanted < 0:
            return _("nothing else was free")
        days = self._buckets[wanted]
        reasons = [self._why_not(candidate, day) for day in days]
        if None in reasons:
            return self._instead(days[0], _("it made room for another client"))
        return self._instead(days[0], reasons[0])

    @staticmethod
    def _instead(day: date, why: str | None) -> str:
        return _("not {day}: {why}").format(day=day, why=why)

    def _why_not(self, candidate: Candidate, day: date) -> str | None:
        freeze = _freeze_on(candidate, day)
        if freeze is not None:
            return freeze.in_words()
        if not self._calendar.is_business_day(day, candidate.canton):
            return self._calendar.why_closed(day, candidate.canton)
        if self._calendar.is_half_day(day, candidate.canton):
            return _("half a day in {canton}").format(canton=candidate.canton)
        if not self._team.is_manned(day, candidate.pole):
            return _("nobody of {pole} is there").format(pole=candidate.pole)
        return None

    def _why_unplaced(self, candidate: Candidate) -> str:
        between = {"first": self._period.first, "last": self._period.last}
        if self._possible[candidate.client]:
            return _("the capacity of {capacity} is used up").format(capacity=self._period.capacity)
        if not self._days:
            return _("no working day between {first} and {last}").format(**between)
        if all(_freeze_on(candidate, day) for day in self._days):
            return _("no day outside its freeze periods between {first} and {last}").format(
                **between
            )
        if not self._manned(candidate.pole):
            return _("nobody of {pole} is there between {first} and {last}").format(
                pole=candidate.pole, **between
            )
        return _(
            "freeze periods, days off and absences leave no day between {first} and {last}"
        ).format(**between)

    def _weeks(self, rooms: Sequence[int]) -> list[Week]:
        room: dict[date, int] = {}
        for days, each in zip(self._buckets, rooms, strict=True):
            monday = monday_of(days[0])
            room[monday] = room.get(monday, 0) + each
        loads = self._loads_by(monday_of)
        return [Week(monday, each, loads[monday]) for monday, each in room.items()]


def _whole_days(period: Timeframe, calendar: Calendar) -> list[date]:
    """The days on which the team works, the holidays of all cantons and half days left out."""
    count = (period.last - period.first).days + 1
    days = [period.first + ONE_DAY * at for at in range(count)]
    return [
        day
        for day in days
        if calendar.is_business_day(day, None) and not calendar.is_half_day(day, None)
    ]


def _freeze_on(candidate: Candidate, day: date) -> Freeze | None:
    return next((each for each in candidate.freezes if each.covers(day)), None)
