"""Safes of their own for the tests that stop, kill and move them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from opskit.local import services
from opskit.local.lifetimes import birth_mark, strays_in
from opskit.local.process import end
from tests.support.openbao import SafeServer, new_safe


@pytest.fixture
def workshop() -> Iterator[Path]:
    """A folder for homes; whatever server still works in it is ended."""
    folder = Path(tempfile.mkdtemp(prefix="opskit-local-"))
    yield folder
    for safe_folder in folder.rglob("safe"):
        for pid in strays_in(safe_folder):
            end(pid, birth_mark(pid) or "")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def lasting_safe() -> Iterator[SafeServer]:
    """One safe for a whole module, since a first start takes three seconds."""
    home = Path(tempfile.mkdtemp(prefix="opskit-local-"))
    yield new_safe(home)
    services.stop(home / "safe")
    shutil.rmtree(home)


@pytest.fixture
def safe(lasting_safe: SafeServer) -> SafeServer:
    """That safe, running again whatever the test before did to it."""
    started = services.start(lasting_safe.folder)
    return SafeServer(started.address, lasting_safe.entity_id, lasting_safe.home)
