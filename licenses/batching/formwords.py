"""What the form explains of each column."""

from collections.abc import Iterator

from licenses.batching.columns import HEADINGS
from opskit.core.i18n import _, language


def explained() -> Iterator[tuple[str, str]]:
    """Each column's heading and what is typed there, then what to do with the file."""
    words = _words()
    for heading in HEADINGS:
        title = heading.in_language(language())
        yield title, words[heading.key] if heading.optional else f"{words[heading.key]} (*)"
    yield "(*)", _("must be filled in")
    yield _("And then"), "opskit license batch FILE --dry-run"


def _words() -> dict[str, str]:
    return {
        "client": _("the client's code; a row that begins with # asks for nothing"),
        "kind": _("production, test, demo or temporary"),
        "modules": _("codes with spaces between them, as the sheet of modules has them"),
        "named_users": _("a number, or the word unlimited; 0 is none"),
        "concurrent_users": _("the same for seats that all others share; empty is none"),
        "valid_from": _("the first usable day"),
        "valid_until": _("the last usable day, everywhere on Earth; empty is without end"),
        "maintenance_until": _("the last day of maintenance"),
        "version_ceiling": _("not above this version; empty is any"),
        "product": _("empty is the first of the list"),
        "edition": _("empty is the first of the list"),
        "grace_days": _("days after the last one that only warn; empty is none"),
        "site": _("binds the licence to the installation of this id; empty binds to none"),
        "order_ref": _("the order it fulfils"),
        "ticket": _("the ticket that is the reason, such as CS-1234"),
    }
