"""opskit license emergency: a code that support reads out by phone."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from licenses.cli.arguments import TargetArgument
from opskit.core.cliapp import context, examples, group, says_yes
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from licenses.emergency import Grant
    from licenses.services.emergencies import Turn
    from opskit.core.context import AppContext
    from opskit.core.refs import TicketKey
    from opskit.core.secret import Secret

app = group(_("In an emergency."))

TicketOption = Annotated[
    str,
    typer.Option(
        "--ticket", metavar="KEY", envvar="OPSKIT_TICKET", help=_("The reason, such as CS-1234.")
    ),
]


@app.command(
    "emergency",
    help=_("Give a code to read out by phone: it puts the end of a licence off, once."),
    epilog=examples(
        "opskit license emergency DELEZE --ticket CS-1001",
        "opskit license emergency L1042 --ticket CS-1001 --json",
    ),
)
def emergency(
    ctx: typer.Context,
    target: TargetArgument,
    ticket: TicketOption,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.refs import TicketKey

    run, reason = context(ctx), TicketKey.parse(ticket)
    serial, doubts = _look(run, target)
    _warn(doubts)
    must_ask = bool(doubts) and sys.stdin.isatty() and not yes
    if must_ask and not says_yes(_("give it all the same?"), default=False):
        raise typer.Abort
    turn, more = _spend(run, serial, reason)
    _warn([each for each in more if each not in doubts])  # somebody else was busy meanwhile
    code, grant = _code(run, turn)
    if as_json:
        show_json(_row(turn, code))
        return
    data(code.reveal())
    _read_out(turn, code, grant, reason)


def _look(run: "AppContext", target: str) -> tuple[int, list[str]]:
    """The licence that is meant, and why a code may be the wrong answer."""
    from licenses.codes import code_doubts
    from licenses.following import succession
    from licenses.services import emergencies

    actor, now = run.identity(), run.now()
    with run.snapshot() as session:
        record = succession.find_target(session, target, on=run.today())
        turn = emergencies.next_turn(session, record=record, at=now, actor=actor)
        return record.serial, list(code_doubts(turn, at=now))


def _warn(doubts: list[str]) -> None:
    for doubt in doubts:
        say(_("warning: {doubt}").format(doubt=doubt))


def _spend(run: "AppContext", serial: int, reason: "TicketKey") -> "tuple[Turn, list[str]]":
    """The turn as it is in the end, once nobody else can take one, and its doubts."""
    from licenses.codes import code_doubts
    from licenses.services import emergencies
    from licenses.services.register import find_record

    actor, now = run.identity(), run.now()
    with run.transaction() as session:
        record = find_record(session, serial)
        turn = emergencies.spend(session, record=record, ticket=reason, at=now, actor=actor)
        return turn, list(code_doubts(turn, at=now))


def _code(run: "AppContext", turn: "Turn") -> "tuple[Secret, Grant]":
    from licenses.anchors import code_of
    from licenses.services.emergencies import payload_of
    from opskit.core.errors import OpsError
    from opskit.core.signing import Signer

    try:
        signer = run.plug(Signer)
        return code_of(signer, payload_of(turn.record), turn.number, at=run.now())
    except OpsError:
        say(
            _(
                "code {number} of {license} counts as given and was not shown: ask for the next"
            ).format(number=turn.number, license=turn.license)
        )
        raise


def _row(turn: "Turn", code: "Secret") -> dict[str, object]:
    return {
        "code": code.reveal(),
        "number": turn.number,
        "days": turn.days,
        "license": turn.license,
        "client": turn.client.code,
        "left": turn.left,
    }


def _read_out(turn: "Turn", code: "Secret", grant: "Grant", reason: "TicketKey") -> None:
    """What support says on the phone, in the client's language."""
    from licenses.delivery.spelling import spelt
    from licenses.delivery.wording import wording
    from opskit.core.refs import format_number

    words = wording(turn.client.language)
    say(
        _(
            "emergency code {number} of {license} for {client}; days: {days}; codes left: {left}"
        ).format(
            number=turn.number,
            license=turn.license,
            client=turn.client.name,
            days=turn.days,
            left=turn.left,
        )
    )
    say(_("Read out, a group at a time:"))
    for line in spelt(code.reveal(), words):
        say(f"  {line}")
    say(_("Then say:"))
    say("  " + words.emergency.format(license=turn.license, day=words.date(grant.last_day)))
    if turn.record.replaces is not None:
        before = format_number("L", turn.record.replaces)
        say(_("If the client's product still has {license}:").format(license=before))
        say(f"  opskit license emergency {before} --ticket {reason}")
