"""The home folder and the settings in it; read at every start, so only the standard library."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from opskit.core.errors import InvalidError, NotFoundError, UnavailableError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of


class NoHomeError(NotFoundError):
    """The folder is no home, or `opskit init` never came to its end there."""

    reference = "no-home"


class HomeUnusableError(UnavailableError):
    """The system does not let opskit read or write in its home."""

    reference = "home-unusable"


@dataclass(frozen=True, slots=True)
class Home:
    """`OPSKIT_HOME`: everything that opskit keeps on this machine."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        return self.folder / "settings.toml"

    @property
    def database_file(self) -> Path:
        return self.folder / "opskit.db"

    @property
    def safe_folder(self) -> Path:
        return self.folder / "safe"

    @property
    def token_folder(self) -> Path:
        return self.folder / "tokens"

    @property
    def last_login_file(self) -> Path:
        """Who is logged in, as the safe said it last: for when it does not answer."""
        return self.folder / "last-login.json"

    @property
    def index_folder(self) -> Path:
        return self.folder / "index"

    @property
    def public_keys_file(self) -> Path:
        return self.folder / "license-keys.json"

    @property
    def catalog_file(self) -> Path:
        return self.folder / "catalog.yaml"

    @property
    def ready_marker(self) -> Path:
        """Written last by `opskit init`; without it, init may be run again.

        It holds the hash of the first event, by which the doctor knows this home's database.
        """
        return self.folder / "initialised"

    @property
    def backup_folder(self) -> Path:
        return self.folder / "backups"


@dataclass(frozen=True, slots=True)
class Settings:
    """`settings.toml`, one key a field. Team profile: `vault_address` and `database_url`."""

    profile: str = "local"
    language: str = ""
    canton: str = "BE"
    token_store: str = "keyring"  # noqa: S105 (a place, not a password)
    keyring_backend: str = ""
    login_method: str = "userpass"
    login_mount: str = ""
    ticket_required: bool = False
    index_minutes: int = 240
    vault_address: str = ""
    vault_namespace: str = ""
    vault_ca_file: str = ""
    vault_timeout: float = 10.0
    database_url: str = field(default="", repr=False)  # a team may put a password in it
    database_logins: bool = False
    license_unapproved_kinds: str = ""
    license_second_signer: bool = False
    emergency_days: int = 5
    safe_checked_days: int = 30
    safe_rotated_days: int = 365
    access_grows_by_itself: bool = False
    patch_competence_required: bool = False
    onboarding_retention_months: int = 24
    evidence_shares: str = ""
    support_name: str = ""
    support_phone: str = ""
    support_email: str = ""
    mail_server: str = ""
    mail_port: int = 0
    mail_security: str = "starttls"
    mail_from: str = ""
    mail_user: str = ""
    mail_ca_file: str = ""


CHOICES = {
    "profile": ("local", "team"),
    "language": ("", "en", "fr"),
    "token_store": ("keyring", "file"),
    "login_method": ("userpass", "oidc", "approle", "token"),
    "mail_security": ("starttls", "tls", "none"),
}
LONGEST_TIMEOUT = 3600.0  # seconds; the system refuses a timeout of years


def find_home() -> Home:
    """`OPSKIT_HOME`, else the place where this system keeps a program's data."""
    given = os.environ.get("OPSKIT_HOME")
    if given:
        return Home(Path(given).absolute())
    from platformdirs import user_data_path

    return Home(user_data_path("opskit", appauthor=False))


def require_home(home: Home) -> None:
    """Let pass a folder in which `opskit init` came to its end.

    Raises:
        NoHomeError: it is another folder, a file, or nothing at all.
    """
    if not home.ready_marker.exists():
        raise NoHomeError(
            _("{folder} is no opskit home").format(folder=home.folder),
            hint=_("opskit init --admin NAME makes one, or set OPSKIT_HOME to yours"),
        )


def home_trouble(home: Home, err: OSError) -> HomeUnusableError | None:
    """What to tell the person when the system refused something in the home, or on the way to it.

    None where it is about another file: then it is a mistake of ours.
    """
    if not isinstance(err.filename, str):
        return None
    place = Path(err.filename)
    if not (place.is_relative_to(home.folder) or home.folder.is_relative_to(place)):
        return None
    return HomeUnusableError(
        _("the home {folder} cannot be used: {file}: {reason}").format(
            folder=home.folder, file=place, reason=reason_of(err)
        ),
        hint=_("opskit reads and writes there: mend the folder, or choose another OPSKIT_HOME"),
    )


def load_settings(home: Home) -> Settings:
    """Read the settings; a home without a file, or no home at all, has the defaults.

    Raises:
        InvalidError: the file is no TOML, has an unknown key or a value of the wrong kind.
        OSError: the file cannot be read.
    """
    try:
        content = home.settings_file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    import tomllib

    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as err:
        raise _bad_setting(home, _("not UTF-8 text")) from err
    except tomllib.TOMLDecodeError as err:
        raise _bad_setting(home, str(err)) from err
    return Settings(**{key: _checked(home, key, value) for key, value in values.items()})


def render_settings(settings: Settings) -> str:
    """The file's text: only what differs from the defaults, so that defaults can improve."""
    import json  # a JSON string, number or boolean is a TOML one

    lines = [
        f"{each.name} = {json.dumps(getattr(settings, each.name), ensure_ascii=False)}"
        for each in fields(Settings)
        if getattr(settings, each.name) != each.default
    ]
    return "\n".join(["# opskit settings, explained in docs/settings.md", *lines, ""])


def _checked(home: Home, key: str, value: Any) -> Any:  # noqa: ANN401 (as TOML has it)
    known: dict[str, Any] = {each.name: each.default for each in fields(Settings)}
    if key not in known:
        raise _bad_setting(home, _("unknown key {key}").format(key=key))
    if isinstance(known[key], float) and type(value) is int:
        value = float(value)
    if type(value) is not type(known[key]):
        raise _bad_setting(
            home,
            _("{key} must be of type {type}").format(key=key, type=type(known[key]).__name__),
        )
    if key in CHOICES and value not in CHOICES[key]:
        raise _bad_setting(
            home, _("{key} must be one of {choices}").format(key=key, choices=CHOICES[key])
        )
    if isinstance(value, float) and not 0 < value < LONGEST_TIMEOUT:
        raise _bad_setting(home, _("{key} must be a number of seconds above 0").format(key=key))
    return value


def _bad_setting(home: Home, reason: str) -> InvalidError:
    return InvalidError(
        _("{file}: {reason}").format(file=home.settings_file, reason=reason),
        hint=_("mend or delete that line; docs/settings.md lists the keys"),
    )
