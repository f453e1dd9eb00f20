"""opskit license kit: what two people keep for the day on which the safe is down."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from licenses.cli.kitoptions import FirstSecretOption, SecondSecretOption, read_passphrases
from opskit.core.cliapp import context, examples, group
from opskit.core.errors import ConflictError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from licenses.offline.kit import Content, Label
    from licenses.offline.making import Person

app = group(_("The sealed-safe kit."))
room = group(_("The sealed-safe kit: temporary licences by two people while the safe is down."))
app.add_typer(room, name="kit")


@room.command(
    "create",
    help=_("Make a kit for two people; both type their passphrase. The safe has to be up."),
    epilog=examples("opskit license kit create --first alice --second bob --out kit-1.json"),
)
def create(
    ctx: typer.Context,
    first: Annotated[
        str,
        typer.Option(
            "--first", metavar="LOGIN", autocompletion=complete_login, help=_("One holder.")
        ),
    ],
    second: Annotated[
        str,
        typer.Option(
            "--second", metavar="LOGIN", autocompletion=complete_login, help=_("The other holder.")
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=_("Where to write the kit."))],
    first_secret: FirstSecretOption = None,
    second_secret: SecondSecretOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.offline import making
    from licenses.offline.passphrases import require_different, require_strong
    from opskit.core.identity import require_role
    from opskit.core.private_files import require_free
    from opskit.core.signing import Signer

    run = context(ctx)
    require_role(run.identity(), making.MAKING)
    require_free(out)
    making.next_number(run.plug(Signer))
    with run.snapshot() as session:
        holders = _person(session, first), _person(session, second)
    if holders[0].entity_id == holders[1].entity_id:
        raise ConflictError(
            _("a kit takes two people, and {name} is one").format(name=holders[0].name),
            hint=_("give --second another login"),
        )
    passphrases = read_passphrases(
        (holders[0].name, holders[1].name),
        (first_secret, second_secret),
        twice=True,
        check=require_strong,
    )
    require_different(passphrases)
    label, content = making.create(run, holders=holders, passphrases=passphrases, out=out)
    _tell(label, content, out, as_json=as_json)
    if not as_json:
        say(_("keep a copy with each of the two, and destroy earlier kits"))
        say(_("the ERP has to know its key before it helps: opskit license keys publish"))


@room.command(
    "refresh",
    help=_("Put the licences that count now into a kit; both holders type their passphrase."),
    epilog=examples("opskit license kit refresh kit-1.json"),
)
def refresh(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The kit; it is replaced."))],
    first_secret: FirstSecretOption = None,
    second_secret: SecondSecretOption = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.offline import kitfile, making
    from opskit.core.identity import require_role
    from opskit.core.signing import Signer

    run = context(ctx)
    require_role(run.identity(), making.MAKING)
    sealed = kitfile.read(file)
    making.require_trusted(sealed.label, run.plug(Signer))
    passphrases = read_passphrases(sealed.label.names, (first_secret, second_secret))
    label, content = making.refresh(run, sealed=sealed, passphrases=passphrases, file=file)
    _tell(label, content, file, as_json=as_json)


@room.command(
    "list",
    help=_("The kits that were made, who holds them, and how old their licences are."),
    epilog=examples("opskit license kit list", "opskit license kit list --json"),
)
def list_kits(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from licenses.directory import Directory
    from licenses.offline.kits import kits

    run = context(ctx)
    with run.snapshot() as session:
        known = Directory(session)
        rows = [
            {
                "kit": each.number,
                "key_id": each.key_id,
                "holders": [known.name_of(person) or person for person in each.holders],
                "licenses": each.licenses,
                "made_on": each.made_at.astimezone().date(),
                "filled_on": each.filled_at.astimezone().date(),
            }
            for each in kits(session)
        ]
    shown = {
        "kit": _("Kit"),
        "key_id": _("Key id"),
        "holders": _("Holders"),
        "licenses": _("Licences"),
        "filled_on": _("Filled"),
    }
    show_rows(rows, shown, as_json=as_json)


def _person(session: "Session", login: str) -> "Person":
    """Raises ConflictError for somebody who cannot log in."""
    from licenses.offline.making import Person
    from opskit.staff import services as staff
    from opskit.staff.models import PersonState

    found = staff.by_login(session, login)
    if found.entity_id is None or found.login_made_at is None or found.state != PersonState.ACTIVE:
        raise ConflictError(
            _("{login} has no login").format(login=found.login), hint="opskit user list"
        )
    return Person(found.entity_id, found.name)


def _tell(label: "Label", content: "Content", file: Path, *, as_json: bool) -> None:
    from licenses.offline.kit import knowing
    from licenses.offline.numbering import kit_in_words, kit_key

    key_id = kit_key(label.number).key_id
    helped = len(knowing(content.clients, content.catalog, key_id))
    if as_json:
        show_json(
            {
                "kit": label.number,
                "key_id": key_id,
                "holders": list(label.names),
                "clients": len(content.clients),
                "clients_that_know_the_key": helped,
                "file": str(file),
            }
        )
        return
    data(str(file))
    say(
        _("{kit} holds the licences of {clients} clients, for {first} and {second}").format(
            kit=kit_in_words(label.number),
            clients=len(content.clients),
            first=label.names[0],
            second=label.names[1],
        )
    )
    if helped < len(content.clients):
        say(
            _("clients whose ERP does not know key {key_id} yet: {count}").format(
                key_id=key_id, count=len(content.clients) - helped
            )
        )
