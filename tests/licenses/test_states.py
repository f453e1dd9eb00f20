"""The life of a request: three states, two moves, and every other move refused."""

from itertools import product

import pytest

from licenses.states import RequestState, require_move
from opskit.core.errors import ConflictError

LEGAL = {
    (RequestState.REQUESTED, RequestState.APPROVED),
    (RequestState.APPROVED, RequestState.ISSUED),
}
SAID = {
    RequestState.REQUESTED: "R12 is not approved yet",
    RequestState.APPROVED: "R12 is approved already",
    RequestState.ISSUED: "R12 is issued already",
}
NEXT_COMMAND = {
    RequestState.REQUESTED: "opskit license approve R12",
    RequestState.APPROVED: "opskit license issue R12 --out FILE",
    RequestState.ISSUED: "opskit license show R12",
}


@pytest.mark.parametrize(("current", "wanted"), list(product(RequestState, RequestState)))
def test_every_move(current: RequestState, wanted: RequestState) -> None:
    if (current, wanted) in LEGAL:
        require_move(12, current, wanted)
        return
    with pytest.raises(ConflictError) as caught:
        require_move(12, current, wanted)
    assert caught.value.message == SAID[current]
    assert caught.value.hint == NEXT_COMMAND[current]
