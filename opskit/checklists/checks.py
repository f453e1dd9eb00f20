"""Steps that answer themselves: a check asks a register and says what it found.

The engine knows no check by itself. The caller hands in a registry, a plain mapping from the
name that a template uses to a function.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from opskit.core.errors import OpsError, UnavailableError
from opskit.core.i18n import _


class Verdict(StrEnum):
    """What a check found; `unknown` where it could not find out."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict, its proof in words, and the last day on which it may be relied upon.

    `away` is why the check could not find out, where its register did not answer.
    """

    verdict: Verdict
    proof: str
    fresh_until: date | None = None
    away: UnavailableError | None = None


@dataclass(frozen=True, slots=True)
class CheckSubject:
    """What a check is about: the run's subject, facts and date, and the day it is asked on."""

    subject: str
    facts: Mapping[str, Any]
    anchor_on: date
    on: date


Check = Callable[[CheckSubject], Finding]


def ask(check: Check, about: CheckSubject) -> Finding:
    """Run one check; one that breaks has failed, and the others go on.

    Of an unforeseen exception only the class is told: its text might hold a secret.
    """
    try:
        return check(about)
    except UnavailableError as err:
        return Finding(Verdict.UNKNOWN, err.message, away=err)
    except OpsError as err:
        return Finding(Verdict.FAILED, err.message)
    except Exception as err:  # noqa: BLE001 (any check may be plugged in)
        reason = _("the check broke: {error}").format(error=type(err).__name__)
        return Finding(Verdict.FAILED, reason)


def missing(name: str) -> Finding:
    """The finding for a check that nobody plugged in."""
    return Finding(Verdict.UNKNOWN, _("there is no check {name} here").format(name=name))


def together(findings: Sequence[Finding]) -> Finding:
    """Several findings as one: the worst verdict, and fresh as long as the shortest."""
    verdicts = {finding.verdict for finding in findings}
    worst = next(
        (each for each in (Verdict.FAILED, Verdict.UNKNOWN) if each in verdicts), Verdict.OK
    )
    ends = [finding.fresh_until for finding in findings if finding.fresh_until is not None]
    return Finding(
        verdict=worst,
        proof="; ".join(
            finding.proof for finding in findings if worst in (Verdict.OK, finding.verdict)
        ),
        fresh_until=min(ends, default=None),
        away=next((finding.away for finding in findings if finding.away), None),
    )
