"""Lists that stand by themselves, for internal projects and the knowledge base: K3."""

from datetime import datetime

from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.confidential import Asker, require_reader
from opskit.checklists.models import PublishedTemplate, Retirement, Run
from opskit.checklists.services.publishing import release
from opskit.checklists.templates import Template
from opskit.core.business_days import Calendar
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.identity import ROLES, Identity, require_role

KIND = "checklist"
LETTER = "K"
WORKERS = tuple(role for role in ROLES if role != "auditor")  # an auditor only reads


def begin(
    session: Session,
    beginning: services.Beginning,
    *,
    template: Template,
    is_from_file: bool,
    calendar: Calendar,
    at: datetime,
    actor: Identity,
    ticket: str | None = None,
) -> Run:
    """Start a list of a template; one in a file is published first, unless it is already.

    Raises:
        DeniedError: an auditor only reads; publishing is for managers and admins.
        InvalidError: it has no subject.
        ConflictError: the version was retired.
        TemplateChangedError: the file was edited under a version that is published.
    """
    require_role(actor, *WORKERS)
    if not beginning.subject.strip():
        raise InvalidError(
            _("a list needs a subject"), hint=_('say what it is about: --subject "Audit 2027"')
        )
    if is_from_file and not _is_published(session, template):
        release(session, template, at=at, actor=actor)
    return services.start(
        session,
        beginning,
        kind=KIND,
        letter=LETTER,
        template=template,
        calendar=calendar,
        at=at,
        actor=actor,
        ticket=ticket,
    )


def find(session: Session, number: str, asker: Asker) -> Run:
    """The list that people call `K3`. Raises as `asker`.

    Raises:
        InvalidError: that is no number of a list.
        NotFoundError: there is no such list.
        DeniedError: it is confidential, and not theirs to read.
    """
    wanted = services.read_number(session, number, letter=LETTER)
    found = services.find_run(session, kind=KIND, number=wanted)
    require_reader(session, found, asker)
    return found


def find_to_change(session: Session, number: str, actor: Identity) -> Run:
    """The list, for somebody who works on it. Raises as `find`.

    Raises:
        DeniedError: an auditor only reads.
    """
    require_role(actor, *WORKERS)
    return find(session, number, lambda: actor)


def _is_published(session: Session, template: Template) -> bool:
    is_known = session.get(PublishedTemplate, template.digest) is not None
    return is_known and session.get(Retirement, template.digest) is None
