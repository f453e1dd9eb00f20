"""The life of a request: six states, eight moves, and every other move refused."""

from itertools import product

import pytest

from licenses.states import UNAPPROVED_ISSUE, RequestState, require_move
from opskit.core.errors import ConflictError

S = RequestState
ANEW = "opskit license extend L1042"
LEGAL = {
    (S.REQUESTED, S.APPROVED),
    (S.REQUESTED, S.REJECTED),
    (S.REQUESTED, S.WITHDRAWN),
    (S.APPROVED, S.ISSUED),
    (S.APPROVED, S.REJECTED),
    (S.APPROVED, S.WITHDRAWN),
    (S.ISSUED, S.DELIVERED),
    (S.DELIVERED, S.DELIVERED),
}
SAID = {
    S.REQUESTED: "R12 is not approved yet",
    S.APPROVED: "R12 is approved already, and not issued yet",
    S.REJECTED: "R12 was rejected",
    S.WITHDRAWN: "R12 was withdrawn",
    S.ISSUED: "R12 is issued already",
    S.DELIVERED: "R12 is issued and delivered already",
}
NEXT_COMMAND = {
    S.REQUESTED: "opskit license approve R12",
    S.APPROVED: "opskit license issue R12 --out FILE",
    S.REJECTED: ANEW,
    S.WITHDRAWN: ANEW,
    S.ISSUED: "opskit license show R12",
    S.DELIVERED: "opskit license show R12",
}


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize(("current", "wanted"), list(product(S, S)))
def test_every_move(current: RequestState, wanted: RequestState, alone: bool) -> None:
    by_setting = alone and (current, wanted) == UNAPPROVED_ISSUE
    if (current, wanted) in LEGAL or by_setting:
        require_move(12, current, wanted, anew=ANEW, without_approval=alone)
        return
    with pytest.raises(ConflictError) as caught:
        require_move(12, current, wanted, anew=ANEW, without_approval=alone)
    assert caught.value.message == SAID[current]
    assert caught.value.hint == NEXT_COMMAND[current]
