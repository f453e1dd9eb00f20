"""Which form a file has, by what is in it; its name may say anything."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from opskit.core.errors import InvalidError, NotFoundError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.system_errors import reason_of
from opskit.core.tabular import DELIMITERS, records_in
from opskit.core.text_encoding import decode
from vault.importing.errors import UnreadableFileError
from vault.importing.records import FORMATS, Source

KDBX = bytes.fromhex("03d9a29a67fb4bb5")
KEEPASS_1 = bytes.fromhex("03d9a29a65fb4bb5")

Unlock = Callable[[Path], Source]
"""Asks for the password and opens a kdbx."""


def open_source(path: Path, *, form: str, columns: dict[str, str], unlock: Unlock) -> Source:
    """Open the file in that form, or in the one it seems to have.

    Raises:
        NotFoundError: it cannot be read. UnreadableFileError: damaged, encrypted, no such form.
        UsageProblemError: a CSV file that needs `--map`. InvalidError: a map that does not fit.
    """
    content = read_bytes(path)
    if content.startswith(KEEPASS_1):
        raise UnreadableFileError(
            _("{file} is a database of KeePass 1").format(file=path),
            hint=_("open it in KeePass 2 or KeePassXC and save it as kdbx"),
        )
    seen = _form_of(content) if form == "auto" else form
    if seen == "kdbx":
        del content  # pykeepass reads it once more, and wants the room
        return unlock(path)
    if seen == "bitwarden":
        from vault.importing.bitwarden import BitwardenFile

        return BitwardenFile(path, content)
    text, _encoding = decode(content, source=str(path))
    del content
    return _table(path, text, seen, columns)


def _table(path: Path, text: str, form: str, columns: dict[str, str]) -> Source:
    from vault.importing.generic_csv import MappedFile, map_needed
    from vault.importing.keepassxc_csv import KeePassXCFile, is_keepassxc

    first = [next(records_in(text, sign), None) for sign in DELIMITERS]
    header = max((each.cells for each in first if each), key=len, default=())
    if not any(header):
        raise UnreadableFileError(
            _("{file} is empty").format(file=path), hint=_("export it once more")
        )
    if not columns and is_keepassxc(header):
        return KeePassXCFile(path, text)
    if form == "keepassxc-csv":
        raise InvalidError(
            _("{file} is no CSV export of KeePassXC").format(file=path),
            hint=_("leave --format out, or say with --map what its columns are"),
        )
    if not columns and form == "table" and not _is_table(text):
        raise UnreadableFileError(
            _("{file} is not a file of a kind I know").format(file=path),
            hint=_("one of: {names}").format(names=" ".join(FORMATS[1:])),
        )
    if not columns:
        raise map_needed(path, header)
    return MappedFile(path, text, columns)


def _is_table(text: str) -> bool:
    """Whether its first two rows have the same columns, at least two."""
    for sign in DELIMITERS:
        head, *others = [each.cells for each in islice(records_in(text, sign), 2)]
        if len(head) > 1 and all(len(each) == len(head) for each in others):
            return True
    return False


def _form_of(content: bytes) -> str:
    if content.startswith(KDBX):
        return "kdbx"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "bitwarden"
    return "table"


def read_bytes(path: Path) -> bytes:
    """Raises NotFoundError: the file cannot be read."""
    try:
        return path.read_bytes()
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=path, reason=reason_of(err)),
            hint=_("give a file that you may read"),
        ) from err


def require_form(form: str) -> str:
    """Raises UsageProblemError for a form that nobody knows."""
    if form not in FORMATS:
        raise UsageProblemError(
            _("{form} is no format").format(form=repr(form)),
            hint=_("one of: {names}").format(names=" ".join(FORMATS)),
        )
    return form
