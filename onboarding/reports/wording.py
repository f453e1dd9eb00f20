"""The words of a report beside those of every paper: it speaks the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from onboarding.boards.standing import Course, Why
from onboarding.models import ConsultantState
from onboarding.reviews.models import Verdict

MENTOR = {"fr": "Mentor", "en": "Mentor", "de": "Mentor"}
FIRST_DAY = {"fr": "Premier jour", "en": "First day", "de": "Erster Tag"}
POLE = {"fr": "Pôle", "en": "Pole", "de": "Bereich"}
POLES = {  # those of a team of its own are called as they are typed
    "back-office": {"fr": "Back-office", "en": "Back office", "de": "Backoffice"},
    "logistics": {"fr": "Logistique", "en": "Logistics", "de": "Logistik"},
}
PROBATION = {"fr": "Temps d’essai", "en": "Probation", "de": "Probezeit"}
STATUS = {"fr": "Situation", "en": "Status", "de": "Lage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """One language; texts with names in braces are filled in by who uses them."""

    banner: str
    skills: str
    skill_heads: tuple[str, str, str]
    reviews: str
    review_heads: tuple[str, str, str]
    own: str  # {level}
    mentor: str  # {level}
    unrated: str
    until: str  # {day}
    confirmed: str  # {day}
    to_come: str
    courses: Mapping[Course, str]
    risks: Mapping[Why, str]  # {count}, {day}
    ended: Mapping[ConsultantState, str]
    verdicts: Mapping[Verdict, str]


ENGLISH = ReportWords(
    banner="For the mentor and managers, not for the consultant",
    skills="Skills",
    skill_heads=("Skill", "Level", "Judged on"),
    reviews="Reviews",
    review_heads=("Review", "Decision", "Date"),
    own="self: {level}",
    mentor="mentor: {level}",
    unrated="not judged yet",
    until="until {day}",
    confirmed="confirmed on {day}",
    to_come="to come",
    courses={
        Course.UPCOMING: "not started yet",
        Course.ON_TRACK: "on track",
        Course.AT_RISK: "at risk",
        Course.LATE: "late",
        Course.PAUSED: "paused",
        Course.DONE: "done",
    },
    risks={
        Why.NO_MENTOR: "the mentor has left",
        Why.MENTOR_AWAY: "the mentor is away",
        Why.UNSIGNED: "waiting for a signature: {count}",
        Why.STUCK: "due within a week and blocked: {count}",
        Why.PROBATION_ENDS: "the probation ends on {day}",
    },
    ended={
        ConsultantState.FINISHED: "path finished",
        ConsultantState.LEFT: "has left the team",
        ConsultantState.UNDONE: "undone",
    },
    verdicts={
        Verdict.CONTINUE: "goes on as planned",
        Verdict.EXTEND: "probation extended",
        Verdict.CONFIRM: "confirmed",
    },
)
FRENCH = ReportWords(
    banner="Pour le mentor et la direction, pas pour la personne concernée",
    skills="Compétences",
    skill_heads=("Compétence", "Niveau", "Évalué le"),
    reviews="Bilans",
    review_heads=("Bilan", "Décision", "Date"),
    own="soi-même\u00a0: {level}",
    mentor="mentor\u00a0: {level}",
    unrated="pas encore évalué",
    until="jusqu’au {day}",
    confirmed="confirmé le {day}",
    to_come="à venir",
    courses={
        Course.UPCOMING: "pas encore commencé",
        Course.ON_TRACK: "dans les temps",
        Course.AT_RISK: "à risque",
        Course.LATE: "en retard",
        Course.PAUSED: "en pause",
        Course.DONE: "terminé",
    },
    risks={
        Why.NO_MENTOR: "le mentor est parti",
        Why.MENTOR_AWAY: "le mentor est absent",
        Why.UNSIGNED: "signatures en attente\u00a0: {count}",
        Why.STUCK: "attendus d’ici une semaine et bloqués\u00a0: {count}",
        Why.PROBATION_ENDS: "le temps d’essai prend fin le {day}",
    },
    ended={
        ConsultantState.FINISHED: "parcours achevé",
        ConsultantState.LEFT: "n’est plus dans l’équipe",
        ConsultantState.UNDONE: "annulé",
    },
    verdicts={
        Verdict.CONTINUE: "continue comme prévu",
        Verdict.EXTEND: "temps d’essai prolongé",
        Verdict.CONFIRM: "engagement confirmé",
    },
)
GERMAN = ReportWords(
    banner="Für Mentor und Leitung, nicht für die betroffene Person",
    skills="Kompetenzen",
    skill_heads=("Kompetenz", "Stufe", "Beurteilt am"),
    reviews="Gespräche",
    review_heads=("Gespräch", "Entscheid", "Datum"),
    own="selbst: {level}",
    mentor="Mentor: {level}",
    unrated="noch nicht beurteilt",
    until="bis {day}",
    confirmed="bestätigt am {day}",
    to_come="steht bevor",
    courses={
        Course.UPCOMING: "noch nicht begonnen",
        Course.ON_TRACK: "im Plan",
        Course.AT_RISK: "gefährdet",
        Course.LATE: "verspätet",
        Course.PAUSED: "unterbrochen",
        Course.DONE: "abgeschlossen",
    },
    risks={
        Why.NO_MENTOR: "der Mentor ist nicht mehr da",
        Why.MENTOR_AWAY: "der Mentor ist abwesend",
        Why.UNSIGNED: "ausstehende Unterschriften: {count}",
        Why.STUCK: "innert einer Woche fällig und blockiert: {count}",
        Why.PROBATION_ENDS: "die Probezeit endet am {day}",
    },
    ended={
        ConsultantState.FINISHED: "Weg beendet",
        ConsultantState.LEFT: "nicht mehr im Team",
        ConsultantState.UNDONE: "rückgängig gemacht",
    },
    verdicts={
        Verdict.CONTINUE: "geht weiter wie geplant",
        Verdict.EXTEND: "Probezeit verlängert",
        Verdict.CONFIRM: "Anstellung bestätigt",
    },
)
WORDS: Mapping[str, ReportWords] = {"en": ENGLISH, "fr": FRENCH, "de": GERMAN}
