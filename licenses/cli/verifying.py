"""opskit license verify: what the ERP does, on the command line. No server, no database."""

import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json
from opskit.core.system_errors import reason_of

if TYPE_CHECKING:
    from licenses.publickeys import PublicKeySet
    from licenses.refusals import LicenseRefusedError
    from licenses.verifier import VerifiedLicense
    from opskit.core.catalog import Catalog
    from opskit.core.context import AppContext

app = group(_("Checking a licence."))

STDIN = Path("-")


@app.command(
    "verify",
    help=_("Check a licence file offline: no server, no database, only the public keys."),
    epilog=examples(
        "opskit license verify deleze.lic",
        "opskit license verify deleze.lic --erp-version 12.4 --json",
        "opskit license verify - < deleze.lic",
    ),
)
def verify(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("The licence file, or - for stdin."))
    ],
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys", metavar="FILE", help=_("Public keys, by default those in the home.")
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=_("As if it were that day, at noon."))
    ] = None,
    erp_version: Annotated[
        str | None, typer.Option("--erp-version", metavar="VERSION", help=_("For this version."))
    ] = None,
    site: Annotated[
        str | None, typer.Option("--site", help=_("For the installation of this name."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.keytext import read
    from licenses.refusals import LicenseRefusedError
    from licenses.verifier import verify as verify_license
    from opskit.core.catalog import load_catalog

    run = context(ctx)
    if site == "":
        raise InvalidError(_("--site is empty"), hint=_("give the installation's name"))
    content = _read_licence(file)
    known = _public_keys(keys or run.home.public_keys_file)
    catalog = load_catalog(run.home)
    at, facts = _instant(run, on), _version_facts(catalog, erp_version)
    try:
        signed, claimed = read(content)
        accepted = verify_license(signed, known, at=at, site=site, **facts)
    except LicenseRefusedError as err:
        if as_json:
            refused = {"verdict": "refused", "reason": err.reason, "detail": err.detail}
            show_json({**refused, "lines": err.lines})
        asked = {"site": site, "version": erp_version, "released_on": facts.get("release_date")}
        raise _refused(_name(file), err, asked) from err
    _show(accepted, signed, claimed, catalog, as_json=as_json)
    _note_maintenance(accepted.payload.maintenance_until, at.date())


def _show(
    accepted: "VerifiedLicense",
    signed: bytes,
    claimed: Mapping[str, str],
    catalog: "Catalog",
    *,
    as_json: bool,
) -> None:
    from licenses.document import payload_row, untrue_headers
    from licenses.folding import show_page
    from licenses.pages import payload_lines
    from licenses.reference import reference_of

    payload = accepted.payload
    reference = str(reference_of(signed))
    modules = " ".join(module.code for module in catalog.modules_of(payload.modules))
    untrue = list(untrue_headers(claimed, payload, modules)) if claimed else []
    if as_json:
        verdict = {"verdict": accepted.standing, **payload_row(payload, modules.split())}
        told = {"unchecked": accepted.unchecked, "untrue_headers": untrue}
        show_json({**verdict, **told, "reference": reference})
    else:
        show_page(payload_lines(accepted, reference, catalog))
    for name in untrue:
        say(_("warning: the header {name} claims something that was not signed").format(name=name))


def _note_maintenance(until: date | None, on: date) -> None:
    """It ends no licence, so the verdict stays; it only bars later versions."""
    if until is not None and until < on:
        say(_("note: maintenance ended on {day}; later versions are not covered").format(day=until))


def _refused(name: str, err: "LicenseRefusedError", asked: Mapping[str, object]) -> Exception:
    from licenses.errors import RefusedKeyError
    from licenses.wording import refusal_in_words

    return RefusedKeyError(
        f"{name}: {err.reason.value}: {refusal_in_words(err, asked)}",
        hint=_("docs/spec/license-key-v1.md, section 5, explains {reason}").format(
            reason=err.reason.value
        ),
    )


def _public_keys(file: Path) -> "PublicKeySet":
    from licenses.publickeys import KeySetError, PublicKeySet

    content = _read(file, _("opskit license keys publish writes the public keys"))
    try:
        return PublicKeySet.from_json(content)
    except KeySetError as err:
        raise InvalidError(
            f"{file}: {err}", hint=_("opskit license keys publish writes the file anew")
        ) from err


def _instant(run: "AppContext", on: str | None) -> datetime:
    from opskit.core.dates import parse_date

    if on is None:
        return run.now()
    return datetime.combine(parse_date(on, today=run.today()), time(12), tzinfo=UTC)


def _version_facts(catalog: "Catalog", version: str | None) -> dict[str, Any]:
    """The version, and its release date which maintenance has to reach."""
    from licenses.payload import ErpVersion

    if version is None:
        return {}
    known = catalog.version(version)
    return {"erp_version": ErpVersion.parse(known.number), "release_date": known.released_on}


def _name(file: Path) -> str:
    return "stdin" if file == STDIN else str(file)


def _read_licence(file: Path) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read()
    return _read(file, _("a licence file, for example deleze.lic"))


def _read(file: Path, hint: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=file, reason=reason_of(err)), hint=hint
        ) from err
