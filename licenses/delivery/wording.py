"""The words of a client's documents. They are not in the catalogue of messages: those are the
team's, in the team's language, while a document speaks the client's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module

from licenses.payload import LicenseKind

LANGUAGES = ("fr", "de", "it", "en")
FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One language. Texts with names in braces are filled in by who uses them."""

    code: str
    colon: str  # what follows a label
    months: tuple[str, ...]
    day: str  # {day} {month} {year}
    first_day: str  # of a month, where a language has a word for it
    certificate: str
    withdrawal: str
    kinds: Mapping[LicenseKind, str]
    client: str
    client_number: str
    license: str
    reference: str
    kind: str
    product: str
    modules: str
    no_modules: str
    named_users: str
    concurrent_users: str
    unlimited: str
    none: str
    issued_on: str
    valid_from: str
    last_day: str
    without_end: str
    not_before: str
    last_day_note: str
    grace: str
    grace_note: str
    maintenance: str
    maintenance_note: str
    ceiling: str
    any_version: str
    ceiling_note: str
    site: str
    any_site: str
    entering: str
    typing_step: str  # in place of the first of the next, where nothing else can be entered
    entering_steps: tuple[str, ...]
    code_caption: str
    whom_to_call: str
    call_note: str  # {reference}
    usual_contact: str
    phone: str
    email: str
    mail_subject: str  # {license} {kind} {client}
    greeting: str
    mail_body: str  # {license} {kind} {product} {period}
    mail_withdrawal: str  # {license}
    attached: str
    attached_file: str
    attached_page: str
    attached_certificate: str
    period_open: str  # {start}
    period: str  # {start} {end}
    closing: str
    digits: tuple[str, ...]
    spelt: str  # {letter} {word}
    emergency: str  # {license} {day}

    def date(self, day: date) -> str:
        """`31 décembre 2027`"""
        pattern = self.first_day if day.day == 1 else self.day
        return pattern.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def labelled(self, label: str, value: str) -> str:
        return f"{label}{self.colon} {value}"


@cache
def wording(language: str) -> Wording:
    """The words of the client's language, English where we have none."""
    code = language if language in LANGUAGES else FALLBACK
    found: Wording = import_module(f"licenses.delivery.languages.{code}").WORDING
    return found
