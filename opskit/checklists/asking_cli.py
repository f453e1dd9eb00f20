"""Ask everything again: first outside the database, then what was found is entered."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from opskit.core.context import AppContext
from opskit.core.errors import UnavailableError
from opskit.core.i18n import _
from opskit.core.output import say

if TYPE_CHECKING:
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
    """
    from opskit.checklists import services
    from opskit.checklists.evidence import shares_of
    from opskit.checklists.ports import CheckSource

    actor, on = here.identity(), here.today()
    shares = shares_of(here.settings.evidence_shares)
    with here.snapshot() as session:
        run = find(session, number, actor)
        looked = services.look_at_evidence(session, run, shares)
    findings = services.ask_checks(run, checks=here.plug(CheckSource).checks(), on=on)
    if to_decide:
        _refuse_unknown(run, findings.values(), looked)
    with here.transaction() as session:
        run = find(session, number, actor)
        lost = services.enter_lost(session, run=run, lost=looked.lost, at=here.now(), actor=actor)
        found = services.enter_findings(
            session, run=run, findings=findings, on=on, at=here.now(), actor=actor
        )
    for key, reason in looked.unseen.items():
        say(f"{run.name} {key}: {reason}")
    return run, [*map(_as_result, lost), *found]


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


def _as_result(step: "Step") -> "CheckResult":
    """A step whose evidence is lost, as a check of it would say so."""
    from opskit.checklists.checks import Verdict
    from opskit.checklists.services import CheckResult
    from opskit.checklists.states import State

    proof, state = step.proof or "", State(step.state)
    return CheckResult(step.key, Verdict.FAILED, proof, None, state, changed=True)
