"""What stands in a report, read once, as far as the reader may know it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from onboarding.boards.circumstances import standing_with
from onboarding.boards.standing import Standing
from onboarding.privacy.seeing import View, view_of
from onboarding.reports.report import Material
from onboarding.reviews.holding import Folder, open_folder
from onboarding.reviews.notes import notes_for
from onboarding.skills.matrix import matrix
from opskit.checklists import services as checklists
from opskit.core.identity import Identity


def gather(
    session: Session, name: str, *, asker: Identity, names: Mapping[str, str], on: date
) -> tuple[Material, View]:
    """Of the consultant called so, and as whom the reader sees it.

    Raises:
        NotFoundError: nobody is called so, or the person is on no path.
        ConflictError: several people are called so.
        DeniedError: it is not for this reader.
    """
    folder = open_folder(session, name)
    view = view_of(folder.learner, asker)
    notes = {
        each.kind: notes_for(
            session, learner=folder.learner, run=folder.run, kind=each.kind, asker=asker
        )
        for each in folder.appointments
    }
    material = Material(
        folder=folder,
        standing=_standing(session, folder, on=on),
        matrix=matrix(session, learner=folder.learner, on=on, asker=asker),
        notes=notes,
        comments=checklists.comments_of(session, folder.run),
        names=names,
    )
    return material, view


def _standing(session: Session, folder: Folder, *, on: date) -> Standing | None:
    consultant, mentor = folder.learner.consultant, folder.learner.mentor
    if consultant is None or mentor is None:
        return None
    return standing_with(session, consultant, mentor, folder.run, on=on)
