"""A home whose server wants a second person for each licence."""

from collections.abc import Iterator

import pytest

from tests.support.home import PASSWORDS, House, copy_of
from tests.support.signing import meet

STRANGERS = {"dave": "pass of dave", "kate": "pass of kate", "nora": "pass of nora"}


@pytest.fixture(scope="package")
def strict(house_pattern: House) -> Iterator[House]:
    """Alice has every role, bob issues, dave is only an admin, kate keeps the safe, nora sells."""
    with pytest.MonkeyPatch.context() as patch, copy_of(house_pattern) as house:
        for name, password in STRANGERS.items():
            patch.setitem(PASSWORDS, name, password)
        meet(house, "dave", "admin")
        meet(house, "kate", "safe-keeper", "agent")
        meet(house, "nora", "sales")
        settings = house.home.settings_file
        settings.write_text(settings.read_text() + "license_second_signer = true\n")
        house.done("vault", "provision")
        yield house
