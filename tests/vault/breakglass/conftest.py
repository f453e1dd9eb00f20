"""A home with a guarded entry."""

from collections.abc import Iterator

import pytest

from tests.support.breakglass import CAROL, REF, put_under_guard
from tests.support.home import PASSWORDS, House, copy_of


@pytest.fixture(scope="package")
def vaulted(house_pattern: House) -> Iterator[House]:
    """A home with a guarded entry; bob is an agent, alice and carol keep the safe."""
    with pytest.MonkeyPatch.context() as patch, copy_of(house_pattern) as house:
        patch.setitem(PASSWORDS, "carol", CAROL)
        house.login("alice")
        house.done(
            *("user", "add", "carol", "--role", "safe-keeper", "--password-file", "-"), stdin=CAROL
        )
        put_under_guard(house, REF)
        yield house
