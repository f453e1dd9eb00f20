"""The key that opens the safe's data: 32 random bytes, in the keyring or in a 0600 file.

`unseal.key` holds the key itself, or the name under which the keyring keeps it; so a start needs
no setting, and a home that is moved on the same machine finds its key again.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from opskit.core.i18n import _
from opskit.core.private_files import write_private
from opskit.core.secret import Secret
from opskit.local.errors import UnsealKeyMissingError

FILE_NAME = "unseal.key"
KEYRING_SERVICE = "opskit safe"
MARK = "keyring:"


def create_key(safe_folder: Path, *, use_keyring: bool) -> str:
    """Make a new key and say where it is kept: `keyring` or `file`.

    A machine whose keyring does not keep what it is given gets the file.
    """
    forget_key(safe_folder)
    key = secrets.token_hex(32)
    name = secrets.token_hex(8)
    if use_keyring and _keep_in_keyring(name, key):
        write_private(safe_folder / FILE_NAME, f"{MARK}{name}\n".encode())
        return "keyring"
    write_private(safe_folder / FILE_NAME, f"{key}\n".encode())
    return "file"


def read_key(safe_folder: Path) -> Secret:
    """The key, in hexadecimal.

    Raises:
        UnsealKeyMissingError: without it the data cannot be opened by anybody.
    """
    text = _noted(safe_folder)
    key = _ask_keyring(text.removeprefix(MARK)) if text.startswith(MARK) else text
    if not key:
        place = _("the keyring") if text.startswith(MARK) else str(safe_folder / FILE_NAME)
        raise UnsealKeyMissingError(
            _("the key that opens the safe is not in {place}").format(place=place),
            hint=_("unlock the keyring of the person who ran opskit init, or restore a backup"),
        )
    return Secret(key)


def key_place(safe_folder: Path) -> str:
    """Where the key is kept: `keyring` or `file`."""
    return "keyring" if _noted(safe_folder).startswith(MARK) else "file"


def forget_key(safe_folder: Path) -> None:
    """Remove the key of a safe that never was finished."""
    text = _noted(safe_folder)
    if text.startswith(MARK):
        import keyring
        from keyring.errors import KeyringError

        with suppress(KeyringError):
            keyring.delete_password(KEYRING_SERVICE, text.removeprefix(MARK))
    (safe_folder / FILE_NAME).unlink(missing_ok=True)


def _noted(safe_folder: Path) -> str:
    try:
        return (safe_folder / FILE_NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _keep_in_keyring(name: str, key: str) -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, name, key)
        return keyring.get_password(KEYRING_SERVICE, name) == key
    except (KeyringError, RuntimeError):
        return False


def _ask_keyring(name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING_SERVICE, name)
    except (KeyringError, RuntimeError):
        return None
