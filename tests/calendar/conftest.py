"""A terminal with a database, a clock and a person; and the file that a team keeps."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.orm import Session

from opskit.calendar.cli import app
from opskit.core.cliapp import run
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext, Plug
from opskit.core.identity import Identity

Terminal = Callable[..., int]

CLOSURES = """\
Date;Canton;Durée;Libellé
24.12.2027;;demi-journée;Veille de Noël
27.12.2027;;;Fermeture annuelle
03.01.2028;BE;jour entier;Pont de Berne
19.04.2027;zh;demi;Sechseläuten
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the team's file as Excel exports it in French."""
    (tmp_path / "closures.csv").write_bytes(CLOSURES.encode("cp1252"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def terminal(tmp_path: Path, session: Session, now: datetime, alice: Identity) -> Terminal:
    """Type a command of the group; returns its exit code."""

    def nothing(_port: object) -> object:
        raise AssertionError("the calendar asks nobody")

    context = AppContext(
        home=Home(tmp_path),
        settings=Settings(),
        now=lambda: now,
        identity=lambda: alice,
        transaction=lambda: nullcontext(session),
        snapshot=lambda: nullcontext(session),
        plug=cast("Plug", nothing),
    )
    return lambda *args: run(app, [str(arg) for arg in args], obj=context)
