"""The commands on the steps of a path, which mean the same for every checklist."""

from typing import TYPE_CHECKING

from onboarding.access.following import let_access_follow
from onboarding.completion import complete_consultant
from onboarding.names import NEWCOMER
from opskit.checklists.step_cli import Habits, Samples, add_step_commands
from opskit.core.cliapp import group
from opskit.core.i18n import _

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from opskit.checklists.models import Run
    from opskit.checklists.templates import Template
    from opskit.core.business_days import Calendar
    from opskit.core.identity import Identity

app = group(_("The steps of a path."))


def _find(session: "Session", name: str, actor: "Identity") -> "Run":
    from onboarding import services

    return services.find_to_change(session, name, actor)


def _see(session: "Session", name: str, actor: "Identity") -> "Run":
    from onboarding import services

    return services.find_to_see(session, name, actor).run


def _anchor_of(session: "Session", run: "Run", day: "date", calendar: "Calendar") -> "date":
    from onboarding import services

    return services.anchor_of(session, run, day, calendar)


def _moved(
    session: "Session", run: "Run", /, *, to: "date", at: "datetime", actor: "Identity"
) -> None:
    from onboarding import services

    del at, actor  # the move itself is in the log
    services.enter_first_day(session, run, to=to)


def _newest(session: "Session", run: "Run") -> "Template":
    from onboarding.paths import Wish, choose_path

    return choose_path(session, Wish(path=run.template.id)).template


def _decides(session: "Session", run: "Run", actor: "Identity") -> None:
    from onboarding import services

    services.require_signer(session, run, actor)


def _steers(session: "Session", run: "Run", actor: "Identity") -> None:
    from onboarding import services

    services.find_to_lead(session, run.name, actor)


def _remark(session: "Session", run: "Run") -> str | None:
    from onboarding.resting import rest_line

    return rest_line(session, run)


add_step_commands(
    app,
    group="onboarding",
    samples=Samples(
        run='"Camille Perret"',
        tick='mentor --answer "Maria Keller, backup Paul Rey"',
        waive='ten-calls --reason "came from the hotline of another team"',
        skip='on-call-rehearsal --reason "this pole is never on call"',
        reopen='workstation --reason "a new laptop is on its way"',
        step="workstation",
        version="2",
    ),
    find=_find,
    complete=complete_consultant,
    habits=Habits(
        see=_see,
        anchor_of=_anchor_of,
        moved=_moved,
        newest=_newest,
        decides=_decides,
        has_past=True,
        steers=_steers,
        own_role=NEWCOMER,
        remark=_remark,
    ),
    gates=False,
    ends=False,
)
let_access_follow(app)
