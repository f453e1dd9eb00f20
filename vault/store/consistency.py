"""Read what one has written, though another node answers.

The standbys of OpenBao answer reads themselves and may lag behind. Since 2.7 an answer names the
state of the storage it stands for; sent with the next request, a node that has not come so far
passes it on to the leader. Other servers ignore the two headers.
"""

from threading import local
from typing import Any

import requests
from requests.adapters import HTTPAdapter

INDEX = "X-Vault-Index"
ELSE_FORWARD = {"X-Vault-Inconsistent": "forward-active-node"}


class ConsistentAdapter(HTTPAdapter):
    """An HTTPAdapter whose requests see what earlier requests of the same thread did.

    A state is opaque, so that nobody can say which of two is the later one: each thread keeps its
    own. One that has none yet takes the last that any thread saw.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 (as requests has it)
        super().__init__(**options)
        self._own = local()
        self._last = ""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401
        index = getattr(self._own, "index", self._last)
        if index:
            request.headers.update({INDEX: index, **ELSE_FORWARD})
        response = super().send(request, **options)
        if found := response.headers.get(INDEX):
            self._own.index = self._last = found
        return response
