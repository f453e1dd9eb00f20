"""A person agrees to what cannot simply be taken back, on the terminal or with --yes.

Elsewhere a question is for the terminal alone: in a pipe a command does what its arguments name.
"""

import sys

import typer

from opskit.core.cliapp import says_yes
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _


def agree(question: str, *, yes: bool) -> None:
    """Go on when the person says so; Ctrl-C or a no ends the command.

    Raises:
        UsageProblemError: nobody can be asked.
    """
    if yes:
        return
    require_somebody()
    if not says_yes(question, default=False):
        raise typer.Abort


def require_somebody() -> None:
    """Raises UsageProblemError: stdin is no terminal, so nobody can be asked."""
    if not sys.stdin.isatty():
        raise UsageProblemError(
            _("nothing was done: stdin is no terminal, so nobody can agree"),
            hint=_("give --yes to do it"),
        )
