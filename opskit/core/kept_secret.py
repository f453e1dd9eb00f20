"""A secret that opskit uses and does not keep: in a file that a variable names, or the keyring."""

import os

from opskit.core.config import Settings
from opskit.core.errors import InvalidError, UnavailableError
from opskit.core.i18n import _
from opskit.core.secret import Secret, read_secret


def kept_secret(settings: Settings, *, service: str, name: str, variable: str) -> Secret | None:
    """What the file holds that `variable` names, else the keyring's for that service and name.

    None where neither has one.

    Raises:
        NotFoundError: the file cannot be read.
        InvalidError: the file is empty or no text; there is no such keyring.
        UnavailableError: the keyring does not answer.
    """
    file = os.environ.get(variable)
    if file:
        return read_secret(file, prompt=_("Password"), option=variable)
    kept = _from_keyring(settings, service, name, variable)
    return None if kept is None else Secret(kept)


def _from_keyring(settings: Settings, service: str, name: str, variable: str) -> str | None:
    import keyring
    from keyring.core import load_keyring
    from keyring.errors import KeyringError

    backend = settings.keyring_backend.replace(":", ".")
    try:
        store = load_keyring(backend) if backend else keyring.get_keyring()
        return store.get_password(service, name)
    except (ImportError, AttributeError, ValueError) as err:
        raise InvalidError(
            _("there is no keyring backend {name}").format(name=settings.keyring_backend),
            hint="keyring_backend = 'keyring.backends.SecretService:Keyring'",
        ) from err
    except (KeyringError, RuntimeError) as err:
        raise UnavailableError(
            _("the keyring does not answer: {reason}").format(reason=type(err).__name__),
            hint=_("unlock it, or name a file in {variable}").format(variable=variable),
        ) from err
