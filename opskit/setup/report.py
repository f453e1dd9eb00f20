"""What the doctor found, as lines for a person."""

from collections.abc import Iterable, Iterator

from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import colon
from opskit.core.screen import Screen
from opskit.core.words import in_words, tone_of

GAP = "  "


def report_lines(
    found: Iterable[Diagnosis], screen: Screen, *, hints: bool = True
) -> Iterator[str]:
    """A line a diagnosis, and below those that are not well what to type."""
    width = max(len(in_words(each.value)) for each in Condition)
    for diagnosis in found:
        word = in_words(diagnosis.condition.value)
        painted = screen.paint(word, tone_of(diagnosis.condition.value))
        said = f"{colon(diagnosis.part)} {diagnosis.message}"
        yield f"{painted}{' ' * (width - len(word))}{GAP}{said}"
        if hints and diagnosis.hint and diagnosis.condition is not Condition.OK:
            yield f"{' ' * width}{GAP}{diagnosis.hint}"
