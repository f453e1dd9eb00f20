"""Change licences at random, in every form, and see that none is accepted.

    python -m benchmarks.mutations 1000000

Nothing but LicenseRefusedError may come out of the verifier.
"""

import random
import sys
import time

from licenses import armour, typedform
from licenses.refusals import LicenseRefusedError
from licenses.verifier import authenticate
from tests.licenses.samples import KEYS, SAMPLE, sign

SIGNED = sign(SAMPLE)
FORMS: tuple[bytes | str, ...] = (
    SIGNED,
    armour.wrap(SIGNED, {"Client": "Deleze SA"}),
    typedform.wrap(SIGNED),
    typedform.qr_text(SIGNED),
)


def main(count: int) -> None:
    chance = random.Random(1)  # the same keys in every run
    began = time.perf_counter()
    harmless = sum(not is_refused(mutated(chance, chance.choice(FORMS))) for _ in range(count))
    seconds = time.perf_counter() - began
    print(f"{count:,} mutated keys in {seconds:.0f} s: none accepted with other bytes,")
    print(f"{harmless:,} were changed only where it means nothing (headers, dashes, case)")


def mutated(chance: random.Random, key: bytes | str) -> bytes | str:
    """One to three places overwritten, put in or taken out."""
    places = list(key)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(places))
        new = chance.randrange(256) if isinstance(key, bytes) else chr(chance.randrange(32, 127))
        match chance.randrange(3):
            case 0:
                places[at] = new
            case 1:
                places.insert(at, new)
            case _:
                del places[at]
    return bytes(places) if isinstance(key, bytes) else "".join(map(str, places))  # type: ignore[arg-type]


def is_refused(key: bytes | str) -> bool:
    """False for a key that still writes the very same bytes.

    Raises:
        AssertionError: another licence than the sample was accepted.
    """
    try:
        payload = authenticate(key, KEYS)
    except LicenseRefusedError:
        return True
    if payload != SAMPLE or (isinstance(key, bytes) and key != SIGNED):
        raise AssertionError(f"accepted: {key!r}")
    return False


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
