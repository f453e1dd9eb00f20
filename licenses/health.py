"""What `opskit doctor` says about licences."""

from collections.abc import Iterator

from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import _

PART = "licenses"


def examine(run: AppContext) -> Iterator[Diagnosis]:
    """The public keys for offline verification, the sealed-safe kit, and mails on their way."""
    yield _public_keys(run)
    yield from _kit(run)
    yield from _mails(run)


def _public_keys(run: AppContext) -> Diagnosis:
    """Whether they are there and readable."""
    from licenses.publickeys import KeySetError, PublicKeySet

    try:
        keys = PublicKeySet.from_json(run.home.public_keys_file.read_bytes())
    except (OSError, KeySetError):
        return Diagnosis(
            PART,
            Condition.WARNING,
            _("no public keys in the home, so nothing can be verified offline"),
            "opskit license keys publish",
        )
    return Diagnosis(
        PART, Condition.OK, _("{count} public keys in the home").format(count=len(keys.keys))
    )


def _kit(run: AppContext) -> Iterator[Diagnosis]:
    """The last kit, where it would no longer help as it should; a team may have none."""
    from licenses.offline.kits import OLD, kits, left
    from licenses.offline.numbering import kit_in_words

    try:
        with run.snapshot() as session:
            last = next(reversed(kits(session)), None)
            gone = left(session, last.holders) if last else []
    except OpsError:
        return  # the database has its own line
    if last is None:
        return
    if run.now() - last.filled_at > OLD:
        yield Diagnosis(
            PART,
            Condition.WARNING,
            _("the sealed-safe {kit} was last filled on {day}").format(
                kit=kit_in_words(last.number), day=last.filled_at.astimezone().date()
            ),
            "opskit license kit refresh FILE",
        )
    for name in gone:
        yield Diagnosis(
            PART,
            Condition.WARNING,
            _("{name} holds the sealed-safe {kit} and may no longer log in").format(
                name=name, kit=kit_in_words(last.number)
            ),
            _("make another with opskit license kit create, and destroy this one"),
        )


def _mails(run: AppContext) -> Iterator[Diagnosis]:
    """Those whose outcome was never recorded."""
    from licenses.services.deliveries import MAIL
    from opskit.core.intents import open_intents

    try:
        with run.snapshot() as session:
            waiting = open_intents(session, kinds=(MAIL,))
    except OpsError:
        return  # the database has its own line
    for intent in waiting:
        yield Diagnosis(
            PART,
            Condition.WARNING,
            _("unknown whether the mail with {license} went out, Message-ID {message_id}").format(
                license=intent.subject, message_id=intent.data.get("message_id", "?")
            ),
            _("opskit doctor --repair records that, and sends nothing"),
        )
