"""A rotation: the new secret waits beside the old one until the client's system has it.

Until it is confirmed, `get` gives the old one, which still opens the door.
"""

from collections.abc import Mapping
from datetime import datetime

from opskit.core.context import AppContext
from opskit.core.errors import InvalidError, NotFoundError
from opskit.core.i18n import _
from opskit.core.refs import TicketKey
from opskit.core.secret import Secret
from vault.changing.changes import next_version
from vault.changing.writing import Write
from vault.entries import NEXT_PREFIX, EntryRef, EntryValue
from vault.errors import RotationPendingError
from vault.services import events_of

BEGUN = "vault.rotation-begun"
ROTATED = "vault.rotated"
ABANDONED = "vault.rotation-abandoned"
NONE = Secret("")


def begin_rotation(
    ref: EntryRef, read: EntryValue, *, field: str, new: Secret, ticket: TicketKey | None
) -> Write:
    """The new secret waits. Raises InvalidError: it is the old one."""
    _require_another(read, field, new)
    secrets = {NEXT_PREFIX + field: new}
    return next_version(ref, read, facts={}, secrets=secrets, ticket=ticket, action=BEGUN)


def rotate_at_once(
    ref: EntryRef, read: EntryValue, *, field: str, new: Secret, ticket: TicketKey | None
) -> Write:
    """The client's system has the new secret already. Raises InvalidError: it is the old one."""
    _require_another(read, field, new)
    return next_version(ref, read, facts={}, secrets={field: new}, ticket=ticket, action=ROTATED)


def confirm_rotation(
    ref: EntryRef, read: EntryValue, *, field: str | None, ticket: TicketKey | None
) -> Write:
    """What waits takes the place of the old, in one field or in all.

    Raises:
        NotFoundError: nothing waits.
    """
    secrets: Mapping[str, Secret] = {
        name: secret
        for each in _waiting(ref, read, field)
        for name, secret in ((each, read.secrets[NEXT_PREFIX + each]), (NEXT_PREFIX + each, NONE))
    }
    return next_version(ref, read, facts={}, secrets=secrets, ticket=ticket, action=ROTATED)


def abandon_rotation(
    ref: EntryRef, read: EntryValue, *, field: str | None, ticket: TicketKey | None
) -> Write:
    """What waits is dropped, and the old stays. Raises NotFoundError: nothing waits."""
    secrets = {NEXT_PREFIX + each: NONE for each in _waiting(ref, read, field)}
    return next_version(ref, read, facts={}, secrets=secrets, ticket=ticket, action=ABANDONED)


def require_none_waits(
    run: AppContext, ref: EntryRef, read: EntryValue, *, field: str | None = None
) -> None:
    """Let nobody begin what another has not finished; in one field or in any.

    Raises:
        RotationPendingError: says who began it, and when.
    """
    if not read.pending or (field is not None and field not in read.pending):
        return
    with run.snapshot() as session:
        begun = [event for event in events_of(session, ref=ref) if event.action == BEGUN]
        who = begun[-1].actor if begun else _("somebody else")
    since = read.stamps.pending
    raise RotationPendingError(
        _("a new {field} of {entry} waits since {at}, by {name}").format(
            field=" ".join(read.pending),
            entry=ref,
            at=datetime.fromisoformat(since).astimezone().strftime("%Y-%m-%d %H:%M")
            if since
            else "-",
            name=who,
        ),
        hint=_(
            "opskit vault rotate {entry} --confirm; or opskit vault rotate {entry} --abandon"
        ).format(entry=ref),
    )


def _require_another(read: EntryValue, field: str, new: Secret) -> None:
    if read.secrets[field].reveal() == new.reveal():
        raise InvalidError(
            _("the new {field} is the old one").format(field=field), hint=_("give another one")
        )


def _waiting(ref: EntryRef, read: EntryValue, field: str | None) -> tuple[str, ...]:
    found = tuple(each for each in read.pending if field in (None, each))
    if not found:
        raise NotFoundError(
            _("no new secret waits in {entry}").format(entry=ref),
            hint=_("begin with opskit vault rotate {entry}").format(entry=ref),
        )
    return found
