"""Roles: who has one of them passes, who has none learns which is missing."""

import pytest

from opskit.core.errors import DeniedError
from opskit.core.identity import Identity, require_role

BOB = Identity("e-bob", "bob", frozenset({"agent", "license-issuer"}))


def test_one_of_the_roles_is_enough() -> None:
    require_role(BOB, "admin", "agent")


def test_what_is_missing_is_named_and_nobody_is_tempted_to_take_it() -> None:
    with pytest.raises(DeniedError) as caught:
        require_role(BOB, "auditor", "admin")
    assert caught.value.message == "bob lacks the role auditor or admin"
    hint = caught.value.hint
    assert hint is not None
    assert hint.startswith("ask somebody who has it (opskit staff list)")
