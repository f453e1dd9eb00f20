"""The comment to paste into a ticket when somebody is asked again, in the language they read.

The words are not in the catalogue of messages: those are the team's, in the language of whoever
types, while this speaks the client's. R&D and the experts are asked in French.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from opskit.checklists.models import Run, Step
from opskit.checklists.services.waiting import Awaited
from opskit.checklists.templates import Words

TEAMS_LANGUAGE = "fr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One language; names in braces are filled in."""

    day: str
    greeting: str
    waiting: str
    due: str
    overdue: str
    thanks: str


WORDINGS: Mapping[str, Wording] = {
    "fr": Wording(
        day="%d.%m.%Y",
        greeting="Bonjour,",
        waiting="Nous attendons votre réponse depuis le {since} pour\u00a0: {about}.",
        due="Merci de nous la donner d'ici au {due}, afin que la date prévue soit tenue.",
        overdue="Elle nous était nécessaire pour le {due}\u00a0: sans elle, nous ne pouvons "
        "pas garantir la date prévue.",
        thanks="Merci d'avance et meilleures salutations",
    ),
    "de": Wording(
        day="%d.%m.%Y",
        greeting="Guten Tag",
        waiting="Seit dem {since} warten wir auf Ihre Antwort zu: {about}.",
        due="Bitte geben Sie sie uns bis zum {due}, damit der vorgesehene Termin gehalten wird.",
        overdue="Wir hätten sie bis zum {due} gebraucht: Ohne sie können wir den vorgesehenen "
        "Termin nicht zusichern.",
        thanks="Vielen Dank und freundliche Grüsse",
    ),
    "it": Wording(
        day="%d.%m.%Y",
        greeting="Buongiorno,",
        waiting="Dal {since} attendiamo la vostra risposta per: {about}.",
        due="Vi preghiamo di darcela entro il {due}, affinché la data prevista sia rispettata.",
        overdue="Ci occorreva entro il {due}: senza di essa non possiamo garantire la data "
        "prevista.",
        thanks="Grazie in anticipo e cordiali saluti",
    ),
    "en": Wording(
        day="%Y-%m-%d",
        greeting="Hello,",
        waiting="Since {since} we have been waiting for your answer on: {about}.",
        due="Please give it to us by {due}, so that the planned date can be kept.",
        overdue="We needed it by {due}: without it we cannot promise the planned date.",
        thanks="Thank you and kind regards",
    ),
}


def nudge_text(run: Run, step: Step, *, on: date, signature: str = "") -> str:
    """The comment for whom the step waits for; what was asked stands as it was typed then."""
    spoken = language_of(run, step)
    wording = WORDINGS[spoken]
    since = (step.waiting_since or on).strftime(wording.day)
    fate = wording.overdue if step.due_on < on else wording.due
    asked = [_said(step.asked.text, spoken), *(step.answer or "").splitlines()]
    return "\n".join(
        [
            wording.greeting,
            "",
            wording.waiting.format(since=since, about=_about(run, step, wording, spoken)),
            "",
            *(f"  {line}" for line in asked),
            "",
            fate.format(due=step.due_on.strftime(wording.day)),
            wording.thanks,
            *filter(None, [signature]),
        ]
    )


def language_of(run: Run, step: Step) -> str:
    """The client's language for the client, the team's for everybody else."""
    if step.waiting_for != Awaited.CLIENT:
        return TEAMS_LANGUAGE
    spoken = run.about.get("client", {}).get("language")
    return spoken if isinstance(spoken, str) and spoken in WORDINGS else TEAMS_LANGUAGE


def _about(run: Run, step: Step, wording: Wording, spoken: str) -> str:
    """A client knows who it is; colleagues are told."""
    parts = [_said(run.title, spoken), run.name]
    if step.waiting_for != Awaited.CLIENT:
        parts.append(run.subject)
    return ", ".join([*parts, run.anchor_on.strftime(wording.day)])


def _said(words: Words, spoken: str) -> str:
    """Templates have no Italian, and not always German."""
    return getattr(words, spoken, None) or words.en
