"""A value that must not be seen, and the only ways to take one in."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from opskit.core.errors import InvalidError, NotFoundError, UsageProblemError
from opskit.core.i18n import _, colon
from opskit.core.output import say
from opskit.core.system_errors import reason_of


@dataclass(frozen=True, slots=True, eq=False)
class Secret:
    """Text that does not print. Call `reveal()` at the one place that needs it."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return "<secret>"


def read_secret(
    source: str | None, *, prompt: str, option: str = "--password-file", twice: bool = False
) -> Secret:
    """Take a secret from stdin (`-`), a file, or a prompt on a terminal; never from argv.

    One final LF or CRLF is dropped, since files and pipes usually end with one. On a terminal a
    new password is asked for `twice`, since nobody sees what is typed, until both are the same.

    Raises:
        UsageProblemError: no source was given and stdin is no terminal.
        NotFoundError: the file cannot be read.
        InvalidError: the secret is empty, or not UTF-8.
    """
    try:
        if source is None:
            text = _ask(prompt, option, twice=twice)
        elif source == "-":
            text = sys.stdin.buffer.read().decode()
        else:
            text = Path(source).read_bytes().decode()
    except UnicodeDecodeError as err:
        raise InvalidError(
            _("the secret is not UTF-8 text"), hint=_("save the file as UTF-8")
        ) from err
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=source, reason=reason_of(err)),
            hint=_("give a readable file, or - for stdin"),
        ) from err
    secret = text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
    if not secret:
        raise InvalidError(
            _("the secret is empty"), hint=_("type it, or give {option} FILE").format(option=option)
        )
    return Secret(secret)


def _ask(prompt: str, option: str, *, twice: bool) -> str:
    if not sys.stdin.isatty():
        raise UsageProblemError(
            _("a secret is needed and stdin is no terminal"),
            hint=_("give {option} FILE, or {option} - to read stdin").format(option=option),
        )
    from getpass import getpass

    while True:
        answer = getpass(colon(prompt) + " ")
        if not (twice and answer) or getpass(colon(_("Once more")) + " ") == answer:
            return answer
        say(_("the two differ; type the same one twice"))
