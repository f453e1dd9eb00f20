"""A patch preparation is a checklist run about one client, one version and one day."""

from datetime import date, datetime
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services as checklists
from opskit.checklists.models import OPEN, Run
from opskit.checklists.templates import Template, load_template
from opskit.clients.models import Client
from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import TicketKey, parse_number

KIND = "patch"
LETTER = "P"
PREPARERS = ("agent", "manager", "admin")
WORKERS = ("agent", "sales", "safe-keeper", "manager", "admin")  # who owns steps of the template


@cache
def template() -> Template:
    """The preparation that comes with opskit."""
    name = "patch-preparation.yaml"
    text = (files("opskit.patches") / "templates" / name).read_text(encoding="utf-8")
    return load_template(text, source=name)


def prepare(
    session: Session,
    *,
    client: Client,
    version: str,
    on: date,
    ticket: TicketKey | None,
    at: datetime,
    actor: Identity,
) -> Run:
    """Begin the preparation of a client's patch.

    Raises:
        DeniedError: only agents, managers and admins prepare.
        InvalidError: the day is past, or the client runs that version already.
        ConflictError: the same preparation is under way already.
    """
    require_role(actor, *PREPARERS)
    _refuse_nonsense(client, version, on, today=at.date())
    _one_at_a_time(session, client)
    facts = {"version": version, "on": on.isoformat(), "from_version": client.erp_version}
    for other in checklists.list_runs(session, kind=KIND, state=OPEN, client=client.code):
        if other.facts == facts:
            raise ConflictError(
                _("{run} prepares this already").format(run=other.name),
                hint=f"opskit patch show {other.name}",
            )
    return checklists.start(
        session,
        kind=KIND,
        letter=LETTER,
        template=template(),
        subject=client.code,
        client=client.code,
        facts=facts,
        anchor_on=on,
        canton=client.canton,
        ticket=ticket.value if ticket else None,
        at=at,
        actor=actor,
    )


def _refuse_nonsense(client: Client, version: str, on: date, *, today: date) -> None:
    if on < today:
        raise InvalidError(
            _("{on} is past").format(on=on), hint=_("give the day of the patch: --on +20bd")
        )
    if _levels(version) <= _levels(client.erp_version):
        raise InvalidError(
            _("{client} runs {version} already").format(
                client=client.code, version=client.erp_version
            ),
            hint=f"opskit client show {client.code}",
        )


def _one_at_a_time(session: Session, client: Client) -> None:
    """Whoever prepares the same at this moment waits here, and then sees what was begun."""
    session.scalar(select(Client.code).where(Client.code == client.code).with_for_update())


def _levels(version: str) -> list[int]:
    return [int(level) for level in version.split(".")]


def find(session: Session, number: str) -> Run:
    """The run that people call `P7`.

    Raises:
        InvalidError: that is no number of a patch run.
        NotFoundError: there is no such run.
    """
    return checklists.find_run(session, kind=KIND, number=parse_number(LETTER, number))


def find_to_change(session: Session, number: str, actor: Identity) -> Run:
    """The run, for somebody who works on it. Raises as `find`.

    Raises:
        DeniedError: only those who own steps check, tick, waive and reopen.
    """
    require_role(actor, *WORKERS)
    return find(session, number)
