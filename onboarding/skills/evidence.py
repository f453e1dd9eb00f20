"""What a judgement rests on: a ticket, a patch run, a page of the knowledge base."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.models import Run
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import TicketKey, parse_number

PATCH = "P"
LINK = "https://"
LONGEST = 500


def parse_evidence(session: Session, texts: Sequence[str]) -> list[str]:
    """Tickets (`CS-1001`), runs (`P7`) and links (`https://...`) as they are kept, each once.

    Raises:
        InvalidError: it is none of these.
        NotFoundError: there is no such run.
    """
    return list(dict.fromkeys(_parse(session, text.strip()) for text in texts))


def _parse(session: Session, text: str) -> str:
    if text.lower().startswith(LINK):
        return _link(text)
    if text[:1].upper() == PATCH and text[1:].isdecimal():
        return _run(session, parse_number(PATCH, text))
    try:
        return TicketKey.parse(text).value
    except InvalidError as err:
        raise _no_evidence(text) from err


def _link(text: str) -> str:
    is_one = len(text) <= LONGEST and text.isprintable() and " " not in text
    if not is_one or len(text) == len(LINK):
        raise _no_evidence(text)
    return text


def _run(session: Session, number: int) -> str:
    run = session.scalar(select(Run).where(Run.letter == PATCH, Run.number == number))
    if run is None:
        raise NotFoundError(
            _("there is no run {number}").format(number=f"{PATCH}{number}"),
            hint="opskit patch list",
        )
    return run.name


def _no_evidence(text: str) -> InvalidError:
    return InvalidError(
        _("{text} is no evidence").format(text=repr(text)),
        hint=_("a ticket such as CS-1001, a patch run such as P7, or a link with https://"),
    )
