"""`template` in a feature's group: look at checklists, compare, try, publish, carry them over."""

import typer

from opskit.checklists.template_cli.carrying import add_carrying
from opskit.checklists.template_cli.changing import add_changing
from opskit.checklists.template_cli.comparing import add_comparing
from opskit.checklists.template_cli.reading import add_reading
from opskit.core.cliapp import group
from opskit.core.i18n import _


def template_group(word: str) -> typer.Typer:
    """The commands of `opskit WORD template`."""
    app = group(_("Templates: look at them, compare, try out, publish, carry over."))
    told = f"opskit {word} template"
    add_reading(app, told)
    add_comparing(app, told)
    add_changing(app, told)
    add_carrying(app, told)
    return app
