"""Ask everything again: first outside the database, then what was found is entered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from opskit.core.context import AppContext
from opskit.core.errors import ConflictError, UnavailableError
from opskit.core.i18n import _
from opskit.core.output import say

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from opskit.checklists.checks import Finding
    from opskit.checklists.models import Run, Step
    from opskit.checklists.services import CheckResult, Looked
    from opskit.core.identity import Identity


def ask_and_enter(
    here: AppContext,
    find: "Callable[[Session, str, Identity], Run]",
    number: str,
    *,
    to_decide: bool = False,
) -> "tuple[Run, list[CheckResult]]":
    """The run, and what its checks and its evidence say now; red steps are entered.

    The registers and the shares are asked outside the transaction: they may be slow, and nobody
    should wait for them. `to_decide` takes no answer that could not be had.

    Raises:
        UnavailableError: to decide, and a register or a share is out of reach; nothing is entered.
        ConflictError: the run was moved meanwhile, and what was asked is about another day.
    """
    from opskit.checklists import services
    from opskit.checklists.evidence import shares_of
    from opskit.checklists.ports import CheckSource

    actor, on = here.identity(), here.today()
    shares = shares_of(here.settings.evidence_shares)
    with here.snapshot() as session:
        run = find(session, number, actor)
        looked, day = services.look_at_evidence(session, run, shares), run.anchor_on
    findings = services.ask_checks(run, checks=here.plug(CheckSource).checks(), on=on)
    if to_decide:
        _refuse_unknown(run, findings.values(), looked)
    with here.transaction() as session:
        run = find(session, number, actor)
        turned = services.enter_looked(session, run=run, looked=looked, at=here.now(), actor=actor)
        found = services.enter_findings(
            session, run=run, findings=findings, on=on, at=here.now(), actor=actor
        )
        _refuse_moved(run, day)
    for key, reason in looked.unseen.items():
        say(f"{run.name} {key}: {reason}")
    return run, [*_of_files(run, looked, turned), *found]


def _refuse_unknown(run: "Run", findings: "Iterable[Finding]", looked: "Looked") -> None:
    """No decision rests on what nobody could look at."""
    for finding in findings:
        if finding.away is not None:
            raise UnavailableError(
                _("{run}: the decision was not recorded: {reason}").format(
                    run=run.name, reason=finding.away.message
                ),
                hint=finding.away.hint,
            )
    for key, reason in looked.unseen.items():
        raise UnavailableError(
            _("{run}: the decision was not recorded: {reason}").format(
                run=run.name, reason=f"{key}: {reason}"
            ),
            hint=_("decide where the share is in reach; docs/settings.md, evidence_shares"),
        )


def _refuse_moved(run: "Run", asked_for: "date") -> None:
    if run.anchor_on != asked_for:
        raise ConflictError(
            _("{run} was moved to {day} while its checks were asked").format(
                run=run.name, day=run.anchor_on
            ),
            hint=f"opskit {run.kind} check {run.name}",
        )


def _of_files(run: "Run", looked: "Looked", turned: "Sequence[Step]") -> "Iterator[CheckResult]":
    """The steps whose file could be looked at, as a check of it would tell."""
    from opskit.checklists.checks import Verdict
    from opskit.checklists.services import CheckResult
    from opskit.checklists.states import State

    for step in run.steps:
        if step.key not in looked.digests or step.key in looked.unseen:
            continue
        reason = looked.lost.get(step.key)
        yield CheckResult(
            step.key,
            Verdict.FAILED if reason else Verdict.OK,
            reason or _("{file} is there").format(file=step.answer),
            None,
            State(step.state),
            changed=step in turned,
        )
