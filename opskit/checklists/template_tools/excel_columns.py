"""The sheets of a template as an Excel workbook, the same for writing and for reading."""

from dataclasses import dataclass

from opskit.checklists.templates import Approval, Evidence, Gate, Mode, Recheck
from opskit.core.text import fold

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: the key in the YAML file, its title, and what may be chosen, the usual first."""

    key: str
    en: str
    fr: str
    width: int = 16
    choices: tuple[str, ...] = ()

    def in_language(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def is_called(self, typed: str) -> bool:
        return fold(typed.strip()) in {fold(self.key), fold(self.en), fold(self.fr)}


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A sheet and its columns."""

    en: str
    fr: str
    headings: tuple[Heading, ...]

    def in_language(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def is_called(self, typed: str) -> bool:
        return fold(typed.strip()) in {fold(self.en), fold(self.fr)}


LIST = SheetForm(
    "List",
    "Liste",
    (
        Heading("id", "Id", "Identifiant", 24),
        Heading("version", "Version", "Version", 10),
        Heading("title.fr", "Title in French", "Titre en français", 36),
        Heading("title.en", "Title in English", "Titre en anglais", 36),
        Heading("title.de", "Title in German", "Titre en allemand", 36),
        Heading("title.it", "Title in Italian", "Titre en italien", 36),
        Heading("anchor", "Anchor date", "Date de référence", 18),
        Heading("canton", "Canton", "Canton", 10),
    ),
)

PHASES = SheetForm(
    "Phases",
    "Phases",
    (
        Heading("key", "Key", "Clé", 20),
        Heading("title.fr", "Title in French", "Titre en français", 36),
        Heading("title.en", "Title in English", "Titre en anglais", 36),
        Heading("title.de", "Title in German", "Titre en allemand", 36),
        Heading("title.it", "Title in Italian", "Titre en italien", 36),
        Heading("mode", "Mode", "Mode", 14, (Mode.DO_CONFIRM, Mode.READ_DO)),
    ),
)

STEPS = SheetForm(
    "Steps",
    "Étapes",
    (
        Heading("key", "Key", "Clé", 20),
        Heading("phase", "Phase", "Phase", 14),
        Heading("text.fr", "Text in French", "Texte en français", 44),
        Heading("text.en", "Text in English", "Texte en anglais", 44),
        Heading("text.de", "Text in German", "Texte en allemand", 44),
        Heading("text.it", "Text in Italian", "Texte en italien", 44),
        Heading("owner", "Owner", "Responsable", 14),
        Heading("due", "Due", "Échéance", 14),
        Heading("needs", "Needs", "Attend", 24),
        Heading("when", "When", "Quand", 28),
        Heading("check", "Check", "Contrôle", 24),
        Heading("recheck", "Recheck", "Nouveau contrôle", 14, tuple(Recheck)),
        Heading("evidence", "Evidence", "Preuve", 12, tuple(Evidence)),
        Heading("approval", "Approval", "Validation", 14, tuple(Approval)),
        Heading("mandatory", "Mandatory", "Obligatoire", 12, (YES, NO)),
        Heading("gate", "Gate", "Décision", 10, tuple(Gate)),
    ),
)

SHEETS = (LIST, PHASES, STEPS)
