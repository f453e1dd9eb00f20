"""Papers to look at, in every language."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from opskit.checklists import services
from opskit.checklists.printing.content import Addressee, Paper, client_paper, team_paper
from tests.checklists.told_runs import NAMES, rich_run

FRIDAY = date(2027, 1, 8)
DELEZE = Addressee(
    name="Délèze Outillage SA",
    language="fr",
    contact="Noah Beguin",
    support_name="Service clients",
    support_phone="+41 32 555 00 00",
    support_email="support@vendor.example",
    facts=(({"fr": "Nouvelle version", "de": "Neue Version", "en": "New version"}, "12.4"),),
    day_label={"fr": "Date du patch", "de": "Patchtermin", "en": "Date of the patch"},
)
STRANGE = "A & B <script>alert(1)</script> *x* [y](http://z.example) `c` 1. # _u_ \\ É Ž Ω Д"


def for_the_client(session: Session, folder: Path, *, lang: str | None = None) -> Paper:
    return client_paper(rich_run(session, folder), DELEZE, on=FRIDAY, names=NAMES, lang=lang)


def for_the_team(session: Session, folder: Path) -> Paper:
    run = rich_run(session, folder)
    return team_paper(
        run,
        DELEZE,
        on=FRIDAY,
        names=NAMES,
        comments=services.comments_of(session, run),
        sizes=services.file_sizes(session, run),
    )


def strange(paper: Paper) -> Paper:
    """The same paper, whose texts look like markup wherever a text may be."""
    steps = [
        replace(step, text=STRANGE, notes=(STRANGE, "- no list", "1. neither"))
        for phase in paper.phases
        for step in phase.steps
    ]
    phase = replace(paper.phases[0], title=STRANGE, steps=tuple(steps))
    return replace(paper, name=STRANGE, facts=(("For", STRANGE),), phases=(phase,))
