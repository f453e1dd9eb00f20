"""What `opskit doctor` says about licences."""

from collections.abc import Iterator

from opskit.core.context import AppContext
from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import _

PART = "licenses"


def examine(run: AppContext) -> Iterator[Diagnosis]:
    """Whether the public keys for offline verification are there and readable."""
    from licenses.publickeys import KeySetError, PublicKeySet

    try:
        keys = PublicKeySet.from_json(run.home.public_keys_file.read_bytes())
    except (OSError, KeySetError):
        yield Diagnosis(
            PART,
            Condition.WARNING,
            _("no public keys in the home, so nothing can be verified offline"),
            "opskit license publish-keys",
        )
        return
    yield Diagnosis(
        PART, Condition.OK, _("{count} public keys in the home").format(count=len(keys.keys))
    )
