"""The competence gate: what other utilities ask before they let somebody work alone."""

from datetime import date

from sqlalchemy.orm import Session

from onboarding.skills.signing_off import is_signed_off


class SignedOff:
    """The sign-offs behind the port `opskit.core.competences`."""

    def has(self, session: Session, entity_id: str, competence: str, on: date) -> bool:
        return is_signed_off(session, entity_id=entity_id, competence=competence, on=on)
