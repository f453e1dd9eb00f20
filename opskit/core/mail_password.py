"""The mail server's password: in a file that the environment names, else in the keyring."""

from opskit.core.config import Settings
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.kept_secret import kept_secret
from opskit.core.secret import Secret

SERVICE = "opskit-mail"
FILE_VARIABLE = "OPSKIT_MAIL_PASSWORD_FILE"


def mail_password(settings: Settings) -> Secret:
    """The password of `mail_user`.

    Raises:
        NotFoundError: nobody keeps one, or the file cannot be read.
        InvalidError: the file is empty or no text; there is no such keyring.
        UnavailableError: the keyring does not answer.
    """
    user = settings.mail_user
    kept = kept_secret(settings, service=SERVICE, name=user, variable=FILE_VARIABLE)
    if kept is None:
        raise NotFoundError(
            _("there is no password for {user} at the mail server").format(user=user),
            hint=_("keyring set {service} {user}, or name a file in {variable}").format(
                service=SERVICE, user=user, variable=FILE_VARIABLE
            ),
        )
    return kept
