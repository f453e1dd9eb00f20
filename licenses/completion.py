"""Request and licence numbers for the shell."""

from typing import TYPE_CHECKING

from opskit.core.completion import completing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _requests(session: "Session") -> list[str]:
    from licenses.services.requests import open_requests
    from opskit.core.refs import format_number

    return [format_number("R", each.number) for each in open_requests(session)]


def _numbers(session: "Session") -> list[str]:
    from licenses.services.register import records
    from opskit.core.refs import format_number

    return [*_requests(session), *(format_number("L", each.serial) for each in records(session))]


complete_request = completing(_requests)
complete_number = completing(_numbers)
