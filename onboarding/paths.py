"""The paths that come with opskit, one template a pole."""

from functools import cache
from importlib.resources import files

from opskit.checklists.templates import Template, load_template
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.text import did_you_mean

PATHS = ("back-office", "logistics")


@cache
def load_path(name: str) -> Template:
    """The template of a path.

    Raises:
        NotFoundError: there is no such path; the hint names the nearest.
    """
    if name not in PATHS:
        raise NotFoundError(
            _("there is no path {name}").format(name=repr(name)),
            hint=did_you_mean(name, PATHS, otherwise=" ".join(PATHS)),
        )
    file = f"{name}.yaml"
    text = (files("onboarding") / "templates" / file).read_text(encoding="utf-8")
    return load_template(text, source=file)
