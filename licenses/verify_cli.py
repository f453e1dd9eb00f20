"""opskit license verify: what the ERP does, on the command line. No server, no database."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context
from opskit.core.errors import NotFoundError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from licenses.publickeys import PublicKeySet
    from licenses.refusals import LicenseRefusedError
    from licenses.verifier import VerifiedLicense
    from opskit.core.catalog import Catalog
    from opskit.core.context import AppContext


def verify(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The licence file."))],
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
    from licenses.refusals import LicenseRefusedError
    from licenses.verifier import verify as verify_license
    from opskit.core.catalog import load_catalog

    run = context(ctx)
    content = _read(file, _("a licence file, for example deleze.lic"))
    known = _public_keys(keys or run.home.public_keys_file)
    catalog = load_catalog(run.home)
    try:
        accepted = verify_license(
            _as_text(content),
            known,
            at=_instant(run, on),
            site=site,
            **_version_facts(catalog, erp_version),
        )
    except LicenseRefusedError as err:
        raise _refused(file, err) from err
    _show(accepted, content, catalog, as_json=as_json)


def _show(
    accepted: "VerifiedLicense", content: bytes, catalog: "Catalog", *, as_json: bool
) -> None:
    from licenses.armour import unwrap
    from licenses.document import headers, payload_row, untrue_headers

    payload = accepted.payload
    modules = " ".join(module.code for module in catalog.modules_of(payload.modules))
    facts = headers(payload, modules)
    untrue = list(untrue_headers(unwrap(_as_text(content))[1], payload, modules))
    if as_json:
        verdict = {"verdict": accepted.standing.value, **payload_row(payload, modules.split())}
        show_json({**verdict, "untrue_headers": untrue})
    else:
        lines = [f"{name}: {value}" for name, value in facts.items()]
        data("\n".join([accepted.standing.value, *lines]))
    for name in untrue:
        say(_("warning: the header {name} claims something that was not signed").format(name=name))


def _refused(file: Path, err: "LicenseRefusedError") -> Exception:
    from licenses.errors import RefusedKeyError

    return RefusedKeyError(
        f"{file}: {err.reason.value}: {err.detail}",
        hint=_("docs/spec/license-key-v1.md, section 5, explains {reason}").format(
            reason=err.reason.value
        ),
    )


def _public_keys(file: Path) -> "PublicKeySet":
    from licenses.publickeys import KeySetError, PublicKeySet
    from opskit.core.errors import InvalidError

    content = _read(file, _("opskit license publish-keys writes the public keys"))
    try:
        return PublicKeySet.from_json(content)
    except KeySetError as err:
        raise InvalidError(
            f"{file}: {err}", hint=_("opskit license publish-keys writes the file anew")
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


def _as_text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _read(file: Path, hint: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=file, reason=err.strerror), hint=hint
        ) from err
