"""Files in an entry: an .ovpn, a certificate, kept as base64 in its value."""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from pathlib import Path

from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.secret import Secret
from opskit.core.system_errors import reason_of
from vault.entries import FILE_PREFIX, check_secret_name

LARGEST_FILE = 785_000  # bytes; as base64 it fills the megabyte that the safe takes an entry


def read_file(path: Path) -> Secret:
    """What to keep of it.

    Raises:
        NotFoundError: it cannot be read. InvalidError: it is empty or too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=path, reason=reason_of(err)),
            hint=_("give a readable file"),
        ) from err
    if not content:
        raise InvalidError(_("{file} is empty").format(file=path), hint=_("give another file"))
    if len(content) > LARGEST_FILE:
        raise InvalidError(
            _("{file} is too large").format(file=path),
            hint=_("the safe takes up to {size} kB a file, all of an entry together").format(
                size=LARGEST_FILE // 1000
            ),
        )
    return Secret(b64encode(content).decode())


def field_of(name: str) -> str:
    """The field that holds the file of this name. Raises InvalidError: it cannot."""
    field = name if name.startswith(FILE_PREFIX) else FILE_PREFIX + name
    try:
        check_secret_name(field)
    except InvalidError as err:
        raise InvalidError(
            err.message, hint=_("give it another name in the safe: --name config.ovpn")
        ) from err
    return field


def content_of(kept: Secret) -> bytes:
    """The file as it was. Raises InvalidError: another tool wrote something else there."""
    try:
        return b64decode(kept.reveal(), validate=True)
    except BadBase64 as err:
        raise InvalidError(
            _("what is kept there is no file"), hint=_("read it with opskit vault get")
        ) from err
