"""What `opskit doctor` says about the safe."""

from collections.abc import Iterator

from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.health import Condition, Diagnosis
from opskit.core.i18n import _
from vault.ports import Provisioner
from vault.services import WRITERS

PART = "vault"


def examine(run: AppContext) -> Iterator[Diagnosis]:
    """The login; for an admin whether the safe is as it should be, for others their entries."""
    try:
        person = run.identity()
        yield Diagnosis(PART, Condition.OK, _("logged in as {name}").format(name=person.name))
        if "admin" in person.roles:
            yield from _provisioned(run)
        if not person.roles.isdisjoint(WRITERS):
            from vault.changing.mirrors import examine_lagging

            yield from examine_lagging(run)
    except OpsError as err:
        yield Diagnosis(PART, Condition.BROKEN, err.message, err.hint)


def _provisioned(run: AppContext) -> Iterator[Diagnosis]:
    try:
        provisioner = run.plug(Provisioner)
    except OpsError:
        return  # the database, in which the clients stand, tells it itself
    from vault.countersigning.enforcing import UNENFORCED, no_second_signer

    drifts = provisioner.plan()
    if not drifts:
        yield Diagnosis(PART, Condition.OK, _("the safe is as it should be"))
        return
    if any(drift.what == UNENFORCED for drift in drifts):
        unenforced = no_second_signer()
        yield Diagnosis(PART, Condition.BROKEN, unenforced.message, unenforced.hint)
    yield Diagnosis(
        PART,
        Condition.BROKEN,
        _("things that differ in the safe: {count}").format(count=len(drifts)),
        "opskit vault provision",
    )
