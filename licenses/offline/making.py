"""A kit is made, or filled anew, while the safe is up; the safe gets the public half alone.

Between the file and the safe's trust a crash leaves an intent: `opskit doctor --repair` asks the
safe whether it knows the key.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from licenses.keys import public_key_set
from licenses.offline import kitfile
from licenses.offline.collecting import collect
from licenses.offline.kit import Content, Holder, Label, OpenKit, public_half
from licenses.offline.numbering import KITS, kit_in_words, kit_key, kit_subject
from licenses.offline.sealing import SALT_SIZE
from opskit.core import events
from opskit.core.catalog import load_catalog
from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, NotFoundError, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.identity import Identity, require_role
from opskit.core.intents import Intent, begin, finish
from opskit.core.private_files import replace_own, require_free, write_asked_for, write_private
from opskit.core.secret import Secret
from opskit.core.signing import KeyTrust, Signer

CREATE = "license.kit-create"
CREATED = "license.kit-created"
REFRESHED = "license.kit-refreshed"
MAKING = "admin"

_BLANK = bytes(SALT_SIZE)  # until the kit is sealed


@dataclass(frozen=True, slots=True)
class Person:
    """Who will hold a kit."""

    entity_id: str
    name: str


def create(
    run: AppContext, *, holders: tuple[Person, Person], passphrases: Sequence[Secret], out: Path
) -> tuple[Label, Content]:
    """Make a new key, seal it with what a licence needs, and have the safe vouch for it.

    Raises:
        DeniedError: only an admin does. ConflictError: all seven kits are made.
        NotFoundError, ConflictError, InvalidError, UnavailableError: `out` cannot be written.
    """
    actor, signer = run.identity(), run.plug(Signer)
    require_role(actor, MAKING)
    require_free(out)
    seed = bytearray(os.urandom(32))
    first, second = holders
    label = Label(
        number=next_number(signer),
        public_key=public_half(seed),
        filled_at=run.now(),
        holders=(
            Holder(first.entity_id, first.name, _BLANK),
            Holder(second.entity_id, second.name, _BLANK),
        ),
    )
    kit = OpenKit(label, _collect(run, signer), seed)
    try:
        sealed = kitfile.pack(kit, passphrases)
    finally:
        kit.close()
    _hand_over(run, kit, sealed, out, actor)
    replace_own(run.home.public_keys_file, public_key_set(signer).to_json())
    return label, kit.content


def refresh(
    run: AppContext, *, sealed: kitfile.SealedKit, passphrases: Sequence[Secret], file: Path
) -> tuple[Label, Content]:
    """Put today's licences into a kit; its key and its holders stay.

    Raises:
        DeniedError: only an admin does. KitLockedError: as `kitfile.unpack`.
        ConflictError: the safe does not know its key.
    """
    actor, signer = run.identity(), run.plug(Signer)
    require_role(actor, MAKING)
    require_trusted(sealed.label, signer)
    kit = kitfile.unpack(sealed, passphrases)
    try:
        label = msgspec.structs.replace(kit.label, filled_at=run.now())
        newer = kit.refilled(label, _collect(run, signer))
        packed = kitfile.pack(newer, passphrases)
    finally:
        kit.close()
    write_private(file, packed)
    with run.transaction() as session:
        events.record(
            session,
            actor=actor,
            at=run.now(),
            action=REFRESHED,
            subject=kit_subject(label.number),
            after=_facts(label, newer.content),
        )
    return label, newer.content


def repair(run: AppContext, intent: Intent) -> str:
    """Say whether an interrupted `create` came about, and enter it; doctor calls this."""
    number = int(intent.data["number"])
    key = bytes.fromhex(intent.data["public_key"])
    if _known_key(run.plug(Signer), number) == key:
        _conclude(run, intent, intent.data)
        return _("the safe vouches for {kit}; its file is {file}").format(
            kit=kit_in_words(number), file=intent.data["file"]
        )
    _abandon(run, intent)
    return _("the safe never heard of {kit}; destroy {file} and make another").format(
        kit=kit_in_words(number), file=intent.data["file"]
    )


def next_number(signer: Signer) -> int:
    """Raises ConflictError where every kit that the key ids allow was made."""
    for number in KITS:
        if _known_key(signer, number) is None:
            return number
    raise ConflictError(
        _("all {count} kits are made; their key ids are never used again").format(count=len(KITS)),
        hint=_("opskit license kit refresh FILE fills one of them anew"),
    )


def require_trusted(label: Label, signer: Signer) -> None:
    """Raises ConflictError for a kit whose key the safe does not vouch for."""
    if _known_key(signer, label.number) != label.public_key:
        raise ConflictError(
            _("the safe does not vouch for this {kit}").format(kit=kit_in_words(label.number)),
            hint=_("it was never finished, or is another safe's; opskit license kit list"),
        )


def _collect(run: AppContext, signer: Signer) -> Content:
    keys, catalog = public_key_set(signer), load_catalog(run.home)
    with run.snapshot() as session:
        return collect(session, keys=keys, catalog=catalog)


def _hand_over(run: AppContext, kit: OpenKit, sealed: bytes, out: Path, actor: Identity) -> None:
    """The file first: a key id that the safe knows and nobody has would be lost for good."""
    label = kit.label
    meant = {**_facts(label, kit.content), "number": label.number, "file": str(out.absolute())}
    with run.transaction() as session:
        intent = begin(
            session,
            kind=CREATE,
            subject=kit_subject(label.number),
            data=meant,
            at=run.now(),
            actor=actor,
        )
    try:
        write_asked_for(out, sealed)
    except OpsError:
        _abandon(run, intent)
        raise
    _have_trusted(run, label, out, intent)
    _conclude(run, intent, meant)


def _have_trusted(run: AppContext, label: Label, out: Path, intent: Intent) -> None:
    """A kit that the safe refuses is none: its file goes."""
    try:
        run.plug(KeyTrust).trust(kit_key(label.number).name, label.public_key)
    except UnavailableError as err:
        raise type(err)(
            _("{reason}; nobody knows whether it vouches for {kit}").format(
                reason=err.message, kit=kit_in_words(label.number)
            ),
            hint=_("{hint}; then opskit doctor --repair").format(hint=err.hint),
        ) from err
    except OpsError:
        out.unlink(missing_ok=True)
        _abandon(run, intent)
        raise


def _abandon(run: AppContext, intent: Intent) -> None:
    with run.transaction() as session:
        finish(session, intent, at=run.now())


def _conclude(run: AppContext, intent: Intent, meant: Mapping[str, Any]) -> None:
    facts = {name: meant[name] for name in ("key_id", "public_key", "holders", "licenses")}
    with run.transaction() as session:
        events.record(
            session,
            actor=intent.actor,
            at=run.now(),
            action=CREATED,
            subject=intent.subject,
            after=facts,
        )
        finish(session, intent, at=run.now())


def _facts(label: Label, content: Content) -> dict[str, Any]:
    return {
        "key_id": kit_key(label.number).key_id,
        "public_key": label.public_key.hex(),
        "holders": list(label.entities),
        "licenses": sum(len(client.licenses) for client in content.clients),
    }


def _known_key(signer: Signer, number: int) -> bytes | None:
    """The public key that the safe has for a kit."""
    key = kit_key(number)
    try:
        return signer.public_keys(key.name).get(key.version)
    except NotFoundError:
        return None
