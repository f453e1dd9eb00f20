"""What is opened on first use, for whoever records a wish before the safe has to be there."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

Port = TypeVar("Port")


def late(make: Callable[[], Port]) -> Port:
    """Stands for what `make` gives, and asks for it when one of its verbs is called."""
    return cast("Port", _Late(make))


class _Late:
    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> object:
        return self._make()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the port has)
        return getattr(self._made, name)
