"""How the two holders of a kit say their passphrases: never in argv, one after the other."""

from collections.abc import Callable
from typing import Annotated

import typer

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.output import explain
from opskit.core.secret import Secret, read_secret

FIRST, SECOND = "--first-secret-file", "--second-secret-file"

FirstSecretOption = Annotated[
    str | None,
    typer.Option(FIRST, metavar="FILE", help=_("Passphrase of the first holder, - for stdin.")),
]
SecondSecretOption = Annotated[
    str | None,
    typer.Option(SECOND, metavar="FILE", help=_("Passphrase of the second holder, - for stdin.")),
]


def read_passphrases(
    names: tuple[str, str],
    sources: tuple[str | None, str | None],
    *,
    twice: bool = False,
    check: Callable[[Secret, str], None] = lambda _secret, _name: None,
) -> tuple[Secret, Secret]:
    """Both passphrases; one that `check` refuses is asked for again where a person types it.

    Raises:
        UsageProblemError, NotFoundError, InvalidError: as `read_secret`.
    """

    def one(name: str, source: str | None, option: str) -> Secret:
        prompt = _("Passphrase of {name}").format(name=name)
        while True:
            try:
                secret = read_secret(source, prompt=prompt, option=option, twice=twice)
                check(secret, name)
            except InvalidError as err:
                if source is not None:
                    raise
                explain(err)
            else:
                return secret

    (first, second), (first_source, second_source) = names, sources
    return one(first, first_source, FIRST), one(second, second_source, SECOND)
