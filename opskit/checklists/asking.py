"""Ask every register at the same time, and none for ever."""

import threading
from collections.abc import Mapping
from time import monotonic

from opskit.checklists.checks import Check, CheckSubject, Finding, Verdict, ask
from opskit.core.i18n import _

PATIENCE = 20.0  # seconds; longer than a safe's own time limit, which says more


def ask_all(
    checks: Mapping[str, Check], about: CheckSubject, *, patience: float = PATIENCE
) -> dict[str, Finding]:
    """The findings by name. A check that hangs has failed, and the others go on.

    Each check runs in a thread of its own. One that does not come back is left behind: it can
    neither be stopped nor keep the program from ending.
    """
    found: dict[str, Finding] = {}

    def keep(name: str, check: Check) -> None:
        found[name] = ask(check, about)

    threads = [
        threading.Thread(target=keep, args=(name, check), daemon=True)
        for name, check in checks.items()
    ]
    for thread in threads:
        thread.start()
    deadline = monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, deadline - monotonic()))
    hanging = Finding(
        Verdict.FAILED, _("no answer within {seconds} s").format(seconds=f"{patience:g}")
    )
    answered = dict(found)
    return {name: answered.get(name, hanging) for name in checks}
