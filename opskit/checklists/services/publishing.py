"""Templates that are published: kept for ever by digest, chosen for new runs, retired."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.checklists.errors import TemplateChangedError
from opskit.checklists.models import PublishedTemplate, Retirement
from opskit.checklists.templates import Template, digest_of, published_template
from opskit.core import events
from opskit.core.db import ensure_row
from opskit.core.errors import ConflictError, NotFoundError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.text import did_you_mean

PUBLISHERS = ("manager", "admin")


@dataclass(frozen=True, slots=True)
class Published:
    """One published version, and whether new runs may begin with it."""

    row: PublishedTemplate
    retirement: Retirement | None

    @property
    def is_intact(self) -> bool:
        """Whether the body still is what was published."""
        return digest_of(self.row.body) == self.row.digest


def release(
    session: Session, template: Template, *, at: datetime, actor: Identity
) -> PublishedTemplate:
    """Publish a version on a manager's word, so that new runs begin with it.

    Raises:
        DeniedError: the person is neither manager nor admin.
        ConflictError, TemplateChangedError, TemplateTamperedError: as `publish`.
    """
    require_role(actor, *PUBLISHERS)
    return publish(session, template, at=at, actor=actor)


def publish(
    session: Session, template: Template, *, at: datetime, actor: Identity | None = None
) -> PublishedTemplate:
    """Store a version of a template, as every run that begins does with the one it pins.

    The same version again changes nothing.

    Raises:
        TemplateChangedError: that version is stored already, with another content.
        TemplateTamperedError: it was altered in the database since.
        ConflictError: it was retired, so that no run begins with it.
    """
    known = _stored(session, template) or _store(session, template, at=at, actor=actor)
    if known is None or known.digest != template.digest:
        raise TemplateChangedError(
            _("{template} version {version} is published with another content").format(
                template=template.id, version=template.version
            ),
            hint=_next_version(session, template.id),
        )
    content_of(known)
    if session.get(Retirement, known.digest) is not None:
        raise ConflictError(
            _("{template} was retired").format(template=template.name),
            hint=_next_version(session, template.id),
        )
    return known


def _store(
    session: Session, template: Template, *, at: datetime, actor: Identity | None
) -> PublishedTemplate | None:
    """Another transaction may be publishing it at this moment: then it is theirs that counts."""
    new = PublishedTemplate(
        digest=template.digest,
        id=template.id,
        version=template.version,
        body=template.body,
        published_at=at,
        published_by=actor.entity_id if actor else None,
    )
    ensure_row(session, new)
    stored = _stored(session, template)
    if stored is new and actor is not None:
        after = {"digest": new.digest}
        _record(session, "published", template.name, after=after, at=at, actor=actor)
    return stored


def retire(
    session: Session, *, template_id: str, version: int, at: datetime, actor: Identity, reason: str
) -> Retirement:
    """Let no new run begin with a version; runs under way go on.

    Raises:
        DeniedError: the person is neither manager nor admin.
        NotFoundError: there is no such version.
        ConflictError: it is retired already.
    """
    require_role(actor, *PUBLISHERS)
    found = _require(session, template_id, version)
    retirement = Retirement(digest=found.row.digest, retired_at=at, retired_by=actor.entity_id)
    if found.retirement is None:
        ensure_row(session, retirement)
    if session.get(Retirement, found.row.digest) is not retirement:  # somebody was faster
        raise ConflictError(
            _("{template} was retired").format(template=_name(found.row)),
            hint="opskit checklist template list",
        )
    _record(
        session,
        "retired",
        _name(found.row),
        after={"digest": found.row.digest},
        personal={"reason": reason},
        at=at,
        actor=actor,
    )
    return retirement


def list_published(session: Session, *, template_id: str | None = None) -> list[Published]:
    """Every published version by id, the newest first."""
    query = (
        select(PublishedTemplate, Retirement)
        .outerjoin(Retirement, Retirement.digest == PublishedTemplate.digest)
        .order_by(PublishedTemplate.id, PublishedTemplate.version.desc())
    )
    if template_id is not None:
        query = query.where(PublishedTemplate.id == template_id)
    return [Published(row, retirement) for row, retirement in session.execute(query)]


def find_published(
    session: Session, template_id: str, version: int | None = None
) -> PublishedTemplate:
    """That version, or the highest that is not retired.

    Raises:
        NotFoundError: there is none; the hint names the nearest.
        TemplateTamperedError: it was altered in the database since it was published.
    """
    found = _require(session, template_id, version)
    content_of(found.row)
    return found.row


def choose(session: Session, shipped: Template) -> Template:
    """What a new run begins with: the highest version there is, published or shipped.

    Raises:
        ConflictError: every version is retired.
        TemplateTamperedError: the one to take was altered in the database.
    """
    known = list_published(session, template_id=shipped.id)
    standing = [each.row for each in known if each.retirement is None]
    if all(row.version < shipped.version for row in standing):
        if shipped.version not in [each.row.version for each in known]:
            return shipped
        if not standing:
            raise ConflictError(
                _("every version of {template} is retired").format(template=shipped.id),
                hint=_next_version(session, shipped.id),
            )
    return content_of(standing[0])


def content_of(published: PublishedTemplate) -> Template:
    """The template, once its body is proved to be the one that was published.

    Raises:
        TemplateTamperedError: it is not.
    """
    return published_template(published.body, published.digest, _name(published))


def _require(session: Session, template_id: str, version: int | None) -> Published:
    known = list_published(session, template_id=template_id)
    if version is None:
        found = next((each for each in known if each.retirement is None), None)
    else:
        found = next((each for each in known if each.row.version == version), None)
    if found is not None:
        return found
    raise _missing(session, template_id, version, [each.row.version for each in known])


def _missing(
    session: Session, template_id: str, version: int | None, versions: list[int]
) -> NotFoundError:
    if not versions:
        ids = session.scalars(select(PublishedTemplate.id).distinct().order_by("id"))
        return NotFoundError(
            _("no template {template} is published").format(template=repr(template_id)),
            hint=did_you_mean(template_id, ids, otherwise="opskit checklist template list"),
        )
    if version is None:
        return NotFoundError(
            _("every version of {template} is retired").format(template=template_id),
            hint=_next_version(session, template_id),
        )
    return NotFoundError(
        _("{template} has no version {version}").format(template=template_id, version=version),
        hint=_("there are: {names}").format(names=", ".join(map(str, sorted(versions)))),
    )


def _next_version(session: Session, template_id: str) -> str:
    last = list_published(session, template_id=template_id)[0].row.version
    return _("give the changed file version {next}").format(next=last + 1)


def _stored(session: Session, template: Template) -> PublishedTemplate | None:
    return session.scalar(
        select(PublishedTemplate).where(
            PublishedTemplate.id == template.id, PublishedTemplate.version == template.version
        )
    )


def _record(
    session: Session,
    action: str,
    subject: str,
    *,
    after: Mapping[str, str],
    at: datetime,
    actor: Identity,
    personal: Mapping[str, str] | None = None,
) -> None:
    events.record(
        session,
        actor=actor,
        at=at,
        action=f"template.{action}",
        subject=subject,
        after=after,
        personal=personal,
    )


def _name(published: PublishedTemplate) -> str:
    return f"{published.id}/{published.version}"
