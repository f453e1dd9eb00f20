"""What a request changes against the licence before it, and what the client will see when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from licenses.terms import Terms, is_revocation, shown_users
from opskit.core.i18n import _, colon

DAYS_A_MONTH = 30.44


def differences(before: Terms | None, after: Terms) -> list[str]:
    """Each change in a few words, such as `+2 modules: PAY HRM`; empty when nothing changes."""
    if before is None:
        return [_("the first licence of this kind")]
    if is_revocation(after):
        return [_("ends the licence: no module, no user")]
    return [
        *_modules(before, after),
        *_users(_("named users"), before.named_users, after.named_users),
        *_users(_("concurrent users"), before.concurrent_users, after.concurrent_users),
        *_day(_("maintenance"), before.maintenance_until, after.maintenance_until),
        *_day(_("last usable day"), before.last_day, after.last_day),
        *_word(_("edition"), before.edition, after.edition),
        *_word(_("grace days"), str(before.grace_days), str(after.grace_days)),
        *_word(_("up to version"), before.version_ceiling, after.version_ceiling),
        *_word(_("site"), before.site, after.site),
    ]


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on which something changes for the client."""

    on: date
    what: str


def timeline(before: Terms | None, after: Terms, *, today: date) -> list[Moment]:
    """What the client sees on which day, in order, once the new licence is in place."""
    moments = [
        *_beginning(before, after, today=today),
        *_maintenance(after),
        *_ending(after),
    ]
    return sorted(moments, key=lambda moment: moment.on)


def _beginning(before: Terms | None, after: Terms, *, today: date) -> Iterator[Moment]:
    if is_revocation(after):
        yield Moment(today, _("as soon as it is entered: the product stops, data stays readable"))
        return
    start = max(after.valid_from, today)
    changes = "; ".join(differences(before, after)) or _("nothing changes")
    if before is not None and before.valid_from > start:
        changes = _("it counts at once, the one before only from {day}: {changes}").format(
            day=before.valid_from, changes=changes
        )
    yield Moment(start, changes if before else _("the product can be used"))
    if before is not None and before.last_day is not None and before.last_day < after.valid_from:
        gap = (after.valid_from - before.last_day).days - 1
        if gap:
            yield Moment(
                before.last_day + timedelta(days=1),
                _("days without a valid licence until the new one begins: {days}").format(days=gap),
            )


def cuts_short(before: Terms | None, after: Terms, *, today: date) -> bool:
    """The ERP obeys the newest licence it has read, also while that one is not valid yet."""
    if before is None or is_revocation(before) or after.valid_from <= today:
        return False
    return before.last_day is None or before.last_day >= today


def _maintenance(after: Terms) -> Iterator[Moment]:
    if after.maintenance_until is not None and not is_revocation(after):
        yield Moment(
            after.maintenance_until + timedelta(days=1),
            _("maintenance is over: versions released from this day on are refused"),
        )


def _ending(after: Terms) -> Iterator[Moment]:
    if after.last_day is None or is_revocation(after):
        return
    end = after.last_day + timedelta(days=1)
    if after.grace_days:
        yield Moment(end, _("the product warns at every start"))
    yield Moment(
        end + timedelta(days=after.grace_days), _("the product stops, data stays readable")
    )


def _modules(before: Terms, after: Terms) -> Iterator[str]:
    added = [code for code in after.modules if code not in before.modules]
    removed = [code for code in before.modules if code not in after.modules]
    if added:
        yield _("modules +{count}: {codes}").format(count=len(added), codes=" ".join(added))
    if removed:
        yield _("modules -{count}: {codes}").format(count=len(removed), codes=" ".join(removed))


def _users(label: str, before: int | None, after: int | None) -> Iterator[str]:
    if before != after:
        yield f"{label} {shown_users(before)} -> {shown_users(after)}"


def _day(label: str, before: date | None, after: date | None) -> Iterator[str]:
    if before == after:
        return
    if before is None or after is None:
        yield f"{label} {before or _('without end')} -> {after or _('without end')}"
        return
    months = round((after - before).days / DAYS_A_MONTH)
    step = _("{months} months").format(months=f"{months:+d}")
    yield (
        f"{colon(f'{label} {step}')} {before} -> {after}"
        if months
        else f"{label} {before} -> {after}"
    )


def _word(label: str, before: str | None, after: str | None) -> Iterator[str]:
    if before != after:
        yield f"{label} {before or _('any')} -> {after or _('any')}"
