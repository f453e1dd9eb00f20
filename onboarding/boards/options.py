"""What several commands of the boards are given."""

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.team import POLES
from opskit.core.text import did_you_mean


def known_pole(text: str | None) -> str | None:
    """The pole that was typed; None where none was.

    Raises:
        InvalidError: there is no such pole; the hint names the nearest.
    """
    if text is None or text in POLES:
        return text
    raise InvalidError(
        _("there is no pole {name}").format(name=repr(text)),
        hint=did_you_mean(text, POLES, otherwise=", ".join(POLES)),
    )
