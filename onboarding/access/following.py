"""After a sign-off: access grows at once where that is settled so, else it is proposed."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import typer

from opskit.core.cliapp import context
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.output import say

if TYPE_CHECKING:
    from onboarding.access.milestones import Proposal
    from opskit.core.context import AppContext

SIGNING = ("tick", "sign")


def let_access_follow(app: typer.Typer) -> None:
    """Have `tick` and `sign` of the group look afterwards whether a milestone opens something."""
    for command in app.registered_commands:
        if command.name in SIGNING and command.callback is not None:
            command.callback = _followed(command.callback)


def _followed(sign: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(sign)
    def followed(ctx: typer.Context, **words: object) -> None:
        sign(ctx, **words)
        after_sign_off(context(ctx), str(words.get("run") or words["name"]))

    return followed


def after_sign_off(run: "AppContext", name: str) -> None:
    """Say what a consultant's milestones have earned, or give it where the setting says so.

    A sign-off that is made stays made: what goes wrong here is said, and stands in the to-do list.
    """
    try:
        proposal = _proposal_of(run, name)
        if proposal is None:
            return
        login, level = proposal.person.login, proposal.level.value
        if run.settings.access_grows_by_itself and "admin" in run.identity().roles:
            from onboarding.access.acts import asking_desk, grant

            grant(asking_desk(run), login=login, level=proposal.level)
            say(_("{login} has the access level {level} now").format(login=login, level=level))
            return
    except OpsError as err:
        say(_("the access does not follow yet: {reason}").format(reason=err.message))
        say(_("hint: {hint}").format(hint=err.hint))
        return
    say(
        _("access to grow: {login} has earned {level}; an admin gives it: {command}").format(
            login=login,
            level=level,
            command=f"opskit onboarding access grant {login} {level}",
        )
    )


def _proposal_of(run: "AppContext", name: str) -> "Proposal | None":
    from onboarding import services
    from onboarding.access.levels import load_levels
    from onboarding.access.milestones import proposals, walker_of

    with run.snapshot() as session:
        person_id = walker_of(session, services.find_run(session, name))
        if person_id is None:
            return None
        return next(iter(proposals(session, load_levels(run.home), person_id=person_id)), None)
