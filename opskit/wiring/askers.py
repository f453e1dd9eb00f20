"""Who asks for a change that may wait for the safe: whom it knows, or knew of this login last."""

from onboarding.ports import Asker
from opskit.core.errors import UnavailableError
from opskit.core.identity import Identity
from opskit.wiring.house import House


class AskersOfTheHouse:
    """The `Askers` of onboarding."""

    def __init__(self, house: House) -> None:
        self._house = house

    def current(self) -> Asker:
        try:
            return Asker(self._house.identity)
        except UnavailableError:
            known = self._known()
            if known is None:
                raise
            return Asker(known, is_proven=False)

    def _known(self) -> Identity | None:
        token = self._house.tokens.load()
        return None if token is None else self._house.last_identity.recall(token)
