"""What `benchmarks.license_batch` measures, in a module that its workers do not import."""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from benchmarks.home import BenchHome
from licenses.batching import approving, asking, checking, drafting, issuing, reading
from licenses.keyformat import signing_input
from licenses.models import LicenseRequest
from opskit.clients.models import Client
from opskit.core.catalog import load_catalog
from opskit.core.config import Home, Settings, load_settings
from opskit.core.context import AppContext
from opskit.core.db import open_home_database
from opskit.core.signing import LICENSE_KEY, Signer
from opskit.migrations import migrate
from opskit.wiring import context_of
from tests.licenses.lifecycle import SALLY, add_client
from tests.support.database import new_database, running_postgres

SIZE = 10_000
LIMIT = 2.5
CLIENTS = 500
# In memory, where there is such a place: ext4 looks long for a free inode where many were just
# freed, by tests or by the run before, and that is many times the work that is measured here.
QUIET = "/dev/shm" if Path("/dev/shm").is_dir() else None
MODULES = ("FIN", "AP", "AR", "FA", "PAY", "HRM", "TIM", "LOG", "PUR", "SAL")


def measure(arguments: list[str]) -> int:
    size = next((int(each) for each in arguments if each.isdecimal()), SIZE)
    with (
        tempfile.TemporaryDirectory(prefix="opskit-bench-") as place,
        tempfile.TemporaryDirectory(prefix="opskit-bench-", dir=QUIET) as keys,
        BenchHome(Path(place) / "home", keep_in="file") as made,
        running_postgres() as server,
    ):
        folder = Path(keys)
        os.environ.update(made.environment)
        home = Home(Path(place) / "home")
        own = load_settings(home)
        shared = replace(
            own, database_url=new_database(server).render_as_string(hide_password=False)
        )
        fits = [
            _hold(home, own, folder / "sqlite", size),
            _hold(home, shared, folder / "postgresql", size),
        ]
    return 0 if all(fits) else 1


def _hold(home: Home, settings: Settings, keys: Path, size: int) -> bool:
    migrate(open_home_database(home, settings))
    run = context_of(home, settings)
    times = _approved(run, size)
    with run.snapshot() as session:
        bodies = session.scalars(select(LicenseRequest.body).order_by(LicenseRequest.number)).all()
    messages = [signing_input(body or b"") for body in bodies]
    bare = _bare(run, messages[: size // 2])
    began = time.perf_counter()
    outcome = issuing.issue(run, 1, keys, step=lambda _count: None)
    ours = time.perf_counter() - began
    bare += _bare(run, messages[size // 2 :])
    if (outcome.issued, outcome.written, len(list(keys.iterdir()))) != (size, size, size):
        sys.exit(f"not everything was issued: {outcome}")
    ratio = ours / bare
    print(
        f"{keys.name + ', issue of ' + str(size):<30} {ratio:>6.2f}   {LIMIT:.2f}   "
        f"{'ok' if ratio <= LIMIT else 'TOO SLOW':<8} "
        f"{ours:.2f} s, bare {bare:.2f} s; files alone {_files_alone(keys):.2f} s; "
        f"before that {times}",
        flush=True,
    )
    return ratio <= LIMIT


def _bare(run: AppContext, messages: Sequence[bytes]) -> float:
    signer = run.plug(Signer)
    key = Ed25519PublicKey.from_public_bytes(signer.public_keys(LICENSE_KEY)[1])
    began = time.perf_counter()
    signatures = signer.sign_many(LICENSE_KEY, messages, 1)
    for signature, message in zip(signatures, messages, strict=True):
        key.verify(signature, message)
    return time.perf_counter() - began


def _files_alone(written: Path) -> float:
    """The same files copied beside, to tell a slow disk from a slow program."""
    contents = [each.read_bytes() for each in written.iterdir()]
    beside = written.with_suffix(".alone")
    beside.mkdir()
    began = time.perf_counter()
    for number, content in enumerate(contents):
        (beside / str(number)).write_bytes(content)
    return time.perf_counter() - began


def _approved(run: AppContext, size: int) -> str:
    """A batch that somebody else asked for and this person approved; what that took."""
    marks = [time.perf_counter()]
    catalog, today = load_catalog(run.home), run.today()
    sheet = reading.read(_table(size), Path("requests.csv"), catalog, today=today)
    with run.transaction() as session:
        for number in range(CLIENTS):
            if session.get(Client, _code(number)) is None:
                add_client(session, _code(number), 20_000 + number)
        preview = checking.check(session, sheet, today=today)
        asking.ask(
            session,
            rows=preview.asked,
            digest=sheet.digest,
            file_name="requests.csv",
            at=datetime.now(UTC),
            actor=SALLY,
        )
    marks.append(time.perf_counter())
    drafted = drafting.draft(run, 1)
    marks.append(time.perf_counter())
    approving.approve(run, 1, drafted)
    marks.append(time.perf_counter())
    names = ("asking", "drafting", "approving")
    spent = [later - earlier for earlier, later in pairwise(marks)]
    return ", ".join(f"{name} {each:.1f} s" for name, each in zip(names, spent, strict=True))


def _table(size: int) -> bytes:
    """Each client has its own modules and users, which change from row to row."""
    rows = ["client,kind,modules,named_users,valid_from,maintenance_until,order_ref"]
    rows += [
        f"{_code(number % CLIENTS)},production,{_modules(number)},{10 + number % 90},"
        f"2026-12-01,2027-12-31,SO-{number}"
        for number in range(size)
    ]
    return "\n".join([*rows, ""]).encode()


def _modules(number: int) -> str:
    chosen = (code for at, code in enumerate(MODULES) if at == 0 or number >> at & 1)
    return " ".join(chosen)


def _code(number: int) -> str:
    return f"C{number:04}"
