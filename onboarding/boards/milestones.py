"""What a cohort is measured by, in one table: which steps and sign-offs mean what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from opskit.core.i18n import _


@dataclass(frozen=True, slots=True)
class Milestone:
    """Reached with the first of these steps that is done, or of these competences signed off."""

    steps: Collection[str]
    competences: Collection[str] = ()


MILESTONES: Mapping[str, Milestone] = {
    "first-ticket": Milestone(steps=("own-queue",)),
    "first-patch": Milestone(steps=("patch-alone",), competences=("patch-preparation",)),
    "autonomy": Milestone(steps=("review-month-6",)),
}


def milestone_title(key: str) -> str:
    return {
        "first-ticket": _("First ticket alone"),
        "first-patch": _("First patch alone"),
        "autonomy": _("Autonomy"),
    }[key]
