"""A patch preparation is a checklist run about one client, one version and one day."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists import services as checklists
from opskit.checklists.models import OPEN, Run
from opskit.checklists.template_tools.finding import named, parse_reference
from opskit.checklists.templates import Gate, Template, load_template
from opskit.clients import services as clients
from opskit.clients.models import Client
from opskit.core.business_days import Calendar
from opskit.core.errors import ConflictError, InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.refs import TicketKey
from opskit.patches.gate import OPEN_GATE, CompetenceGate
from opskit.patches.models import Preparation

KIND = "patch"
LETTER = "P"
PREPARERS = ("agent", "manager", "admin")
WORKERS = ("agent", "sales", "safe-keeper", "manager", "admin")  # who owns steps of the template


CLIENT_FACTS = frozenset(
    {
        *("canton", "city", "code", "contract", "erp_version", "has_maintenance", "language"),
        *("maintenance_until", "modules", "named_users", "pole"),
    }
)


@cache
def shipped_template() -> Template:
    """The preparation that comes with opskit."""
    name = "patch-preparation.yaml"
    text = (files("opskit.patches") / "templates" / name).read_text(encoding="utf-8")
    return load_template(text, source=name)


def template_for(session: Session, template_id: str | None) -> Template:
    """The template of that name (`audit`, `audit/2`), else the preparation that comes with opskit;
    without a version the newest that is not retired.

    Raises:
        NotFoundError: there is no such template.
        InvalidError: it has no go or no closing, so it prepares no patch.
    """
    shipped = shipped_template()
    name, version = parse_reference(template_id or shipped.id)
    found = named(session, name, version, shipped=[shipped])
    if {Gate.GO, Gate.CLOSE} - {step.gate for step in found.steps}:
        raise InvalidError(
            _("{template} prepares no patch: it has no go, or no closing").format(
                template=found.name
            ),
            hint=f'opskit checklist start {found.id} --subject "..."',
        )
    return found


def prepare(
    session: Session,
    *,
    client: Client,
    version: str,
    on: date,
    template: Template,
    calendar: Calendar,
    ticket: TicketKey | None,
    at: datetime,
    actor: Identity,
    gate: CompetenceGate = OPEN_GATE,
) -> Run:
    """Begin the preparation of a client's patch.

    Raises:
        DeniedError: only agents, managers and admins prepare.
        CompetenceMissingError: the person is not signed off for it, and the settings ask for that.
        InvalidError: the day is past, or the client runs that version already.
        ConflictError: the same preparation is under way already.
    """
    require_role(actor, *PREPARERS)
    today = at.astimezone().date()
    gate.require(
        session,
        entity_id=actor.entity_id,
        name=actor.name,
        modules=client.modules,
        on=today,
    )
    _refuse_past(on, today=today)
    refuse_known_version(client, version)
    _hold(session, client.code)
    _refuse_same(session, client, version, on)
    run = checklists.start(
        session,
        beginning_of(client, version=version, on=on),
        kind=KIND,
        letter=LETTER,
        template=template,
        calendar=calendar,
        ticket=ticket.value if ticket else None,
        at=at,
        actor=actor,
    )
    session.add(preparation_of(run.id, client, version=version))
    return run


def beginning_of(client: Client, *, version: str, on: date) -> checklists.Beginning:
    """What a run of the engine is told about a patch of that client."""
    return checklists.Beginning(
        subject=client.code,
        client=client.code,
        facts={"version": version, "from_version": client.erp_version},
        about={"client": facts_of(client)},
        anchor_on=on,
        canton=client.canton,
    )


def preparation_of(
    run_id: int, client: Client, *, version: str, campaign: int | None = None
) -> Preparation:
    return Preparation(
        run_id=run_id,
        client=client.code,
        version=version,
        from_version=client.erp_version,
        campaign=campaign,
    )


def facts_of(client: Client) -> Mapping[str, Any]:
    """What the conditions of a template may ask about the client: nothing personal."""
    until = client.maintenance_until
    return {
        "code": client.code,
        "canton": client.canton,
        "city": client.city,
        "contract": client.contract,
        "has_maintenance": until is not None,
        "maintenance_until": until.isoformat() if until else None,
        "erp_version": client.erp_version,
        "language": client.language,
        "modules": list(client.modules),
        "named_users": client.named_users,
        "pole": client.pole,
    }


def enter_version(session: Session, run: Run, *, at: datetime, actor: Identity) -> None:
    """After the patch the directory has the client's new version; a newer one stays."""
    client, version = clients.find(session, str(run.client)), str(run.facts["version"])
    session.refresh(client, with_for_update=True)  # whoever enters another one waits
    if levels(version) > levels(client.erp_version):
        clients.change_version(session, client=client, version=version, at=at, actor=actor)


def refuse_known_version(client: Client, version: str) -> None:
    """Raises InvalidError where the client runs that version, or a newer one."""
    if levels(version) <= levels(client.erp_version):
        raise InvalidError(
            _("{client} runs {version} already").format(
                client=client.code, version=client.erp_version
            ),
            hint=f"opskit client show {client.code}",
        )


def levels(version: str) -> list[int]:
    """By which versions compare: 12.10 comes after 12.4."""
    return [int(level) for level in version.split(".")]


def find(session: Session, text: str) -> Run:
    """The run that people call `P7`, or the open one of the client `DELEZE`.

    Raises:
        InvalidError: that is no number of a patch run.
        NotFoundError: there is no such run, no such client, or none is open for it.
        ConflictError: several are open for that client; the message names them.
    """
    if any(char.isdigit() for char in text) and not _is_client(session, text):
        wanted = checklists.read_number(session, text, letter=LETTER)
        return checklists.find_run(session, kind=KIND, number=wanted)
    client = clients.find(session, text)
    runs = checklists.list_runs(session, kind=KIND, state=OPEN, client=client.code)
    if len(runs) == 1:
        return runs[0]
    if not runs:
        raise NotFoundError(
            _("no preparation is open for {client}").format(client=client.code),
            hint=f"opskit patch list --client {client.code}",
        )
    raise ConflictError(
        _("{client} has several preparations: {runs}").format(
            client=client.code, runs=", ".join(run.name for run in runs)
        ),
        hint=f"opskit patch show {runs[0].name}",
    )


def _is_client(session: Session, text: str) -> bool:
    """A client's code may hold digits; a number of a run never fits one by accident."""
    return session.get(Client, text.strip().upper()) is not None


def find_to_change(session: Session, number: str, actor: Identity) -> Run:
    """The run, for somebody who works on it. Raises as `find`.

    Raises:
        DeniedError: only those who own steps check, tick, waive and reopen.
    """
    require_role(actor, *WORKERS)
    run = find(session, number)
    _hold(session, str(run.client))  # before the run and the log, as whoever plans a campaign does
    return run


def _refuse_past(on: date, *, today: date) -> None:
    if on < today:
        raise InvalidError(
            _("{on} is past").format(on=on), hint=_("give the day of the patch: --on +20bd")
        )


def _hold(session: Session, code: str) -> None:
    """Whoever changes something about that client at this moment waits here for the others."""
    session.scalar(select(Client.code).where(Client.code == code).with_for_update())


def _refuse_same(session: Session, client: Client, version: str, on: date) -> None:
    same = session.scalar(
        select(Run)
        .join(Preparation, Preparation.run_id == Run.id)
        .where(
            Run.state == OPEN,
            Run.anchor_on == on,
            Preparation.client == client.code,
            Preparation.version == version,
        )
    )
    if same is not None:
        raise ConflictError(
            _("{run} prepares this already").format(run=same.name),
            hint=f"opskit patch show {same.name}",
        )
