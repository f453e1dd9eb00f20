"""Departures as lines, rows and JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from onboarding.leaving import services
from onboarding.leaving.services import LeaverLine
from onboarding.ports import Known
from onboarding.services.mentoring import newcomers_of
from opskit.core.context import AppContext
from opskit.core.errors import OpsError
from opskit.core.i18n import _
from opskit.core.output import say
from opskit.staff import services as staff

GUARDED = "guarded"


def leaving_facts(run: AppContext, login: str, *, known: Sequence[Known] = ()) -> dict[str, Any]:
    """Keys: those of `leaver_row`, `roles` (that the safe gave), `list` (K3), `newcomers` who need
    another mentor, and `to_rotate`.
    """
    with run.snapshot() as session:
        person = staff.by_login(session, login)
        latest = services.latest(session, person)
        line = next(each for each in services.leavers(session) if each.leaving is latest)
        newcomers = [walk.person.name for walk in newcomers_of(session, person)]
        return {
            **leaver_row(line),
            "roles": line.leaving.roles,
            "list": _list_of(session, line),
            "newcomers": newcomers,
            "to_rotate": [known_row(each) for each in known],
        }


def leaver_row(line: LeaverLine) -> dict[str, Any]:
    leaving = line.leaving
    return {
        "login": line.person.login,
        "name": line.person.name,
        "leaves_on": leaving.leaves_on,
        "state": leaving.state,
        "reads_known": leaving.known_at is not None,
        "reads": line.reads,
        "open_reads": line.open_reads,
    }


def leaver_columns() -> dict[str, str]:
    return {
        "login": _("Login"),
        "name": _("Name"),
        "leaves_on": _("Last day"),
        "state": _("State"),
        "reads": _("Entries read"),
        "open_reads": _("To rotate"),
    }


def known_row(known: Known) -> dict[str, Any]:
    """Keys: `client`, `ref`, `guarded`, `kind`, `read_at`, `ticket`, `rotated_at`, `state`."""
    read = known.read
    return {
        "client": read.client,
        "ref": known.entry,
        "guarded": read.mount == GUARDED,
        "kind": known.kind or None,
        "read_at": read.at.isoformat(timespec="seconds"),
        "ticket": read.ticket or None,
        "rotated_at": known.rotated or None,
        "state": known.state,
    }


def known_columns() -> dict[str, str]:
    return {
        "ref": _("Entry"),
        "kind": _("Kind"),
        "read_at": _("Last read"),
        "ticket": _("Ticket"),
        "rotated_at": _("Rotated"),
        "state": _("State"),
    }


def tell_planned(facts: Mapping[str, Any]) -> None:
    say(
        _("{name} leaves on {day}; until then nothing changes in the safe").format(
            name=facts["name"], day=facts["leaves_on"]
        )
    )
    say(
        _("on that day an admin types: {command}").format(
            command=f"opskit onboarding leave {facts['login']}"
        )
    )
    _tell_newcomers(facts)


def tell_stays(facts: Mapping[str, Any], *, was_under_way: bool) -> None:
    """What was cut off may have reached the safe."""
    say(_("{name} stays").format(name=facts["name"]))
    if was_under_way:
        say(
            _("the safe may refuse {login} all the same: {command}").format(
                login=facts["login"], command=_way_back(facts)
            )
        )


def tell_left(facts: Mapping[str, Any], *, problem: OpsError | None) -> None:
    """What was done, what remains, and how to take back a mistake."""
    login = facts["login"]
    say(_("{name} ({login}) is out of the safe").format(name=facts["name"], login=login))
    _tell_newcomers(facts)
    if problem is not None:
        say(
            _("what {login} read is not known: {reason}").format(
                login=login, reason=problem.message
            )
        )
    if not facts["reads_known"]:
        say(not_known(login))
    elif facts["to_rotate"]:
        say(
            _("entries that {login} read and nobody rotated since: {count}").format(
                login=login, count=len(facts["to_rotate"])
            )
        )
        say(_("next: {command}").format(command=f"opskit onboarding leavers {login}"))
    else:
        say(_("nothing that {login} read is left to rotate").format(login=login))
    say(_("a mistake? {command}").format(command=_way_back(facts)))


def not_known(login: str) -> str:
    return _("next, with the log of the safe's server: {command}").format(
        command=f"opskit onboarding leave {login} --log audit.log --yes"
    )


def _tell_newcomers(facts: Mapping[str, Any]) -> None:
    if facts["newcomers"]:
        say(
            _("need another mentor: {names}; {command}").format(
                names=", ".join(facts["newcomers"]),
                command=f"opskit onboarding hand-over {facts['login']} LOGIN",
            )
        )


def _way_back(facts: Mapping[str, Any]) -> str:
    """Enabling is undone by disabling; the roles are given back one by one."""
    login = facts["login"]
    commands = [f"opskit user enable {login}"]
    commands += [f"opskit user grant {login} --role {role}" for role in facts["roles"]]
    return "; ".join(commands)


def _list_of(session: Session, line: LeaverLine) -> str | None:
    run = services.run_of(session, line.leaving)
    return None if run is None else run.name
