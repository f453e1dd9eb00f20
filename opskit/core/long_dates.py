"""Days as letters write them, in the client's language: `20 janvier 2027`, `20. Januar 2027`."""

from datetime import date

FALLBACK = "en"

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "en": "January February March April May June July August September October November December",
}
_PATTERNS = {"de": "{day}. {month} {year}"}
_FIRST_DAYS = {"fr": "{day}er {month} {year}", "it": "{day}º {month} {year}"}


def long_date(day: date, language: str) -> str:
    """The day in that language, in English where we have none."""
    code = language if language in _MONTHS else FALLBACK
    month = _MONTHS[code].split()[day.month - 1]
    pattern = _PATTERNS.get(code, "{day} {month} {year}")
    if day.day == 1:
        pattern = _FIRST_DAYS.get(code, pattern)
    return pattern.format(day=day.day, month=month, year=day.year)
