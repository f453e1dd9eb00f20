"""What every licence needs; a person is asked for what they did not give."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from opskit.core.cliapp import ask_until
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _

if TYPE_CHECKING:
    from licenses.payload import LicenseKind
    from opskit.core.catalog import Catalog
    from opskit.core.context import AppContext


@dataclass(frozen=True, slots=True)
class Essentials:
    """As `licenses.terms.Terms` has them."""

    modules: tuple[str, ...]
    named_users: int | None
    maintenance_until: date | None


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed as options; the days count from today, and `+12m` from the first day."""

    modules: str | None
    named_users: str | None
    maintenance_until: str | None
    first: date
    today: date


def essentials(
    run: "AppContext", client: str, kind: "LicenseKind", given: Given, catalog: "Catalog"
) -> Essentials:
    """What was given is checked before anything is asked, and each answer at its prompt.

    The client's last licence of the kind is what a bare Enter repeats.

    Raises:
        NotFoundError: there is no such client, which is said before anything is asked.
        InvalidError, NotFoundError: an option that was given says nothing sensible.
        UsageProblemError: one is missing, and stdin is no terminal.
    """
    questions = _questions(given, catalog)
    typed = {name: getattr(given, name) for name in questions}
    missing = [name for name, text in typed.items() if text is None]
    if missing and not sys.stdin.isatty():
        option = "--" + missing[0].replace("_", "-")
        raise UsageProblemError(
            _("{name} is missing").format(name=repr(option)), hint="opskit license request --help"
        )
    read: dict[str, Any] = {
        name: questions[name][1](text) for name, text in typed.items() if text is not None
    }
    usual = _usual(run, client, kind) if missing else {}
    for name in missing:
        label, reader = questions[name]
        read[name] = ask_until(label, reader, default=usual.get(name))
    return Essentials(**read)


def _questions(given: Given, catalog: "Catalog") -> dict[str, tuple[str, Callable[[str], Any]]]:
    from licenses.following.periods import parse_end
    from licenses.terms import parse_modules, parse_users

    return {
        "modules": (
            _("Modules, codes with spaces between them"),
            lambda text: parse_modules(text, catalog),
        ),
        "named_users": (_("Named users, a number or unlimited"), parse_users),
        "maintenance_until": (
            _("Last day of maintenance, a day, +12m or none"),
            lambda text: parse_end(text, today=given.today, first=given.first),
        ),
    }


def _usual(run: "AppContext", client: str, kind: "LicenseKind") -> dict[str, str]:
    from licenses.following.succession import latest
    from licenses.mistaken import find_client
    from licenses.terms import shown_users

    with run.snapshot() as session:
        last = latest(session, client=find_client(session, client).code, kind=kind)
        if last is None:
            return {}
        usual = {
            "modules": " ".join(last.modules),
            "named_users": str(shown_users(last.named_users)),
        }
        if last.maintenance_until is not None:
            usual["maintenance_until"] = last.maintenance_until.isoformat()
        return usual
