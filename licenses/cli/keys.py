"""opskit license keys: which keys there are, the next one, and their public halves."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows

if TYPE_CHECKING:
    from licenses.keyfamilies import SigningKey
    from licenses.keyoverview import KeyLine
    from opskit.core.catalog import Catalog
    from opskit.core.context import AppContext

app = group(_("The licence keys."))
room = group(_("The licence keys: which there are, the next one, what the ERP has to know."))
app.add_typer(room, name="keys")


@room.command(
    "list",
    help=_("Every key by its id: what it is good for, how much it signed, who knows it."),
    epilog=examples("opskit license keys list", "opskit license keys list --json"),
)
def list_keys(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from licenses.keyoverview import overview
    from licenses.services.register import signed_by_key
    from opskit.core.catalog import load_catalog
    from opskit.core.signing import Signer

    run = context(ctx)
    with run.snapshot() as session:
        signed = signed_by_key(session)
    lines = overview(run.plug(Signer), load_catalog(run.home), signed)
    columns = {
        "key_id": _("Key"),
        "transit_key": _("Transit key"),
        "transit_version": _("Version"),
        "kinds": _("Kinds"),
        "state": _("State"),
        "licenses": _("Licences"),
        "current": _("Current"),
        "known_by": _("Known by ERP"),
    }
    rows = [_row(line, as_json=as_json) for line in lines]
    spared = ("transit_version", "current", "transit_key")
    show_rows(rows, columns, as_json=as_json, spared=spared)


@room.command(
    "rotate",
    help=_("Make the next version of a key; or let a spare take the production key's place."),
    epilog=examples(
        "opskit license keys rotate",
        "opskit license keys rotate --kind test",
        "opskit license keys rotate --to-spare",
    ),
)
def rotate(
    ctx: typer.Context,
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help=_("What the key signs."))
    ] = "production",
    to_spare: Annotated[
        bool,
        typer.Option(
            "--to-spare", help=_("The production key was misused: it signs no more, a spare does.")
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Without asking."))] = False,
    as_json: JsonOption = False,
) -> None:
    from licenses import rotation
    from licenses.keyfamilies import families_for
    from licenses.terms import parse_kind
    from opskit.core.catalog import load_catalog

    run, wanted = context(ctx), parse_kind(kind)
    if to_spare:
        _require_spares(families_for(wanted), kind)
        made = _to_spare(run, yes=yes)
    else:
        made = (rotation.rotate(run, families_for(wanted)[0]),)
    catalog = load_catalog(run.home)
    if as_json:
        show_json([_made_row(key, catalog) for key in made])
        return
    for key in made:
        data(str(key.key_id))
        for line in _what_next(key, _unknown_to(key, catalog)):
            say(line)


@room.command(
    "publish",
    help=_("Write the public keys that verify our licences, for the ERP and for verify."),
    epilog=examples(
        "opskit license keys publish --out license-keys.json",
        "opskit license keys publish --without 1 --out license-keys.json",
    ),
)
def publish(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("By default in the home."))
    ] = None,
    left_out: Annotated[
        list[int] | None,
        typer.Option("--without", metavar="KEY", help=_("Leave out a key that was misused.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.keys import public_key_set, without
    from opskit.core.private_files import replace_own, write_asked_for
    from opskit.core.signing import Signer

    run = context(ctx)
    if left_out and out is None:
        raise UsageProblemError(
            _("the file in the home holds every key, or nothing older could be verified"),
            hint="opskit license keys publish --without KEY --out FILE",
        )
    keys = without(public_key_set(run.plug(Signer)), left_out or ())
    file = out or run.home.public_keys_file
    write = write_asked_for if out else replace_own
    write(file, keys.to_json())
    if as_json:
        show_json({"file": file, "key_ids": [key.key_id for key in keys.keys]})
        return
    say(_("{count} public keys written to {file}").format(count=len(keys.keys), file=file))


def _to_spare(run: "AppContext", *, yes: bool) -> "tuple[SigningKey, ...]":
    from licenses import rotation
    from opskit.core.agreeing import agree
    from opskit.core.identity import require_role
    from opskit.core.signing import Signer

    require_role(run.identity(), "admin")
    spare = rotation.next_take_over(run.plug(Signer)).spare
    question = _("Stop every production key that there is, and let {spare} sign?")
    agree(question.format(spare=spare.name), yes=yes)
    return rotation.to_spare(run)


def _require_spares(families: tuple[object, ...], kind: str) -> None:
    if len(families) == 1:
        raise UsageProblemError(
            _("there is no spare for {kind} licences").format(kind=kind),
            hint=f"opskit license keys rotate --kind {kind}",
        )


def _made_row(key: "SigningKey", catalog: "Catalog") -> dict[str, Any]:
    return {
        "key_id": key.key_id,
        "transit_key": key.name,
        "transit_version": key.version,
        "unknown_to": _unknown_to(key, catalog),
    }


def _unknown_to(key: "SigningKey", catalog: "Catalog") -> list[str]:
    """The versions of the ERP that do not know the key."""
    return [each.number for each in catalog.versions if key.key_id not in each.license_keys]


def _what_next(key: "SigningKey", unknown_to: list[str]) -> list[str]:
    named = _("key {key_id} is {name}, version {version}").format(
        key_id=key.key_id, name=key.name, version=key.version
    )
    if not unknown_to:
        return [named, _("every version in the catalogue knows it: it signs from now on")]
    return [
        named,
        _("it signs nothing for clients with ERP {versions}, which do not know it").format(
            versions=" ".join(unknown_to)
        ),
        _("next: {command}; the next ERP release carries that file").format(
            command="opskit license keys publish --out FILE"
        ),
        _("then add {key_id} to the license_keys of that version in catalog.yaml").format(
            key_id=key.key_id
        ),
    ]


def _row(line: "KeyLine", *, as_json: bool) -> dict[str, Any]:
    kinds = [kind.value for kind in line.kinds]
    return {
        "key_id": line.key.key_id,
        "transit_key": line.key.name,
        "transit_version": line.key.version,
        "kinds": kinds if as_json else " ".join(kinds),
        "state": line.state.value,
        "licenses": line.licenses,
        "current": line.current,
        "known_by": list(line.known_by) if as_json else " ".join(line.known_by),
    }
