"""opskit license issue --signer offline: two people and a kit, while the safe is down."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from licenses.cli.kitoptions import read_passphrases
from opskit.core.choosing import one_of
from opskit.core.completion import choices
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from licenses.delivery.content import Certificate
    from licenses.offline.issuing import Wish
    from licenses.offline.journal import Entry
    from licenses.offline.kit import OpenKit
    from opskit.core.context import AppContext

SAFE, OFFLINE = "safe", "offline"

SignerOption = Annotated[
    str,
    typer.Option(
        "--signer",
        autocompletion=choices((SAFE, OFFLINE)),
        help=_("safe, or offline with a kit: then REQUEST is a client or its licence."),
    ),
]
KitOption = Annotated[
    Path | None, typer.Option("--kit", metavar="FILE", help=_("Offline: the sealed-safe kit."))
]
DaysOption = Annotated[
    int | None,
    typer.Option("--days", metavar="N", help=_("Offline: usable until N days from now, 14.")),
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help=_("Offline: why it cannot wait."))
]
ModulesOption = Annotated[
    str | None,
    typer.Option("--modules", metavar="CODES", help=_("Offline: only these of the client's.")),
]
ErpVersionOption = Annotated[
    str | None,
    typer.Option("--erp-version", metavar="VERSION", help=_("Offline: what the client runs now.")),
]
FormOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        autocompletion=choices(("file", "typed", "pdf")),
        help=_("Offline: file, typed or pdf."),
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The options that only a kit understands, as typed."""

    kit: Path | None
    days: int | None
    reason: str | None
    modules: str | None
    form: str | None
    ticket: str | None
    erp_version: str | None
    secrets: tuple[str | None, str | None]

    def first_given(self) -> str | None:
        """An option that makes no sense without a kit; a ticket may come from the environment."""
        given = {
            "--kit": self.kit,
            "--days": self.days,
            "--reason": self.reason,
            "--modules": self.modules,
            "--format": self.form,
            "--erp-version": self.erp_version,
            "--first-secret-file": self.secrets[0],
            "--second-secret-file": self.secrets[1],
        }
        return next((name for name, value in given.items() if value is not None), None)


def is_offline(signer: str, typed: Typed) -> bool:
    """Raises UsageProblemError for an unknown signer, and options that do not go with it."""
    if signer not in (SAFE, OFFLINE):
        raise UsageProblemError(
            _("there is no signer {name}").format(name=repr(signer)), hint=f"{SAFE}, {OFFLINE}"
        )
    stray = typed.first_given()
    if signer == SAFE and stray is not None:
        raise UsageProblemError(
            _("{option} goes with --signer offline only").format(option=stray),
            hint="opskit license issue --help",
        )
    return signer == OFFLINE


def issue(run: "AppContext", target: str, out: Path, typed: Typed, *, as_json: bool) -> None:
    """Neither the login nor the database nor the safe is asked: they may all be down."""
    from licenses.delivery.forms import Form, rendered
    from licenses.offline import issuing, journal, kitfile
    from opskit.core.private_files import require_free, write_asked_for

    file, wish = _wish(target, typed)
    form = one_of(Form, typed.form or Form.FILE, otherwise=_("{text} is no form of a licence"))
    issuing.check(wish)
    require_free(out)
    sealed = kitfile.read(file)
    kit = kitfile.unpack(sealed, read_passphrases(sealed.label.names, typed.secrets))
    try:
        before = journal.entries(journal.beside(file))
        now = issuing.Moment(run.now(), run.today())
        entry = issuing.issue(kit, wish, before=before, now=now)
    finally:
        kit.close()
    content, language = _content(run, kit, entry)
    document = rendered(content, form, language)
    journal.append(journal.beside(file), entry)
    write_asked_for(out, document)
    row = _row(entry, out, journal.beside(file))
    if as_json:
        show_json(row)
        return
    data(str(row["number"]))
    say(_("{file} written").format(file=out))
    say(
        _("temporary licence for {client}, last usable day {day}").format(
            client=entry.client, day=row["last_day"]
        )
    )
    say(_("once the safe is up again, a license-issuer types:"))
    say(f"  opskit license register adopt {row['journal']}")


def _wish(target: str, typed: Typed) -> "tuple[Path, Wish]":
    from licenses.offline.issuing import USUAL_DAYS, Wish
    from opskit.core.refs import TicketKey

    if typed.kit is None or typed.reason is None:
        raise UsageProblemError(
            _("{name} is missing").format(name="'--reason'" if typed.kit else "'--kit'"),
            hint="opskit license issue --help",
        )
    return typed.kit, Wish(
        target=target,
        days=USUAL_DAYS if typed.days is None else typed.days,
        reason=typed.reason,
        modules=typed.modules,
        ticket=TicketKey.parse(typed.ticket) if typed.ticket else None,
        erp_version=typed.erp_version,
    )


def _content(run: "AppContext", kit: "OpenKit", entry: "Entry") -> "tuple[Certificate, str]":
    """What the document says, and in which language."""
    from licenses.delivery.content import Certificate, support_of

    client = next(each for each in kit.content.clients if each.code == entry.client)
    content = Certificate(
        signed=entry.signed,
        client=client.name,
        catalog=kit.content.catalog,
        support=support_of(run.settings),
        site=entry.site,
    )
    return content, client.language


def _row(entry: "Entry", out: Path, journal: Path) -> dict[str, Any]:
    from opskit.core.refs import format_number

    payload = entry.payload
    return {
        "number": format_number("L", payload.serial),
        "client": entry.client,
        "kind": payload.kind.value,
        "key_id": payload.key_id,
        "sequence": payload.sequence,
        "valid_from": payload.valid_from,
        "last_day": payload.last_day,
        "holders": [each.name for each in entry.holders],
        "file": str(out),
        "journal": str(journal),
    }
