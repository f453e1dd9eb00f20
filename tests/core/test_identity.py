"""Roles: who has one of them passes, who has none learns which is missing."""

import pytest

from opskit.core.errors import DeniedError
from opskit.core.identity import Identity, require_role

BOB = Identity("e-bob", "bob", frozenset({"agent", "license-issuer"}))


def test_one_of_the_roles_is_enough() -> None:
    require_role(BOB, "admin", "agent")


def test_what_is_missing_is_named_with_the_command_that_gives_it() -> None:
    with pytest.raises(DeniedError) as caught:
        require_role(BOB, "auditor", "admin")
    assert caught.value.message == "bob lacks the role auditor or admin"
    assert caught.value.hint == "an admin can give it: opskit user grant bob --role auditor"
