"""The words of a report beside those of every paper: it speaks the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from onboarding.boards.standing import Course
from onboarding.reviews.models import Verdict

MENTOR = {"fr": "Mentor", "en": "Mentor", "de": "Mentor"}
FIRST_DAY = {"fr": "Premier jour", "en": "First day", "de": "Erster Tag"}
POLE = {"fr": "Pôle", "en": "Pole", "de": "Bereich"}
PROBATION = {"fr": "Temps d’essai", "en": "Probation", "de": "Probezeit"}
STATUS = {"fr": "Situation", "en": "Status", "de": "Lage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """One language; texts with names in braces are filled in by who uses them."""

    banner: str
    skills: str
    reviews: str
    own: str  # {level}
    mentor: str  # {level}
    unrated: str
    until: str  # {day}
    confirmed: str  # {day}
    to_come: str
    courses: Mapping[Course, str]
    verdicts: Mapping[Verdict, str]


ENGLISH = ReportWords(
    banner="For the mentor and managers, not for the consultant",
    skills="Skills",
    reviews="Reviews",
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
    verdicts={
        Verdict.CONTINUE: "goes on as planned",
        Verdict.EXTEND: "probation extended",
        Verdict.CONFIRM: "confirmed",
    },
)
FRENCH = ReportWords(
    banner="Pour le mentor et la direction, pas pour la personne concernée",
    skills="Compétences",
    reviews="Entretiens",
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
    verdicts={
        Verdict.CONTINUE: "continue comme prévu",
        Verdict.EXTEND: "temps d’essai prolongé",
        Verdict.CONFIRM: "engagement confirmé",
    },
)
GERMAN = ReportWords(
    banner="Für Mentor und Leitung, nicht für die betroffene Person",
    skills="Kompetenzen",
    reviews="Gespräche",
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
    verdicts={
        Verdict.CONTINUE: "geht weiter wie geplant",
        Verdict.EXTEND: "Probezeit verlängert",
        Verdict.CONFIRM: "Anstellung bestätigt",
    },
)
WORDS: Mapping[str, ReportWords] = {"en": ENGLISH, "fr": FRENCH, "de": GERMAN}
