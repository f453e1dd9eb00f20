"""Words of the paths, known without reading a file: whose steps they are, what layers there are."""

from collections.abc import Sequence

from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

NEWCOMER = "consultant"  # the role of whoever walks
POLES = ("back-office", "logistics")
SITES = ("sonceboz", "lausanne")
MODULES = ("on-call", "remote", "withholding-tax", "warehouse-devices")


def known_pole(text: str) -> str:
    """Raises NotFoundError: there is no such pole; the hint names the nearest."""
    return known(text, POLES, _("there is no pole {name}"))


def known_site(text: str) -> str:
    """Raises NotFoundError: there is no such site; the hint names the nearest."""
    return known(text, SITES, _("there is no site {name}"))


def known_module(text: str) -> str:
    """Raises NotFoundError: there is no such module; the hint names the nearest."""
    return known(text, MODULES, _("there is no module {name}"))


def known(text: str, names: Sequence[str], otherwise: str) -> str:
    """The name that was typed.

    Raises:
        NotFoundError: it is none; `otherwise` says so, with `{name}` for what was typed.
    """
    if text in names:
        return text
    raise NotFoundError(
        otherwise.format(name=repr(text)),
        hint=did_you_mean(text, names, otherwise=" ".join(names)),
    )
