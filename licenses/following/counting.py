"""How many current licences end in which month, and how many have which module."""

import json
from collections import Counter
from datetime import date

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from licenses.models import LicenseRecord
from licenses.services.replaced import counts


def by_last_day(session: Session) -> dict[date | None, int]:
    """Current licences by their last usable day; None has no end."""
    found = session.execute(
        select(LicenseRecord.last_day, func.count())
        .where(*counts())
        .group_by(LicenseRecord.last_day)
    )
    return {day: count for day, count in found}  # noqa: C416 (a Row is no pair to mypy)


def by_module(session: Session) -> dict[str, int]:
    """Current licences by module; equal sets are counted by the database, as text."""
    modules = cast(LicenseRecord.modules, String)
    found = session.execute(select(modules, func.count()).where(*counts()).group_by(modules))
    found_in: Counter[str] = Counter()
    for text, count in found:
        found_in.update(dict.fromkeys(json.loads(text), count))
    return dict(found_in)
