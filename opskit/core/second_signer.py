"""The person without whom the safe does not sign, where the team wants one (ADR 0022)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, Self

from opskit.core.errors import DeniedError
from opskit.core.i18n import _


class SecondSignerNeededError(DeniedError):
    """The safe signs once a second person has agreed; then the same command, typed again, ends.

    By each of the accessors that person names a request; they open nothing.
    """

    reference: ClassVar[str] = "second-signer"

    def __init__(self, accessors: Sequence[str], until: datetime) -> None:
        self.accessors = tuple(accessors)
        self.until = until
        super().__init__(
            _("the safe signs once a second person agrees, until {time}").format(
                time=until.astimezone().strftime("%H:%M")
            ),
            hint=_(
                "another license-issuer types: opskit license countersign {accessors}; "
                "then type this command again"
            ).format(accessors=" ".join(accessors)),
        )

    @classmethod
    def together(cls, errors: Sequence[Self]) -> Self:
        """Several requests that one command made."""
        return cls(
            [each for error in errors for each in error.accessors],
            min(error.until for error in errors),
        )


@dataclass(frozen=True, slots=True)
class WaitingSignature:
    """What the safe will sign once a second person agrees, in the safe's own words."""

    key: str
    key_version: int
    messages: tuple[bytes, ...]
    asked_by: str
    """The entity of the person who asked."""
    approved: bool
    agreed_by: tuple[str, ...]
    """The entities of those who agreed."""


class SecondSigner(Protocol):
    """The person without whom the safe does not sign. Both may raise Denied-, UnavailableError."""

    def look(self, accessor: str) -> WaitingSignature | None:
        """What waits under that name; None once it was made, or its time is over.

        Raises:
            InvalidError: what waits there is no signature.
        """
        ...

    def approve(self, accessor: str) -> None:
        """Agree, as the person who is logged in: not the one that asked."""
        ...
