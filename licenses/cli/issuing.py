"""opskit license issue: sign, register, and only then show the key."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from licenses.cli import offline
from licenses.cli.arguments import RequestArgument
from licenses.cli.kitoptions import FirstSecretOption, SecondSecretOption
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from opskit.core.context import AppContext

app = group(_("Issuing."))


@app.command(
    "issue",
    help=_("Sign an approved request in the safe, enter it into the register, write the file."),
    epilog=examples(
        "opskit license issue R12 --out deleze.lic",
        "opskit license issue B3 --out FOLDER",
        "opskit license issue DELEZE --signer offline --kit kit-1.json --days 14 "
        '--reason "the safe is down" --out deleze.lic',
    ),
)
def issue(
    ctx: typer.Context,
    number: RequestArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write the key."))],
    signer: offline.SignerOption = offline.SAFE,
    kit: offline.KitOption = None,
    days: offline.DaysOption = None,
    reason: offline.ReasonOption = None,
    modules: offline.ModulesOption = None,
    form: offline.FormOption = None,
    erp_version: offline.ErpVersionOption = None,
    ticket: TicketOption = None,
    first_secret: FirstSecretOption = None,
    second_secret: SecondSecretOption = None,
    as_json: JsonOption = False,
) -> None:
    typed = offline.Typed(
        kit=kit,
        days=days,
        reason=reason,
        modules=modules,
        form=form,
        ticket=ticket,
        erp_version=erp_version,
        secrets=(first_secret, second_secret),
    )
    if offline.is_offline(signer, typed):
        offline.issue(context(ctx), number, out, typed, as_json=as_json)
    else:
        _issue(context(ctx), number, out, as_json=as_json)


def _issue(run: "AppContext", number: str, out: Path, *, as_json: bool) -> None:
    from licenses import presenting
    from licenses.cli import batching
    from licenses.directory import Directory
    from licenses.services import register
    from opskit.clients import services as clients
    from opskit.core.private_files import require_free, write_asked_for
    from opskit.core.refs import format_number, parse_number

    batch = batching.batch_in(number)
    if batch is not None:
        batching.issue(run, batch, out, as_json=as_json)
        return
    wanted = parse_number("R", number)
    issued_now = _sign_and_register(run, wanted, before=lambda: require_free(out))
    with run.snapshot() as session:
        record = register.record_of_request(session, wanted)
        client = clients.find(session, record.client)
        row = {**presenting.record_row(record, Directory(session)), "file": str(out)}
    written = write_asked_for(out, presenting.file_of(record, client.name))
    if as_json:
        show_json(row)
        return
    data(format_number("L", record.serial))
    if not issued_now:
        say(_("issued before"))
    say((_("{file} written") if written else _("{file} holds it already")).format(file=out))


def _sign_and_register(run: "AppContext", number: int, *, before: Callable[[], None]) -> bool:
    """Whether the licence was issued now; False when it was before. `before` may still refuse."""
    from licenses import drafting
    from licenses.keys import public_key_set
    from licenses.services import issuing
    from licenses.settings import kinds_without_approval
    from opskit.core.catalog import load_catalog
    from opskit.core.private_files import replace_own
    from opskit.core.signing import Signer

    actor, signer = run.identity(), run.plug(Signer)
    unapproved = kinds_without_approval(run.settings)
    drafting.draft_unapproved(run, number, unapproved)
    with run.snapshot() as session:
        to_sign = issuing.ready_to_sign(
            session,
            number=number,
            signer=signer,
            catalog=load_catalog(run.home),
            actor=actor,
            unapproved=unapproved,
        )
    if to_sign is None:
        return False
    before()
    key, body = to_sign
    keys = public_key_set(signer)
    signed = issuing.sign(key, body, signer=signer, keys=keys)
    with run.transaction() as session:
        issuing.issue(
            session, number=number, signed=signed, at=run.now(), actor=actor, unapproved=unapproved
        )
    replace_own(run.home.public_keys_file, keys.to_json())
    return True
