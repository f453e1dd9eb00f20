"""The numbers of kits, their keys, and of the licences that come out of them."""

from licenses.keyfamilies import OFFLINE_KITS, SigningKey, key_of
from opskit.core.i18n import _

KEY_IDS = range(OFFLINE_KITS[0].offset + 1, OFFLINE_KITS[-1].offset + 2)
KITS = range(1, len(OFFLINE_KITS) + 1)

# The register counts from 1001 up; these are drawn by chance, since nobody can be asked.
FIRST_SERIAL = 0xF000_0000
SERIALS = 1 << 28


def kit_key(number: int) -> SigningKey:
    """The key of kit 1 to 7; its id says which kit signed."""
    return key_of(OFFLINE_KITS[number - 1], 1)


def kit_subject(number: int) -> str:
    """How events and intents name a kit."""
    return f"kit {number}"


def kit_in_words(number: int) -> str:
    """How people read it, in their language."""
    return _("kit {number}").format(number=number)
