"""The life of a request: three states, two moves, and every other move refused."""

from itertools import product

import pytest

from licenses.states import RequestState, require_move
from opskit.core.errors import ConflictError

LEGAL = {
    (RequestState.REQUESTED, RequestState.APPROVED),
    (RequestState.APPROVED, RequestState.ISSUED),
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
    assert caught.value.message == f"R12 is {current.value}"
    assert caught.value.hint == NEXT_COMMAND[current]
