"""The marks under a calendar: by month, quarter or year, as many as there is room for. Pure."""

from datetime import date

YEAR = 12
MONTHS = (1, 3, 6, YEAR, 5 * YEAR)  # from one mark to the next


def whole_months(first: date, last: date) -> tuple[date, date]:
    """From the first of the month of the first day to the first of the one after the last."""
    return _first_of(_month(first)), _first_of(_month(last) + 1)


def marks(first: date, last: date, *, most: int) -> list[tuple[date, str]]:
    """First days of months, quarters or years within whole months, with their names."""
    begin, end = _month(first), _month(last) + 1
    for months in MONTHS:
        found = [at for at in range(begin, end + 1) if at % months == 0]
        if len(found) <= most:
            break
    days = [_first_of(at) for at in found]
    return [(day, f"{day:%Y}" if months >= YEAR else f"{day:%Y-%m}") for day in days]


def _month(day: date) -> int:
    return day.year * YEAR + day.month - 1


def _first_of(month: int) -> date:
    return date(month // YEAR, month % YEAR + 1, 1)
