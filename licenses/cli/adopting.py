"""opskit license register adopt: a journal's lines become lines of the register."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opskit.core.cliapp import context
from opskit.core.errors import ConflictError, InvalidError
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_rows

if TYPE_CHECKING:
    from licenses.offline.journal import Entry
    from licenses.publickeys import PublicKeySet
    from opskit.core.catalog import Catalog
    from opskit.core.context import AppContext

ADDED, KEPT, REFUSED = "added", "kept", "refused"  # words of `opskit.core.words`


def adopt(
    ctx: typer.Context,
    journals: Annotated[
        list[Path], typer.Argument(metavar="JOURNAL...", help=_("Journals, each beside its kit."))
    ],
    as_json: JsonOption = False,
) -> None:
    from licenses.errors import NotAdoptedError
    from licenses.keys import public_key_set
    from licenses.offline import journal
    from opskit.core.catalog import load_catalog
    from opskit.core.identity import require_role
    from opskit.core.signing import Signer

    run = context(ctx)
    require_role(run.identity(), "license-issuer")
    lines = [(file, *line) for file in journals for line in journal.read(file)]
    if not lines:
        raise InvalidError(
            _("there is no line in {files}").format(files=" ".join(map(str, journals))),
            hint=_("look for another copy of the journal"),
        )
    keys, catalog = public_key_set(run.plug(Signer)), load_catalog(run.home)
    rows = []
    for file, number, entry in lines:
        where = f"{file.name}:{number}"
        row, hint = _enter(run, entry, keys, catalog)
        rows.append({"line": where, **row})
        if hint:
            say(f"{where}: {row['reason']}")
            say(_("hint: {hint}").format(hint=hint))
    shown = {
        "line": _("Line"),
        "license": _("Licence"),
        "client": _("Client"),
        "request": _("Request"),
        "state": _("State"),
    }
    show_rows(rows, shown, as_json=as_json)
    refused = sum(row["state"] == REFUSED for row in rows)
    if refused:
        raise NotAdoptedError(
            _("lines that could not be entered: {count}").format(count=refused),
            hint=_("each is named above; the others are in the register")
            if refused < len(rows)
            else _("each is named above; none was entered"),
        )


def _enter(
    run: "AppContext", entry: "Entry | None", keys: "PublicKeySet", catalog: "Catalog"
) -> tuple[dict[str, Any], str | None]:
    """The row of one line, and the hint of one to look at; each is a transaction."""
    from licenses.errors import NotAdoptedError
    from licenses.offline.adopting import adopt as adopt_entry
    from opskit.core.refs import format_number

    if entry is None:
        unreadable = _("not a line of a journal: cut off, or altered")
        return _row(None, REFUSED, unreadable), _("look for another copy of the journal")
    try:
        with run.transaction() as session:
            adopted = adopt_entry(
                session, entry, keys=keys, catalog=catalog, at=run.now(), actor=run.identity()
            )
            request = format_number("R", adopted.record.request_number)
    except (NotAdoptedError, ConflictError) as err:
        return _row(entry, REFUSED, err.message), err.hint
    if not adopted.other_words:
        return {**_row(entry, ADDED if adopted.is_new else KEPT), "request": request}, None
    differs = _("the register has it with other words: {what}").format(
        what=", ".join(adopted.other_words)
    )
    return {**_row(entry, KEPT, differs), "request": request}, _(
        "nothing signs these words; compare them with opskit license show {request}"
    ).format(request=request)


def _row(entry: "Entry | None", state: str, reason: str | None = None) -> dict[str, Any]:
    from opskit.core.refs import format_number

    return {
        "license": None if entry is None else format_number("L", entry.payload.serial),
        "client": None if entry is None else entry.client,
        "request": None,
        "state": state,
        "reason": reason,
    }
