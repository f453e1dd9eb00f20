"""SSH: password or private key, at a host whose key is known (RFC 4252, 4253)."""

import io
from dataclasses import dataclass
from pathlib import Path

import paramiko
from paramiko import PKey

from opskit.core.i18n import _
from vault.caring.checking import (
    SECONDS,
    Outcome,
    Place,
    Result,
    Secrets,
    answers_only,
    refused,
    works,
)
from vault.facts import EntryFacts
from vault.kinds import PASSWORD, PRIVATE_KEY

TIMEOUT = "timeout"
SYSTEM_HOSTS = Path("/etc/ssh/ssh_known_hosts")


@dataclass(frozen=True, slots=True)
class SshTry:
    """A LoginTry; `host_key` is trusted besides the known hosts, as `SHA256:...`."""

    host_key: str = ""

    def __call__(self, place: Place, facts: EntryFacts, secrets: Secrets) -> Result:
        try:
            key = _private_key(secrets)
        except paramiko.SSHException:
            return answers_only(_("the entry's private key cannot be opened"))
        client = paramiko.SSHClient()
        client.load_system_host_keys()
        if SYSTEM_HOSTS.is_file():
            client.load_system_host_keys(str(SYSTEM_HOSTS))
        client.set_missing_host_key_policy(_OnlyThis(self.host_key))
        try:
            client.connect(
                place.host,
                place.port,
                facts.username,
                timeout=SECONDS,
                banner_timeout=SECONDS,
                auth_timeout=SECONDS,
                allow_agent=False,
                look_for_keys=False,
                password=_text(secrets, PASSWORD) if key is None else None,
                pkey=key,
            )
        except paramiko.AuthenticationException as err:
            return _not_let_in(facts, err)
        except _UnknownHostError as err:
            why = _("its host key {fingerprint} is not known here; give --host-key to trust it")
            return Result(Outcome.STRANGER, why.format(fingerprint=err.fingerprint))
        except paramiko.BadHostKeyException:
            return Result(Outcome.STRANGER, _("its host key is another than the one known here"))
        except (paramiko.SSHException, OSError, EOFError) as err:
            return answers_only(_("no SSH there: {reason}").format(reason=type(err).__name__))
        finally:
            client.close()
        return works(facts)


def _not_let_in(facts: EntryFacts, err: paramiko.AuthenticationException) -> Result:
    if TIMEOUT in str(err):  # paramiko has no class of its own for a host that is slow
        return answers_only(_("the host did not say in time whether the user is let in"))
    return refused(facts)


class _UnknownHostError(Exception):
    def __init__(self, fingerprint: str) -> None:
        super().__init__(fingerprint)
        self.fingerprint = fingerprint


class _OnlyThis(paramiko.MissingHostKeyPolicy):
    """Trust the key with this fingerprint, and no other that is unknown."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: PKey) -> None:
        del client, hostname
        if key.fingerprint != self._fingerprint:
            raise _UnknownHostError(key.fingerprint)


def _text(secrets: Secrets, name: str) -> str | None:
    secret = secrets.get(name)
    return None if secret is None else secret.reveal()


def _private_key(secrets: Secrets) -> PKey | None:
    """Of whichever algorithm it is. Raises SSHException where it is none, or stays locked."""
    text = _text(secrets, PRIVATE_KEY)
    if text is None:
        return None
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), _text(secrets, "passphrase"))
        except (paramiko.SSHException, ValueError):
            continue
    raise paramiko.SSHException
