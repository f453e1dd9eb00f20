"""opskit license register: the proof that nobody altered it."""

from typing import TYPE_CHECKING

import typer

from licenses.cli.adopting import adopt
from licenses.cli.witnessing import witness
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from licenses.proving.flaws import Fault, Tally

WITNESSES = ("license-issuer", "auditor", "admin")  # whom the safe tells the public keys

app = group(_("The register."))
room = group(_("The register: proof that nobody altered it."))
room.command(
    "adopt",
    help=_("Enter what a sealed-safe kit issued while the safe was down, from its journal."),
    epilog=examples("opskit license register adopt kit-1.json.journal"),
)(adopt)
room.command(
    "witness",
    help=_("Look for signatures in the server's audit log that the register does not explain."),
    epilog=examples(
        "opskit license register witness",
        "opskit license register witness --since 2026-11-01",
        "ssh vault.example sudo cat /var/log/vault/audit.log | opskit license register witness -",
    ),
)(witness)
app.add_typer(room, name="register")


@room.command(
    "verify",
    help=_("Check every signature, approval, sequence and event; exit 8 when something is wrong."),
    epilog=examples("opskit license register verify", "opskit license register verify --json"),
)
def verify(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from licenses.proving import walk
    from licenses.proving.asking import trust_of
    from licenses.proving.flaws import Tally
    from opskit.core.catalog import load_catalog
    from opskit.core.identity import require_role
    from opskit.core.progress import progress
    from opskit.core.signing import Signer

    run = context(ctx)
    require_role(run.identity(), *WITNESSES)
    tally, faults, shown = Tally(), 0, list["Fault"]()
    with run.snapshot() as session:
        trust = trust_of(session, run.plug(Signer))
        licenses, events = walk.extent(session)
        with progress(_("checking"), licenses + events) as step:
            for fault in walk.prove(
                session,
                trust=trust,
                catalog=load_catalog(run.home),
                workers=walk.cores_for(licenses),
                tally=tally,
                step=step,
            ):
                faults += 1
                if as_json:
                    shown.append(fault)
                else:
                    data(fault.in_words())
    if as_json:
        show_json(_as_row(tally, shown))
    _conclude(tally, faults)


def _conclude(tally: "Tally", faults: int) -> None:
    from licenses.errors import RegisterBrokenError

    if faults:
        raise RegisterBrokenError(
            _("the register does not prove itself; faults: {count}").format(count=faults),
            hint=_("keep a copy of the database and call the auditor"),
        )
    say(
        _("licences: {licenses}, approvals: {approvals}, events: {events}; everything fits").format(
            licenses=f"{tally.licenses:,}",
            approvals=f"{tally.approvals:,}",
            events=f"{tally.events:,}",
        )
    )
    if tally.without_second_person:
        say(
            _("without a second person, test and demo only: {count}").format(
                count=tally.without_second_person
            )
        )
    if tally.offline:
        say(_("issued without the safe, temporary only: {count}").format(count=tally.offline))


def _as_row(tally: "Tally", faults: list["Fault"]) -> dict[str, object]:
    return {
        "licenses": tally.licenses,
        "approvals": tally.approvals,
        "without_second_person": tally.without_second_person,
        "offline": tally.offline,
        "events": tally.events,
        "faults": [
            {"subject": each.subject, "flaw": each.flaw, "words": each.in_words()}
            for each in faults
        ],
    }
