"""Why the system refused, in the person's language: by itself it speaks only its own."""

import errno
import os
from collections.abc import Mapping

from opskit.core.i18n import _


def reason_of(err: Exception) -> str:
    """`Permission denied`, translated where it is a usual one; else the system's own words.

    What has no words at all, as a host that is no name, is called by its kind.
    """
    number, words = getattr(err, "errno", None), getattr(err, "strerror", None)
    if number is not None and words == os.strerror(number):  # TLS and names count otherwise
        return _usual().get(number, words)
    return words or type(err).__name__


def _usual() -> Mapping[int, str]:
    return {
        errno.EACCES: _("Permission denied"),
        errno.EPERM: _("Operation not permitted"),
        errno.ENOENT: _("No such file or directory"),
        errno.EEXIST: _("File exists"),
        errno.EISDIR: _("Is a directory"),
        errno.ENOTDIR: _("Not a directory"),
        errno.ENOTEMPTY: _("Directory not empty"),
        errno.ELOOP: _("Too many levels of symbolic links"),
        errno.ENAMETOOLONG: _("File name too long"),
        errno.ENOSPC: _("No space left on device"),
        errno.EDQUOT: _("Disk quota exceeded"),
        errno.EFBIG: _("File too large"),
        errno.EROFS: _("Read-only file system"),
        errno.EIO: _("Input/output error"),
        errno.EBUSY: _("Device or resource busy"),
        errno.EMFILE: _("Too many open files"),
        errno.ENOEXEC: _("Exec format error"),
        errno.EADDRINUSE: _("Address already in use"),
        errno.ECONNREFUSED: _("Connection refused"),
        errno.ECONNRESET: _("Connection reset by peer"),
        errno.EPIPE: _("Broken pipe"),
        errno.ETIMEDOUT: _("Connection timed out"),
        errno.EHOSTUNREACH: _("No route to host"),
        errno.ENETUNREACH: _("Network is unreachable"),
    }
