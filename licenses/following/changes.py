"""The terms of a licence that follows another: each starts from the old ones."""

from dataclasses import replace
from datetime import date

from licenses.following.periods import parse_end
from licenses.terms import Terms
from opskit.core.catalog import Catalog
from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _


def renewed(old: Terms, until: str, *, maintenance: str | None, today: date) -> Terms:
    """Another period, counted from the old end.

    Maintenance and use go on, each from its own end; what has no end keeps having none.

    Raises:
        InvalidError: an end would not be later, or the licence has none.
    """
    if old.last_day is None and old.maintenance_until is None and maintenance is None:
        raise InvalidError(
            _("the licence and its maintenance have no end, there is nothing to renew"),
            hint="opskit license supersede",
        )
    found = old
    if old.last_day is not None:
        found = extended(found, until, today=today, option="--until")
    if maintenance is not None or old.maintenance_until is not None:
        option = "--maintenance-until" if maintenance else "--until"
        end = parse_end(maintenance or until, old=old.maintenance_until, today=today)
        _require_later(end, old.maintenance_until, option)
        found = replace(found, maintenance_until=end)
    return found


def extended(old: Terms, valid_until: str, *, today: date, option: str = "--valid-until") -> Terms:
    """Usable for longer, the maintenance as before.

    Raises:
        InvalidError: the end would not be later, or the licence has none.
    """
    if old.last_day is None:
        raise InvalidError(
            _("the licence has no last usable day, there is nothing to extend"),
            hint=_("renew the maintenance: opskit license renew"),
        )
    end = parse_end(valid_until, old=old.last_day, today=today)
    _require_later(end, old.last_day, option)
    return replace(old, last_day=end)


def widened(old: Terms, added: tuple[str, ...], catalog: Catalog) -> Terms:
    """More modules, in the catalogue's order; those that are no longer sold stay.

    Raises:
        ConflictError: the licence has them all already.
    """
    wanted = {*old.modules, *added}
    if wanted == {*old.modules}:
        raise ConflictError(
            _("the licence has these modules already: {modules}").format(modules=" ".join(added)),
            hint="opskit license catalog",
        )
    return replace(old, modules=tuple(each.code for each in catalog.modules if each.code in wanted))


def at_site(old: Terms, site: str) -> Terms:
    """The same for another installation.

    Raises:
        ConflictError: it is bound to that one already.
    """
    if old.site == site:
        raise ConflictError(
            _("the licence is bound to {site} already").format(site=site),
            hint=_("give the id of the other installation"),
        )
    return replace(old, site=site)


def _require_later(end: date | None, old: date | None, option: str) -> None:
    """No end at all is later than any."""
    if end is not None and old is not None and end <= old:
        raise InvalidError(
            _("{option}: {day} is not after the old end, {old}").format(
                option=option, day=end, old=old
            ),
            hint=_("give a later day; a mistake is corrected with opskit license supersede"),
        )
