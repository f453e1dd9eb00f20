"""opskit onboarding review: the agenda, and what is decided."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.skills.options import NameArgument
from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json

if TYPE_CHECKING:
    from onboarding.reviews.wishes import Wish
    from opskit.core.context import AppContext

app = group(_("Reviews at day 30, 60, 90 and after six months."))


@app.command(
    "review",
    help=_(
        "The agenda of the next review, or of the one that --kind names: late and open steps, "
        "skills that are seen differently, earlier decisions, your notes. With --decision the "
        "review is held: mentors continue, managers and admins also extend and confirm the "
        "probation."
    ),
    epilog=examples(
        'opskit onboarding review "Camille Perret"',
        "opskit onboarding review cperret --kind day-30 --decision continue --notes notes.md",
        "opskit onboarding review cperret --kind day-60 --notes - --visible newcomer",
        "opskit onboarding review cperret --kind day-90 --decision extend --until 2027-06-30",
    ),
)
def review(
    ctx: typer.Context,
    name: NameArgument,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            autocompletion=choices(("day-30", "day-60", "day-90", "month-6")),
            help=_("day-30, day-60, day-90, month-6; by default the next one."),
        ),
    ] = None,
    decision: Annotated[
        str | None,
        typer.Option(
            "--decision",
            metavar="WORD",
            autocompletion=choices(("continue", "extend", "confirm")),
            help=_("continue, extend or confirm."),
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DATE", help=_("With extend: the probation's last day.")),
    ] = None,
    notes: Annotated[
        str | None,
        typer.Option("--notes", metavar="FILE", help=_("Notes to keep; - reads stdin.")),
    ] = None,
    visible: Annotated[
        str | None,
        typer.Option(
            "--visible",
            metavar="WHO",
            autocompletion=choices(("newcomer", "mentor", "manager")),
            help=_(
                "Who may read the notes: newcomer (and those below), mentor (and managers), "
                "manager; by default mentor."
            ),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.reviews.wishes import read_wish
    from opskit.core.dates import parse_date

    run = context(ctx)
    wish = read_wish(
        kind=kind,
        decision=decision,
        until=None if until is None else parse_date(until, today=run.today()),
        text=None if notes is None else _read(notes),
        visible=visible,
    )
    if wish is not None:
        done = _carry_out(run, name, wish)
        if not as_json:
            for line in done:
                say(line)
            return
    _show(run, name, kind, as_json=as_json)


def _carry_out(run: "AppContext", name: str, wish: "Wish") -> list[str]:
    """Record it in one transaction, and what to say about it."""
    from onboarding.reviews import holding
    from onboarding.reviews.appointments import choose
    from onboarding.reviews.notes import add_note
    from onboarding.reviews.words import circle_in_words, kind_in_words, verdict_in_words

    today, actor = run.today(), run.identity()
    said: list[str] = []
    with run.transaction() as session:
        folder = holding.open_folder(session, name)
        appointment = choose(folder.appointments, wish.kind)
        who, kind = folder.learner.person.name, appointment.kind
        if wish.verdict is not None:
            made = holding.decide(
                session,
                folder,
                kind=kind,
                decision=wish.verdict,
                until=wish.until,
                on=today,
                at=run.now(),
                actor=actor,
            )
            told = verdict_in_words(made.decision, made.until)
            said.append(
                _("{name}, {review}: {decision}").format(
                    name=who, review=kind_in_words(kind), decision=told
                )
            )
            if appointment.due_on > today:
                said.append(_("the review was due on {day} only").format(day=appointment.due_on))
        if wish.text is not None:
            add_note(
                session,
                learner=folder.learner,
                run=folder.run,
                kind=kind,
                text=wish.text,
                circle=wish.circle,
                at=run.now(),
                actor=actor,
            )
            readers = circle_in_words(wish.circle)
            said.append(_("the notes are kept, {readers}").format(readers=readers))
    return said


def _show(run: "AppContext", name: str, kind: str | None, *, as_json: bool) -> None:
    from onboarding.reviews import holding
    from onboarding.reviews.page import page_facts, page_lines
    from opskit.core.screen import screen_of
    from opskit.staff import services as staff

    today, asker = run.today(), run.identity()
    with run.snapshot() as session:
        folder = holding.open_folder(session, name)
        page = holding.review_page(session, folder, kind=kind, on=today, asker=asker)
        names = staff.names_of(session, {each.written_by for each in page.notes})
    if as_json:
        show_json(page_facts(page, names=names))
        return
    for line in page_lines(page, on=today, names=names, screen=screen_of(sys.stdout)):
        data(line)


def _read(source: str) -> str:
    """The notes of a file, or of stdin where it is `-`."""
    from pathlib import Path

    from opskit.core.errors import InvalidError, NotFoundError
    from opskit.core.system_errors import reason_of

    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as err:
        raise NotFoundError(
            _("cannot read {file}: {reason}").format(file=source, reason=reason_of(err)),
            hint=_("give the path of a readable file, or - for stdin"),
        ) from err
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InvalidError(
            _("{file}: {reason}").format(file=source, reason=_("not UTF-8 text")),
            hint=_("save it as UTF-8"),
        ) from err
