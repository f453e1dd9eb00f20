"""Why the safe does not use a key: it says so in its own words, as a bad request or as a failure.

In a batch the words stand beside each item of an answer that is 200. Tried with OpenBao 2.7.2.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from hvac import exceptions as refused

from opskit.core.errors import NotFoundError, OpsError
from opskit.core.i18n import _
from opskit.core.signing import KeyOutOfUseError

NO_KEY = "key not found"
NO_VERSION = ("higher than the latest key version", "key version does not exist")
OUT_OF_USE = (
    "refusing to use soft-deleted key",
    "less than the minimum encryption key version",
    "does not contain a private part",  # only the public key was brought in
)


@contextmanager
def explained(what: str, name: str, version: int) -> Iterator[None]:
    """Translate a refusal of the key itself; anything else is passed on.

    Raises:
        NotFoundError: there is no such key, or not in that version.
        KeyOutOfUseError: that version signs no more, or not yet.
    """
    try:
        yield
    except (refused.InvalidRequest, refused.InternalServerError) as err:
        problem = problem_of(map(str, err.errors or ()), what, name, version)
        if problem is None:
            raise
        raise problem from err


def problem_of(words: Iterable[str], what: str, name: str, version: int) -> OpsError | None:
    """What the server's words mean; None where they are about something else."""
    said = " ".join(words)
    if NO_KEY in said:
        return NotFoundError(
            _("{what}: the safe has no such thing").format(what=what),
            hint=_("an admin types: opskit vault provision"),
        )
    if any(each in said for each in NO_VERSION):
        return NotFoundError(
            _("the key {name} has no version {version}").format(name=name, version=version),
            hint="opskit vault provision --check",
        )
    if any(each in said for each in OUT_OF_USE):
        return KeyOutOfUseError(
            _("the safe does not sign with {name} in version {version}").format(
                name=name, version=version
            ),
            hint="opskit license keys list",
        )
    return None
