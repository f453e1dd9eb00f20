"""What the commands that change an entry ask, retry and say."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from opskit.core.cliapp import says_yes
from opskit.core.context import AppContext
from opskit.core.errors import InvalidError, NotFoundError, OpsError, UsageProblemError
from opskit.core.i18n import _, colon
from opskit.core.output import explain, say, show_json
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret, read_secret
from vault.entries import FILE_PREFIX, NEXT_PREFIX, EntryRef, EntryValue
from vault.errors import EntryChangedError
from vault.facts import EntryFacts
from vault.kinds import PRIVATE_KEY, TOTP_SEED
from vault.ports import EntryStore

if TYPE_CHECKING:
    from vault.changing.writing import Write

PIN = "pin"

Source = tuple[str | None, bool]
"""A file or stdin, if any, and whether to make one up; neither means a prompt."""


def change_entry(
    run: AppContext,
    ref: EntryRef,
    ticket: TicketKey | None,
    change: "Callable[[EntryValue], Write]",
) -> "tuple[Write, int]":
    """Store what `change` makes of the newest version, and return the version that is there now.

    Where somebody else was faster, a terminal asks whether to try again; so what is typed is kept
    by `change`.

    Raises:
        EntryChangedError: somebody else was faster. Else as `read_for_change` and `change`.
    """
    from vault.changing.changes import read_for_change

    store = run.plug(EntryStore)
    while True:
        write = change(read_for_change(store, ref, ticket))
        try:
            return write, store_change(run, store, write)
        except EntryChangedError as err:
            if not sys.stdin.isatty():
                raise
            explain(err)
            if not says_yes(_("Try again on the newest version?"), default=True):
                raise


def store_change(run: AppContext, store: EntryStore, write: "Write") -> int:
    """Write it where it changes anything, and return the version that is there now."""
    from vault.changing.writing import write_entry

    return write_entry(run, store, write) if write.changed else write.previous.version


def say_change(write: "Write", version: int) -> None:
    """Facts with before and after, secrets by their name alone."""
    from vault.changing.changes import differences

    if not write.changed:
        say(_("nothing changed in {entry}").format(entry=write.ref))
        return
    for each in differences(write.previous, write.value):
        if each.is_secret:
            say(f"{colon(each.field)} {_said(each.what)}")
        else:
            before, after = each.before.reveal() or "-", each.after.reveal() or "-"
            say(f"{colon(each.field)} {before} -> {after}")
    say(_("{entry} is in the safe, version {version}").format(entry=write.ref, version=version))


def show_change(write: "Write", version: int, *, as_json: bool, **more: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """The same as JSON where it is asked for."""
    if not as_json:
        say_change(write, version)
        return
    changed = list(write.changed)
    show_json({"ref": write.ref.path, "version": version, "changed": changed, **more})


def warn_of_way(run: AppContext, ref: EntryRef, via: str) -> None:
    """Say so where the entry to open first is not there; `connect` would end before it."""
    if not via:
        return
    from vault.getting import describe
    from vault.using.fetching import way_leads_to

    try:
        describe(run, EntryRef.parse(way_leads_to(via, ref.client.value), environments=None))
    except NotFoundError as err:
        say(_("the way to {entry} leads nowhere: {reason}").format(entry=ref, reason=err.message))
        say(_("hint: {hint}").format(hint=err.hint))
    except OpsError:
        return  # it is stored, and nobody knows


def require_own_field(field: str) -> None:
    """Raises InvalidError: a fact, a file, or what waits for a rotation."""
    from vault.entries import check_secret_name

    if field.startswith((FILE_PREFIX, NEXT_PREFIX)):
        raise InvalidError(
            _("{field} cannot be set by hand").format(field=field),
            hint=_("files: opskit vault attach; a new password that waits: opskit vault rotate"),
        )
    check_secret_name(field)


def new_secret(field: str, facts: EntryFacts, source: Source) -> Secret:
    """From a file, stdin or a prompt, or made up as it suits the entry.

    Raises:
        UsageProblemError: two sources at once, or nobody can be asked.
        InvalidError: it cannot be made up, or is empty. NotFoundError: no such file.
    """
    require_own_field(field)
    password_file, generate = source
    if generate and password_file is not None:
        raise UsageProblemError(
            _("--generate and --password-file exclude each other"),
            hint=_("leave one of them away"),
        )
    if not generate:
        label = _("Password") if field == "password" else field
        return read_secret(password_file, prompt=label, twice=True)
    if field in (PRIVATE_KEY, TOTP_SEED):
        raise InvalidError(
            _("{field} cannot be made up here").format(field=field),
            hint=_("give what the other side issued: --password-file FILE"),
        )
    from vault.using.generating import generate_password, policy_for, preset

    return generate_password(preset(PIN) if field == PIN else policy_for(facts))


def _said(what: str) -> str:
    from opskit.core.words import in_words

    return in_words(what)
