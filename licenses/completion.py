"""Request and licence numbers and module codes for the shell."""

import re
from typing import TYPE_CHECKING

import typer

from opskit.core.completion import choices, completing
from opskit.core.context import AppContext
from opskit.core.errors import OpsError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OFFERED = 200  # the newest of them; a shell shows no more

_TYPED = re.compile(r"(.*[ ,])?[^ ,]*")


def _requests(session: "Session") -> list[str]:
    from licenses.services.requests import open_requests
    from opskit.core.refs import format_number

    return [format_number("R", each.number) for each in open_requests(session, limit=OFFERED)]


def _requests_and_batches(session: "Session") -> list[str]:
    from licenses.batching.standing import open_batches
    from opskit.core.refs import format_number

    batches = open_batches(session, limit=OFFERED)
    return [*_requests(session), *(format_number("B", each) for each in batches)]


def _numbers(session: "Session") -> list[str]:
    from licenses.services.register import newest_serials
    from opskit.core.refs import format_number

    serials = newest_serials(session, limit=OFFERED)
    return [*_requests(session), *(format_number("L", each) for each in serials)]


def complete_modules(ctx: typer.Context, incomplete: str) -> list[str]:
    """The last code of a list such as `FIN,AP,A`; those that stand before it are not offered."""
    from opskit.core.catalog import load_catalog

    run = ctx.obj
    if not isinstance(run, AppContext):
        return []
    try:
        modules = load_catalog(run.home).modules
    except OpsError:
        return []
    typed = _TYPED.fullmatch(incomplete)
    before = (typed and typed[1]) or ""
    named = set(before.upper().replace(",", " ").split())
    sold = (each.code for each in modules if not each.retired and each.code not in named)
    return choices(before + code for code in sold)(ctx, incomplete)


complete_request = completing(_requests_and_batches)
complete_number = completing(_numbers)
