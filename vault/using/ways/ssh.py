"""SSH: a login, the jump hosts before it, a tunnel to what stands behind (OpenSSH)."""

from collections.abc import Sequence

from opskit.core.i18n import _
from vault.entries import Entry
from vault.using.ways.way import HERE, PORTS, Address, Reach, Way, address_of, local_end, user_of

PROXY = Address(HERE, 1080)


def login(entry: Entry, jumps: Sequence[Entry] = ()) -> Way:
    """Raises InvalidError: a host or user that no command can take."""
    return Way(command=("ssh", *_to(entry, jumps)))


def passed() -> Way:
    """A jump host whose next is SSH too."""
    return Way(remark=_("passed by the next step, which asks for this password as well"))


def tunnel(entry: Entry, jumps: Sequence[Entry], to: Entry) -> tuple[Way, Reach]:
    """What makes the entry behind reachable, and how it then is. Raises InvalidError."""
    default = PORTS.get(to.facts.engine or to.facts.kind)
    if to.facts.host and (to.facts.port or default):
        target = address_of(to).at_port(default or 0)
        here = local_end(target.port or 0)
        command = ("ssh", "-N", "-L", f"{here}:{target}", *_to(entry, jumps))
        return Way(command, remark=_leave_open()), Reach(tunnel=here)
    if to.facts.kind in {"web", "erp"}:
        command = ("ssh", "-N", "-D", str(PROXY), *_to(entry, jumps))
        return Way(command, remark=_leave_open()), Reach(proxy=str(PROXY))
    return login(entry, jumps), Reach()


def _to(entry: Entry, jumps: Sequence[Entry]) -> tuple[str, ...]:
    """The words from the port on; the destination last, where it can be no option."""
    address = address_of(entry)
    port = () if address.port is None else ("-p", str(address.port))
    via = ("-J", ",".join(_with_user(each, str(address_of(each))) for each in jumps))
    return (*port, *(via if jumps else ()), "--", _with_user(entry, address.host))


def _with_user(entry: Entry, place: str) -> str:
    user = user_of(entry)
    return f"{user}@{place}" if user else place


def _leave_open() -> str:
    return _("leave this open in a window of its own")
