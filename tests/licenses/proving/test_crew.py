"""The processes that prove the register end with the one that began them."""

import subprocess
import sys
from pathlib import Path

from tests.support.processes import children_of, wait_until_gone

PARENT = """
import sys, time
from pathlib import Path
from sqlalchemy.engine import URL
from licenses.proving.crew import crew
from licenses.proving.trust import Trust
from licenses.publickeys import PublicKeySet
from opskit.core.catalog import load_catalog
from opskit.core.config import Home
from opskit.core.db import Base, open_engine, snapshot
engine = open_engine(URL.create("sqlite", database=str(Path(sys.argv[1]) / "opskit.db")))
Base.metadata.create_all(engine)
trust = Trust(keys=PublicKeySet(()), approvers={})
with snapshot(engine) as session, crew(session, 2, trust, load_catalog(Home(Path(sys.argv[1])))):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_none_outlives_who_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        workers = children_of(parent.pid)
        assert len(workers) >= 2
        parent.kill()
    for each in workers:
        wait_until_gone(each)
