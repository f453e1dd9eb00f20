"""Files that become paths: a task list in Markdown, and layers that a team wrote itself."""

from pathlib import Path

from onboarding.layers import ANCHOR, Layer, read_layer
from onboarding.task_list import with_owners_and_dates
from opskit.checklists.template_tools.finding import as_text, read_bytes
from opskit.checklists.template_tools.markdown import LANGUAGES, read_markdown, slug
from opskit.checklists.templates import Template
from opskit.core.errors import InvalidError
from opskit.core.i18n import _


def read_task_list(file: Path, *, path_id: str, owner: str, lang: str) -> Template:
    """The path in a Markdown file, with the owners and dates that its words name.

    Raises:
        NotFoundError, InvalidError: the file cannot be read, or the language is none of ours.
        TemplateInvalidError: there is no task list in it.
    """
    if lang not in LANGUAGES:
        raise InvalidError(
            _("{text} is no language of a task list").format(text=repr(lang)),
            hint=", ".join(LANGUAGES),
        )
    text = as_text(read_bytes(file), file)
    name = slug(path_id, otherwise="path")
    found = read_markdown(text, file.name, template_id=name, owner=owner, anchor=ANCHOR, lang=lang)
    return with_owners_and_dates(found)


def read_own_layer(file: Path) -> Layer:
    """A layer of the team's own.

    Raises:
        NotFoundError, InvalidError: the file cannot be read.
        LayerInvalidError: it breaks a rule.
    """
    return read_layer(as_text(read_bytes(file), file), file.name)
