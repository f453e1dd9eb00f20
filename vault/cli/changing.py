"""opskit vault set, rotate: one change at a time, on the version that was read."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples, group, says_yes
from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, PasswordFileOption, TicketOption
from opskit.core.output import say
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.cli.asking import Source, change_entry, new_secret, show_change, warn_of_way
from vault.cli.options import FactsGiven, GenerateOption, RefArgument, with_day, with_facts
from vault.entries import NEXT_PREFIX, EntryRef, EntryValue
from vault.errors import EntryChangedError, no_field
from vault.facts import check_tag
from vault.getting import reason_for
from vault.kinds import KINDS, PASSWORD
from vault.ports import EntryStore

if TYPE_CHECKING:
    from vault.changing.writing import Write

app = group(_("Changing entries."))


@app.command(
    "set",
    help=_("Change facts or one secret of an entry; an empty value clears a fact."),
    epilog=examples(
        "opskit vault set DELEZE/prod/erp-db --host db2.deleze.example --tag oracle19",
        "opskit vault set DELEZE/prod/erp-db --via common/vpn --service '' --no-tag oracle12",
        "opskit vault set DELEZE/common/vpn --field shared-key --password-file - --ticket CS-1001",
    ),
)
@with_facts
def set_fields(
    ctx: typer.Context,
    ref: RefArgument,
    kind: Annotated[
        str | None,
        typer.Option("--kind", autocompletion=choices(KINDS), help=_("One of: ") + " ".join(KINDS)),
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help=_("A word more to find it by."))
    ] = None,
    no_tag: Annotated[
        list[str] | None, typer.Option("--no-tag", help=_("A word to find it by no longer."))
    ] = None,
    field: Annotated[
        str | None, typer.Option("--field", help=_("Which secret changes; by default none."))
    ] = None,
    password_file: PasswordFileOption = None,
    generate: GenerateOption = False,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help=_("A secret, note or file:NAME to take out.")),
    ] = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
    *,
    facts: FactsGiven,
) -> None:
    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    wish = _Wish(
        facts={**with_day(run, facts), **({} if kind is None else {"kind": kind})},
        tags=tuple(tag or ()),
        no_tags=tuple(no_tag or ()),
        field=field or (PASSWORD if generate or password_file is not None else None),
        source=(password_file, generate),
        without=tuple(without or ()),
    )
    if wish.is_empty:
        raise UsageProblemError(
            _("there is nothing to change"),
            hint=_("opskit vault set --help says how; or opskit vault edit {entry}").format(
                entry=entry
            ),
        )
    key = reason_for(run, ticket)
    done = change_entry(run, entry, key, lambda read: wish.on(run, entry, read, ticket=key))
    show_change(*done, as_json=as_json)
    warn_of_way(run, entry, facts.get("via", ""))


@app.command(
    "rotate",
    help=_(
        "Give an entry a new password: it waits until the client's system has it, then --confirm. "
        "Until then `get` prints the old one."
    ),
    epilog=examples(
        "opskit vault rotate DELEZE/prod/erp-db --generate --ticket CS-1001",
        "opskit vault get DELEZE/prod/erp-db --field next:password",
        "opskit vault rotate DELEZE/prod/erp-db --confirm",
        "opskit vault rotate DELEZE/common/vpn --field shared-key --password-file - --yes",
    ),
)
def rotate(
    ctx: typer.Context,
    ref: RefArgument,
    field: Annotated[
        str | None,
        typer.Option("--field", help=_("Which secret; by default the password, or all that wait.")),
    ] = None,
    password_file: PasswordFileOption = None,
    generate: GenerateOption = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help=_("The client's system has the new one now."))
    ] = False,
    abandon: Annotated[
        bool, typer.Option("--abandon", help=_("Drop the new one; the old one stays."))
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help=_("The client's system has it already: both at once."))
    ] = False,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from vault.changing.changes import read_for_change
    from vault.changing.rotating import abandon_rotation, confirm_rotation, require_none_waits

    if confirm + abandon + yes > 1 or ((confirm or abandon) and (generate or password_file)):
        raise UsageProblemError(
            _("these options exclude each other"), hint="opskit vault rotate --help"
        )
    run = context(ctx)
    entry = EntryRef.parse(ref, environments=None)
    key = reason_for(run, ticket)
    begin = _Rotation(field or PASSWORD, (password_file, generate), at_once=yes)

    def change(read: EntryValue) -> "Write":
        if not (confirm or abandon):
            return begin.on(run, entry, read, ticket=key)
        settle = confirm_rotation if confirm else abandon_rotation
        return settle(entry, read, field=field, ticket=key)

    try:
        write, version = change_entry(run, entry, key, change)
    except EntryChangedError:
        if not (confirm or abandon):  # the faster one began a rotation too, perhaps
            newest = read_for_change(run.plug(EntryStore), entry, key)
            require_none_waits(run, entry, newest, field=begin.field)
        raise
    show_change(write, version, as_json=as_json, pending=list(write.value.pending))
    if write.value.pending:
        _say_what_next(write)


class _Wish:
    """What `set` was told; the new secret is asked for once, however often it is tried."""

    def __init__(
        self,
        *,
        facts: Mapping[str, str],
        tags: Sequence[str],
        no_tags: Sequence[str],
        field: str | None,
        source: Source,
        without: Sequence[str],
    ) -> None:
        self._facts = facts
        self._tags, self._no_tags = tags, no_tags
        self._field, self._source = field, source
        self._without = without
        self._secret: Secret | None = None

    @property
    def is_empty(self) -> bool:
        return not (self._facts or self._tags or self._no_tags or self._field or self._without)

    def on(
        self, run: AppContext, ref: EntryRef, read: EntryValue, *, ticket: TicketKey | None
    ) -> "Write":
        """The version after the one that was read.

        Raises:
            RotationPendingError: what would change waits for its rotation. InvalidError.
            NotFoundError: there is no such secret to take out.
        """
        from vault.changing.changes import next_version
        from vault.changing.rotating import require_none_waits

        secrets = {name: Secret("") for name in self._without}
        for name in secrets.keys() - read.secrets.keys():
            raise no_field(ref.path, name, list(read.secrets))
        for name in (*self._without, *([self._field] if self._field else [])):
            require_none_waits(run, ref, read, field=name.removeprefix(NEXT_PREFIX))
        if self._field:
            if self._secret is None:
                self._secret = new_secret(self._field, read.facts, self._source)
            secrets[self._field] = self._secret
        facts = {**self._facts, "tags": " ".join(self._tags_of(read))}
        return next_version(ref, read, facts=facts, secrets=secrets, ticket=ticket)

    def _tags_of(self, read: EntryValue) -> list[str]:
        for tag in self._tags:
            check_tag(tag)
        return [
            tag
            for tag in dict.fromkeys((*read.facts.tags, *self._tags))
            if tag not in self._no_tags
        ]


class _Rotation:
    """What `rotate` was told; the new secret is asked for once, however often it is tried."""

    def __init__(self, field: str, source: Source, *, at_once: bool) -> None:
        self.field, self._source = field, source
        self._at_once = at_once
        self._new: Secret | None = None

    def on(
        self, run: AppContext, ref: EntryRef, read: EntryValue, *, ticket: TicketKey | None
    ) -> "Write":
        """Raises RotationPendingError, NotFoundError: there is no such secret to rotate."""
        from vault.changing.rotating import begin_rotation, require_none_waits, rotate_at_once

        if self.field not in read.secrets:
            raise no_field(ref.path, self.field, list(read.secrets))
        require_none_waits(run, ref, read, field=self.field)
        if self._new is None:
            self._new = new_secret(self.field, read.facts, _or_made_up(self._source))
        make = rotate_at_once if self._at_once else begin_rotation
        return make(ref, read, field=self.field, new=self._new, ticket=ticket)


def _or_made_up(source: Source) -> Source:
    """On a terminal, offer a password made up here."""
    password_file, generate = source
    if generate or password_file is not None or not sys.stdin.isatty():
        return source
    return None, says_yes(_("Make a new password up?"), default=True)


def _say_what_next(write: "Write") -> None:
    ref = write.ref
    say(_("`get` still prints the old one; the new one waits. Read it with:"))
    for name in write.value.pending:
        say(f"  opskit vault get {ref} --field {NEXT_PREFIX}{name}")
    say(_("Once the client's system has it:"))
    say(f"  opskit vault rotate {ref} --confirm")
