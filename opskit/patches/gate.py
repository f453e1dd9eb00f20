"""The competence gate: with the setting `patch_competence_required` only those who are signed off
prepare a patch, are given one, or let it go.

A client with payroll asks for one competence more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from opskit.checklists.models import Run
from opskit.core.competences import CompetenceMissingError, Competences
from opskit.core.i18n import _
from opskit.staff import services as staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.core.context import AppContext
    from opskit.core.identity import Identity

PREPARATION = "patch-preparation"
PAYROLL = "payroll-patch"
PAYROLL_MODULE = "PAY"


@dataclass(frozen=True, slots=True)
class CompetenceGate:
    """Who may work on patches; without sign-offs to ask the gate stands open."""

    competences: Competences | None = None

    def require(
        self,
        session: "Session",
        *,
        entity_id: str | None,
        name: str,
        modules: Collection[str],
        on: date,
    ) -> None:
        """Let pass who is signed off for patches of a client with these modules.

        Raises:
            CompetenceMissingError: the person is not.
        """
        lacking = self._lacks(session, entity_id, modules, on)
        if lacking is not None:
            raise _missing(name, lacking)

    def admits(
        self, session: "Session", *, entity_id: str | None, modules: Collection[str], on: date
    ) -> bool:
        """Whether that person would be let pass."""
        return self._lacks(session, entity_id, modules, on) is None

    def require_for(self, session: "Session", run: Run, *, actor: "Identity", on: date) -> None:
        """The same for whoever decides about a run. Raises as `require`."""
        self.require(
            session, entity_id=actor.entity_id, name=actor.name, modules=modules_of(run), on=on
        )

    def require_given(self, session: "Session", run: Run, *, login: str, on: date) -> None:
        """The same for the person to whom a run is given. Raises as `require`."""
        self.require_login(session, login=login, modules=modules_of(run), on=on)

    def require_login(
        self, session: "Session", *, login: str, modules: Collection[str], on: date
    ) -> None:
        """The same for somebody of the staff. Raises as `require`."""
        if self.competences is not None:
            person = staff.by_login(session, login)
            entity_id, name = person.entity_id, person.login
            self.require(session, entity_id=entity_id, name=name, modules=modules, on=on)

    def _lacks(
        self, session: "Session", entity_id: str | None, modules: Collection[str], on: date
    ) -> str | None:
        """The first competence that is missing; whom the safe does not know has none."""
        if self.competences is None:
            return None
        for competence in needed(modules):
            if entity_id is None or not self.competences.has(session, entity_id, competence, on):
                return competence
        return None


OPEN_GATE = CompetenceGate()


def gate_of(here: "AppContext") -> CompetenceGate:
    """The gate as the settings want it."""
    return CompetenceGate(
        here.plug(Competences) if here.settings.patch_competence_required else None
    )


def needed(modules: Collection[str]) -> tuple[str, ...]:
    """What the patch of a client with these modules asks for."""
    return (PREPARATION, PAYROLL) if PAYROLL_MODULE in modules else (PREPARATION,)


def modules_of(run: Run) -> Collection[str]:
    """What the client had when the run began."""
    found: Collection[str] = run.about.get("client", {}).get("modules", ())
    return found


def _missing(name: str, competence: str) -> CompetenceMissingError:
    return CompetenceMissingError(
        _("{name} is not signed off for {competence}").format(name=name, competence=competence),
        hint=_(
            "the mentor or a manager can do that: opskit onboarding sign-off {name} {competence} "
            '--reason "prepared three with me"'
        ).format(name=name, competence=competence),
    )
