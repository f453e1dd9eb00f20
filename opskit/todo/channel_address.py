"""Where the message of a team goes: an address in a file or in the keyring, and in no setting.

It is as good as a password: who has it writes into the channel.
"""

from opskit.core.config import Settings
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.kept_secret import kept_secret
from opskit.core.secret import Secret
from opskit.todo.receivers import TEAM

SERVICE = "opskit-remind"
FILE_VARIABLE = "OPSKIT_REMIND_WEBHOOK_FILE"


def webhook_address(settings: Settings, pole: str | None = None) -> Secret:
    """The address of a pole's channel, else of the whole team's.

    Raises:
        NotFoundError: none is kept, or the file cannot be read.
        InvalidError: the file is empty or no text; there is no such keyring.
        UnavailableError: the keyring does not answer.
    """
    for name in (pole, TEAM):
        if name is None:
            continue
        kept = kept_secret(settings, service=SERVICE, name=name, variable=FILE_VARIABLE)
        if kept is not None:
            return kept
    raise NotFoundError(
        _("there is no address of a channel to send to"),
        hint=_("keyring set {service} {user}, or name a file in {variable}").format(
            service=SERVICE, user=pole or TEAM, variable=FILE_VARIABLE
        ),
    )
