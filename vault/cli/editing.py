"""opskit vault edit: an entry in the person's own editor."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from opskit.core.cliapp import context, examples, group, says_yes
from opskit.core.context import AppContext
from opskit.core.errors import InvalidError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import explain, say
from opskit.core.refs import TicketKey
from vault.cli.asking import show_change, store_change
from vault.cli.options import RefArgument
from vault.entries import EntryRef
from vault.errors import EntryChangedError
from vault.getting import reason_for
from vault.ports import EntryStore

if TYPE_CHECKING:
    from vault.changing.desk import Desk
    from vault.changing.editing import Draft
    from vault.changing.writing import Write

app = group(_("Editing an entry."))


@app.command(
    "edit",
    help=_(
        "Change an entry, its secrets too, in your editor (VISUAL or EDITOR). The text lies in "
        "memory meanwhile, and is gone afterwards."
    ),
    epilog=examples("opskit vault edit DELEZE/prod/erp-db --ticket CS-1001"),
)
def edit(
    ctx: typer.Context, ref: RefArgument, ticket: TicketOption = None, as_json: JsonOption = False
) -> None:
    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    show_change(*edited(run, entry, reason_for(run, ticket)), as_json=as_json)


def edited(
    run: AppContext, ref: EntryRef, ticket: TicketKey | None, *, only_note: bool = False
) -> "tuple[Write, int]":
    """Let the person edit until it is stored; nothing that was typed is lost.

    A mistake opens the editor again, with the reason on top. Where somebody else wrote meanwhile
    a terminal asks whether to go on with their version. What is not stored is kept, and said.

    Raises:
        EditorFailedError, InvalidError, EntryChangedError, and as `read_for_change`.
    """
    from vault.changing.changes import read_for_change
    from vault.changing.desk import open_desk
    from vault.changing.editing import EntryDraft, NoteDraft

    store = run.plug(EntryStore)
    kind = NoteDraft if only_note else EntryDraft
    with open_desk(os.environ, say=say) as desk:
        draft: Draft = kind(ref, read_for_change(store, ref, ticket))
        while True:
            typed = desk.edit(draft.text)
            with _kept_on_failure(desk):
                try:
                    write = draft.understand(typed, ticket=ticket)
                    return write, store_change(run, store, write)
                except InvalidError as err:
                    if typed == draft.text or not sys.stdin.isatty():
                        raise
                    explain(err)
                    draft = draft.alarmed(typed, err)
                except EntryChangedError as err:
                    if not _goes_on(err):
                        raise
                    draft = draft.moved_to(read_for_change(store, ref, ticket), typed)


def _goes_on(err: EntryChangedError) -> bool:
    if not sys.stdin.isatty():
        return False
    explain(err)
    question = _("Open the editor again, with your changes in the newest version?")
    return says_yes(question, default=True)


@contextmanager
def _kept_on_failure(desk: "Desk") -> Iterator[None]:
    try:
        yield
    except (Exception, KeyboardInterrupt):
        desk.keeps = True
        say(_("what you typed is kept: {file}; remove it afterwards").format(file=desk.file))
        raise
