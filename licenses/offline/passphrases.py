"""What a passphrase of the kit has to be: the file can be carried away and guessed at in peace."""

from collections.abc import Sequence

from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.secret import Secret

SHORTEST = 12
LONGEST_JUDGED = 72  # zxcvbn refuses more, and whatever is longer is no word of a person
STRONG_ENOUGH = 4  # of zxcvbn's 0 to 4: ten thousand million guesses, each a quarter second


def require_strong(passphrase: Secret, name: str) -> None:
    """Let pass what nobody guesses; `name` is whose it is.

    Raises:
        InvalidError: too short, or one of the first that a guesser tries.
    """
    text = passphrase.reveal()
    if len(text) < SHORTEST:
        raise InvalidError(
            _("the passphrase of {name} is too short: {length} characters").format(
                name=name, length=len(text)
            ),
            hint=_advice(),
        )
    if _is_guessable(text, name):
        raise InvalidError(
            _("the passphrase of {name} is one of the first that a guesser tries").format(
                name=name
            ),
            hint=_advice(),
        )


def require_different(passphrases: Sequence[Secret]) -> None:
    """Raises InvalidError where both people have the same, so that one could act for both."""
    first, second = (each.reveal() for each in passphrases)
    if first == second:
        raise InvalidError(
            _("both passphrases are the same"),
            hint=_("each person chooses their own and tells nobody, the other one neither"),
        )


def _is_guessable(text: str, name: str) -> bool:
    from zxcvbn import zxcvbn

    if len(text) > LONGEST_JUDGED:
        return False
    return bool(zxcvbn(text, user_inputs=name.split())["score"] < STRONG_ENOUGH)


def _advice() -> str:
    return _("at least {shortest} characters: four words that have nothing in common").format(
        shortest=SHORTEST
    )
