"""Where the clients of a campaign are stuck, in words: at which step, and for whom it waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from opskit.core.i18n import _

FEWEST = 1  # clients that make a bottleneck
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class StepTally:
    """How many clients stand where at one step. `late` ones are open, and nothing blocks them."""

    key: str
    text: str
    owner: str
    position: int
    waiting: Mapping[str, int] = field(default_factory=dict)  # for whom: client, rnd, expert
    submitted: int = 0
    failed: int = 0
    late: int = 0

    @property
    def stuck(self) -> int:
        return sum(self.waiting.values()) + self.submitted + self.failed + self.late


@dataclass(frozen=True, slots=True)
class Bottleneck:
    key: str
    clients: int
    text: str


def bottlenecks(tallies: Sequence[StepTally]) -> list[Bottleneck]:
    """The steps at which most clients are stuck, the worst first; of equals the earlier one."""
    stuck = sorted(
        (each for each in tallies if each.stuck >= FEWEST),
        key=lambda each: (-each.stuck, each.position),
    )
    return [Bottleneck(each.key, each.stuck, in_words(each)) for each in stuck[:MOST_SHOWN]]


def in_words(tally: StepTally) -> str:
    """`11 clients are stuck at "Date confirmed in writing": for the client 8, late (agent) 3`."""
    sentence = (
        _('1 client is stuck at "{step}": {reasons}')
        if tally.stuck == 1
        else _('{count} clients are stuck at "{step}": {reasons}')
    )
    reasons = ", ".join(f"{why} {count}" for why, count in _reasons(tally).items() if count)
    return sentence.format(count=tally.stuck, step=tally.text, reasons=reasons)


def _reasons(tally: StepTally) -> dict[str, int]:
    waiting = {_waits_for(whom): count for whom, count in sorted(tally.waiting.items())}
    return {
        **waiting,
        _("waits for a second person"): tally.submitted,
        _("failed"): tally.failed,
        _("late ({owner})").format(owner=tally.owner): tally.late,
    }


def _waits_for(whom: str) -> str:
    match whom:
        case "client":
            return _("waits for the client")
        case "rnd":
            return _("waits for R&D")
        case "expert":
            return _("waits for an expert")
        case _:
            return _("waits for {whom}").format(whom=whom)
