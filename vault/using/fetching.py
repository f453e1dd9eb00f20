"""What one types to have each secret of an entry, and where a `via` leads."""

from collections.abc import Iterable, Mapping
from shlex import quote

from vault.entries import FILE_PREFIX
from vault.kinds import NOTE, PASSWORD, PRIVATE_KEY, TOTP_SEED


def commands_for(ref: str, kind: str, holds: Iterable[str]) -> Mapping[str, str]:
    """The command for each; an entry that does not say what it holds has a password."""
    return {name: _command(quote(ref), kind, name) for name in tuple(holds) or (PASSWORD,)}


def _command(ref: str, kind: str, name: str) -> str:
    """A seed gives codes, a key goes to the SSH agent."""
    if name == PASSWORD:
        return f"opskit vault get {ref} --clip"
    if name == TOTP_SEED:
        return f"opskit vault totp {ref} --clip"
    if name == NOTE:
        return f"opskit vault note {ref}"
    if name.startswith(FILE_PREFIX):
        file = quote(name.removeprefix(FILE_PREFIX))
        return f"opskit vault save {ref} {file} --out {file}"
    if name == PRIVATE_KEY and kind == "ssh":
        return f"opskit vault get {ref} --field {name} | ssh-add -"
    return f"opskit vault get {ref} --field {quote(name)} --clip"


def way_leads_to(via: str, client: str) -> str:
    """`common/vpn` is meant of the same client; environments and codes in either case."""
    *code, environment, name = via.split("/")
    return f"{(code or [client])[0].upper()}/{environment.lower()}/{name}"
