"""Which template a person means: a file, `patch-preparation`, or `patch-preparation/2`."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from opskit.checklists.services.publishing import (
    Published,
    choose,
    content_of,
    find_published,
    list_published,
)
from opskit.checklists.template_tools.excel_in import read_workbook
from opskit.checklists.templates import Template, Words, load_template, template_of
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of
from opskit.core.text import did_you_mean

YAML = (".yaml", ".yml")
EXCEL = ".xlsx"
MOST_BYTES = 2_000_000

_REFERENCE = re.compile(r"([a-z0-9-]+)(?:/([0-9]{1,6}))?")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One version there is; `state` is published, retired, shipped or altered."""

    id: str
    version: int
    state: str
    digest: str
    title: Words


def find_template(
    session: Session,
    typed: str,
    *,
    shipped: Sequence[Template],
    checks: Collection[str] | None = None,
) -> Template:
    """The template in that file, or the published or shipped one of that name.

    Raises:
        NotFoundError: there is none; the hint names the nearest.
        TemplateInvalidError: the file breaks a rule.
    """
    if is_file(typed):
        return read_template(Path(typed), checks=checks)
    name, version = parse_reference(typed)
    return named(session, name, version, shipped=shipped)


def named(
    session: Session, name: str, version: int | None, *, shipped: Sequence[Template]
) -> Template:
    """A version, or the one that a new run begins with."""
    own = {template.id: template for template in shipped}
    if name in own and version is None:
        return choose(session, own[name])
    known = {each.row.version for each in list_published(session, template_id=name)}
    if name in own and version == own[name].version and version not in known:
        return own[name]
    if not known and (near := did_you_mean(name, own, otherwise="")):
        missing = _("there is no template {template}").format(template=repr(name))
        raise NotFoundError(missing, hint=near)
    return content_of(find_published(session, name, version))


def shelves(session: Session, *, shipped: Sequence[Template]) -> list[Shelf]:
    """Every version there is, by id, the newest first."""
    found = [_published_shelf(each) for each in list_published(session)]
    known = {(each.id, each.version) for each in found}
    found += [
        Shelf(each.id, each.version, "shipped", each.digest, each.title)
        for each in shipped
        if (each.id, each.version) not in known
    ]
    return sorted(found, key=lambda each: (each.id, -each.version))


def _published_shelf(published: Published) -> Shelf:
    row = published.row
    state = "retired" if published.retirement else "published"
    title = template_of(row.body).title if published.is_intact else Words(fr=row.id, en=row.id)
    return Shelf(
        row.id, row.version, state if published.is_intact else "altered", row.digest, title
    )


def is_file(typed: str) -> bool:
    """Whether a person means a file: by its ending, or since it is there."""
    return Path(typed).suffix.lower() in (*YAML, EXCEL) or Path(typed).is_file()


def parse_reference(typed: str) -> tuple[str, int | None]:
    """`small/3` is version 3 of small.

    Raises:
        InvalidError: it names neither a template nor a file.
    """
    found = _REFERENCE.fullmatch(typed.strip().lower())
    if found is None:
        raise InvalidError(
            _("{text} names no template").format(text=repr(typed)),
            hint=_("give a file, or a name such as patch-preparation or patch-preparation/2"),
        )
    return found[1], int(found[2]) if found[2] else None


def read_template(path: Path, *, checks: Collection[str] | None = None) -> Template:
    """The template in a YAML file or an Excel workbook.

    Raises:
        NotFoundError, InvalidError: as `read_bytes`.
        TemplateInvalidError: the file breaks a rule.
    """
    content = read_bytes(path)
    if path.suffix.lower() == EXCEL:
        return read_workbook(content, path.name, checks=checks)
    return load_template(as_text(content, path), path.name, checks=checks)


def read_bytes(path: Path) -> bytes:
    """What stands in a file.

    Raises:
        NotFoundError: there is none.
        InvalidError: it cannot be read, or is far too large for a template.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidError(
                _("{file} is too large for a template").format(file=path),
                hint=_("a template has a few dozen steps"),
            )
        return path.read_bytes()
    except FileNotFoundError as err:
        raise NotFoundError(
            _("there is no file {file}").format(file=path),
            hint="opskit checklist template list",
        ) from err
    except OSError as err:
        raise InvalidError(
            _("cannot read {file}: {reason}").format(file=path, reason=reason_of(err)),
            hint=_("give the name of a file that you may read"),
        ) from err


def as_text(content: bytes, path: Path) -> str:
    """Raises InvalidError: the file is no text."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InvalidError(
            _("{file} is no text in UTF-8").format(file=path),
            hint=_("save it as UTF-8"),
        ) from err
