"""A database of its own, keys in memory, and people who each have a context as commands do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from licenses.batching import approving, asking, checking, drafting, issuing, reading
from opskit.core.config import Home, Settings
from opskit.core.context import AppContext
from opskit.core.db import snapshot, transaction
from opskit.core.identity import Identity
from opskit.core.signing import Signer
from tests.licenses.lifecycle import AT, BOB, CATALOG, SALLY, KeyRing, add_client

HEADER = "client,kind,modules,named_users,valid_from,maintenance_until,order_ref"
CLIENTS = ("ACME", "BORNET", "CAFE")


@dataclass(frozen=True)
class Desk:
    """Sally asks, Bob approves and issues."""

    engine: Engine
    ring: KeyRing
    folder: Path
    settings: Settings = field(default_factory=Settings)

    def run(self, actor: Identity = BOB, *, signer: Signer | None = None) -> AppContext:
        plugs: Mapping[type, Any] = {Signer: signer or self.ring}
        return AppContext(
            home=Home(self.folder),
            settings=self.settings,
            now=lambda: AT,
            identity=lambda: actor,
            transaction=partial(transaction, self.engine),
            snapshot=partial(snapshot, self.engine),
            plug=plugs.__getitem__,
        )

    def having(self, **settings: Any) -> "Desk":
        return replace(self, settings=replace(self.settings, **settings))

    def ask(self, *rows: str, actor: Identity = SALLY) -> int:
        """The number of the batch."""
        content = "\n".join([HEADER, *rows, ""]).encode()
        sheet = reading.read(content, Path("requests.csv"), CATALOG, today=AT.date())
        with transaction(self.engine) as session:
            preview = checking.check(session, sheet, today=AT.date())
            assert preview.rejected == ()
            made = asking.ask(
                session,
                rows=preview.asked,
                digest=sheet.digest,
                file_name="requests.csv",
                at=AT,
                actor=actor,
            )
            return made.number

    def approve(self, batch: int, actor: Identity = BOB) -> list[drafting.Drafted]:
        run = self.run(actor)
        drafted = drafting.draft(run, batch)
        approving.approve(run, batch, drafted)
        return drafted

    def issue(self, batch: int, *, signer: Signer | None = None) -> issuing.Outcome:
        return issuing.issue(
            self.run(signer=signer), batch, self.folder / "keys", step=lambda _count: None
        )

    @property
    def files(self) -> dict[str, bytes]:
        found = sorted((self.folder / "keys").iterdir())
        return {each.name: each.read_bytes() for each in found}


def rows(count: int, *, kind: str = "production") -> list[str]:
    """Rows for three clients in turn, so that each comes several times."""
    return [
        f"{CLIENTS[each % len(CLIENTS)]},{kind},FIN AP,{10 + each},2026-12-01,2027-11-04,SO-{each}"
        for each in range(count)
    ]


def furnish(engine: Engine) -> None:
    with transaction(engine) as session:
        for number, code in enumerate(CLIENTS, 1):
            add_client(session, code, 20_000 + number)
