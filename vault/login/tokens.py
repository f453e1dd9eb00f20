"""The login's token, kept between two commands: in the system's keyring or a 0600 file.

The file is read by `opskit vault get`, so `keyring` is imported only where it is used. A machine
without a usable keyring falls back to the file, says so once and remembers it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from opskit.core.config import Home, Settings
from opskit.core.errors import InvalidError, UnavailableError
from opskit.core.i18n import _
from opskit.core.private_files import write_private
from opskit.core.secret import Secret
from vault.login.life import Life
from vault.ports import TokenStore

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "opskit"
LOCAL = "local"
DATABASE = "database"
ACCESS = "access"
MARKER = "no-keyring"
SECRET_SERVICE = "keyring.backends.SecretService:Keyring"  # noqa: S105 (a class)


def token_key(settings: Settings) -> str:
    """One login a server and namespace; the local server stays the same on another port."""
    if settings.profile == "local":
        return LOCAL
    return f"{settings.vault_address} {settings.vault_namespace}".strip()


def open_token_store(home: Home, settings: Settings, *, say: Callable[[str], None]) -> "KeptLogin":
    """The store that the settings name, or the file where there is no keyring."""
    return KeptLogin(_open_store(home, settings, token_key(settings), MARKER, say))


def open_database_login_store(home: Home, settings: Settings) -> TokenStore:
    """Where the login to the team's database is kept: beside the token, and as quietly."""
    key, marker = f"{token_key(settings)} {DATABASE}", f"{MARKER}-{DATABASE}"
    return _open_store(home, settings, key, marker, say=lambda _text: None)


def open_access_store(home: Home, settings: Settings, number: str) -> TokenStore:
    """Where the token of a request for a second person waits: a key as good as a login."""
    key, marker = f"{token_key(settings)} {number}", f"{MARKER}-{ACCESS}"
    return _open_store(home, settings, key, marker, say=lambda _text: None)


def _open_store(
    home: Home, settings: Settings, key: str, marker: str, say: Callable[[str], None]
) -> TokenStore:
    file = FileTokens(home.token_folder, key)
    if settings.token_store == "file":  # noqa: S105 (a place, not a password)
        return file
    # Two homes on one machine have two local servers, so the keyring's account names the home.
    account = f"{home.folder} {key}" if settings.profile == LOCAL else key
    return KeyringTokens(file, account, settings.keyring_backend, marker=marker, say=say)


class KeptLogin:
    """LoginTokens in a TokenStore: one text, `TOKEN` or `TOKEN BEGAN ENDS` in seconds of 1970."""

    def __init__(self, store: TokenStore) -> None:
        self._store = store

    def load(self) -> Secret | None:
        return self.load_with_life()[0]

    def load_with_life(self) -> tuple[Secret | None, Life | None]:
        """Both, as far as they are known. Raises as `TokenStore.load`."""
        kept = self._store.load()
        if kept is None:
            return None, None
        token, *times = kept.reveal().split(" ")
        return Secret(token), _life(times)

    def save(self, token: Secret, life: Life | None = None) -> None:
        times = [] if life is None else [life.began_at, life.ends_at]
        words = [token.reveal(), *(str(int(each.timestamp())) for each in times)]
        self._store.save(Secret(" ".join(words)))

    def forget(self) -> None:
        self._store.forget()


class FileTokens:
    """A TokenStore in the home folder."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self._path = folder / _file_name(key)

    def load(self) -> Secret | None:
        try:
            return Secret(self._path.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as err:
            raise UnavailableError(
                _("the login kept in {file} cannot be read").format(file=self._path),
                hint="opskit login",
            ) from err

    def save(self, token: Secret) -> None:
        write_private(self._path, token.reveal().encode("ascii") + b"\n")

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)


class KeyringTokens:
    """A TokenStore in the system's keyring, with the file behind it."""

    def __init__(
        self,
        file: FileTokens,
        account: str,
        backend: str,
        *,
        marker: str,
        say: Callable[[str], None],
    ) -> None:
        self._file = file
        self._account = account
        self._backend = backend
        self._say = say
        self._marker = file.folder / marker

    def load(self) -> Secret | None:
        """The token.

        Raises:
            UnavailableError: the keyring is locked.
        """
        if self._marker.exists():
            return self._file.load()
        found = self._read_fast()
        if found is not None:
            return Secret(found)
        from keyring.errors import KeyringError

        try:
            kept = self._keyring().get_password(SERVICE, self._account)
        except (KeyringError, RuntimeError) as err:
            raise UnavailableError(
                _("the keyring does not answer: {reason}").format(reason=type(err).__name__),
                hint=_("unlock it, or log in again: opskit login"),
            ) from err
        return None if kept is None else Secret(kept)

    def save(self, token: Secret) -> None:
        """Keep it in the keyring if that works, else in the file."""
        if self._kept_in_keyring(token):
            self._file.forget()
            self._marker.unlink(missing_ok=True)
            return
        self._file.save(token)
        if not self._marker.exists():
            self._say(_("no usable keyring here: the login is kept in a file only you can read"))
            write_private(self._marker, b"")

    def forget(self) -> None:
        from keyring.errors import KeyringError

        self._file.forget()
        if self._marker.exists():
            return
        try:
            self._keyring().delete_password(SERVICE, self._account)
        except (KeyringError, RuntimeError):
            return  # nothing was kept there

    def _read_fast(self) -> str | None:
        """What can be read without loading keyring; None where keyring has to look."""
        if self._backend != SECRET_SERVICE:
            return None
        from vault.login.secret_service import read_password

        return read_password(SERVICE, self._account)

    def _kept_in_keyring(self, token: Secret) -> bool:
        from keyring.errors import KeyringError

        try:
            keyring = self._keyring()
            keyring.set_password(SERVICE, self._account, token.reveal())
            return keyring.get_password(SERVICE, self._account) == token.reveal()
        except (KeyringError, RuntimeError):
            return False

    def _keyring(self) -> "KeyringBackend":
        if self._backend:
            return load_backend(self._backend)
        import keyring

        return keyring.get_keyring()


def load_backend(name: str) -> "KeyringBackend":
    """The backend of the setting, which spares the search through all installed ones.

    Raises:
        InvalidError: there is no such class.
    """
    from importlib import import_module

    module, _colon, attribute = name.replace(":", ".").rpartition(".")
    try:
        backend: KeyringBackend = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError, ValueError, TypeError) as err:
        raise InvalidError(
            _("there is no keyring backend {name}").format(name=name),
            hint="keyring_backend = 'keyring.backends.SecretService:Keyring'",
        ) from err
    return backend


def _life(times: list[str]) -> Life | None:
    """None where nothing was kept, or something that another opskit wrote."""
    try:
        began, ends = (datetime.fromtimestamp(int(each), UTC) for each in times)
    except (ValueError, OverflowError, OSError):
        return None
    return Life(began, ends)


def _file_name(key: str) -> str:
    if key == LOCAL:
        return key
    import hashlib

    return hashlib.sha256(key.encode()).hexdigest()[:16]
