"""The home folder at the start: what is new, where secrets are kept, which database is its own."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from opskit.core.config import Home, Settings, render_settings
from opskit.core.errors import ConflictError
from opskit.core.events import Event
from opskit.core.i18n import _
from opskit.core.private_files import write_private


def require_new(home: Home) -> None:
    """Let pass a home that is not complete.

    Raises:
        ConflictError: it is.
    """
    if home.ready_marker.exists():
        raise ConflictError(
            _("{folder} is an opskit home already").format(folder=home.folder),
            hint=_("opskit login NAME, or choose another OPSKIT_HOME"),
        )


def birth_of(session: Session) -> str:
    """The first event's hash: what tells a home's database, and its copies, from every other."""
    return session.scalar(select(Event.hash).order_by(Event.id).limit(1)) or ""


def keep_settings(home: Home, settings: Settings) -> Settings:
    """Name the keyring once, since searching for it costs time at every start."""
    if settings.token_store == "keyring" and not settings.keyring_backend:  # noqa: S105 (a place)
        settings = replace(settings, keyring_backend=_usable_keyring())
        if not settings.keyring_backend:
            settings = replace(settings, token_store="file")  # noqa: S106 (a place)
    write_private(home.settings_file, render_settings(settings).encode())
    return settings


def _usable_keyring() -> str:
    """The keyring of this machine, as `module:Class`; empty where there is none."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    found = keyring.get_keyring()
    if isinstance(found, ChainerBackend):
        found = next(iter(found.backends), found)
    kind = type(found)
    return f"{kind.__module__}:{kind.__qualname__}" if found.priority >= 1 else ""
