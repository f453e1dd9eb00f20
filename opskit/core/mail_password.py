"""The mail server's password: in a file that the environment names, else in the keyring."""

import os

from opskit.core.config import Settings
from opskit.core.errors import InvalidError, NotFoundError, UnavailableError
from opskit.core.i18n import _
from opskit.core.secret import Secret, read_secret

SERVICE = "opskit-mail"
FILE_VARIABLE = "OPSKIT_MAIL_PASSWORD_FILE"


def mail_password(settings: Settings) -> Secret:
    """The password of `mail_user`.

    Raises:
        NotFoundError: neither knows one, or the file cannot be read.
        InvalidError: the file is empty or no text; there is no such keyring.
        UnavailableError: the keyring does not answer.
    """
    file = os.environ.get(FILE_VARIABLE)
    if file:
        return read_secret(file, prompt=_("Password"), option=FILE_VARIABLE)
    kept = _from_keyring(settings)
    if kept is None:
        raise NotFoundError(
            _("there is no password for {user} at the mail server").format(user=settings.mail_user),
            hint=_("keyring set {service} {user}, or name a file in {variable}").format(
                service=SERVICE, user=settings.mail_user, variable=FILE_VARIABLE
            ),
        )
    return Secret(kept)


def _from_keyring(settings: Settings) -> str | None:
    import keyring
    from keyring.core import load_keyring
    from keyring.errors import KeyringError

    name = settings.keyring_backend.replace(":", ".")
    try:
        backend = load_keyring(name) if name else keyring.get_keyring()
        return backend.get_password(SERVICE, settings.mail_user)
    except (ImportError, AttributeError, ValueError) as err:
        raise InvalidError(
            _("there is no keyring backend {name}").format(name=settings.keyring_backend),
            hint="keyring_backend = 'keyring.backends.SecretService:Keyring'",
        ) from err
    except (KeyringError, RuntimeError) as err:
        raise UnavailableError(
            _("the keyring does not answer: {reason}").format(reason=type(err).__name__),
            hint=_("unlock it, or name a file in {variable}").format(variable=FILE_VARIABLE),
        ) from err
