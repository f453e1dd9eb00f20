"""What the commands of a group have in common: how a run is found, who writes, what is said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from opskit.core.cliapp import examples
from opskit.core.completion import Complete
from opskit.core.context import AppContext
from opskit.core.i18n import _, colon
from opskit.core.identity import Identity
from opskit.core.output import say, show_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.checklists.confidential import Asker
    from opskit.checklists.models import Run, Step
    from opskit.checklists.templates import Template
    from opskit.core.business_days import Calendar

FindRun = Callable[["Session", str, Identity], "Run"]
AnchorOf = Callable[["Session", "Run", date, "Calendar"], date]
Newest = Callable[["Session", "Run"], "Template"]
Admits = Callable[["Session", "Run", Identity], None]
Remark = Callable[["Session", "Run"], str | None]
ReadRun = Callable[["Session", str, "Asker"], "Run"]
Signed = Mapping[str, Any]  # the last words of every service: at, actor, ticket

StepArgument = Annotated[str, typer.Argument(metavar="STEP", help=_("The step's number or key."))]
ReasonOption = Annotated[str, typer.Option("--reason", help=_("Why, in a few words."))]
YesOption = Annotated[bool, typer.Option("--yes", help=_("Do it without asking."))]


class Afterwards(Protocol):
    """What a feature does with a run that was closed, in the same transaction."""

    def __call__(
        self, session: "Session", run: "Run", /, *, at: datetime, actor: Identity
    ) -> None: ...


class AfterMoving(Protocol):
    """What a feature does with a run that was moved to the day `to`, in the same transaction."""

    def __call__(
        self, session: "Session", run: "Run", /, *, to: date, at: datetime, actor: Identity
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Habits:
    """Where the runs of a feature are not like the others.

    `see` finds a run for somebody who only looks, where that depends on the person. `anchor_of` is
    the day from which the dates count when somebody names another day, `moved` what follows.
    `newest` is the template that a run would follow now. `decides` lets pass who may waive these
    steps, and tick those that a second person has to; it raises DeniedError. `has_past` allows days
    that are over: somebody may have begun before it was entered. `steers` lets pass who may move,
    cancel and take up again a whole run; it raises OpsError. `own_role` owns the steps that the
    person of the run does alone: those of others that person submits to them. `remark` is what
    whoever has changed the run should know of it besides.
    """

    see: FindRun | None = None
    anchor_of: AnchorOf | None = None
    moved: AfterMoving | None = None
    newest: Newest | None = None
    decides: Admits | None = None
    has_past: bool = False
    steers: Admits | None = None
    own_role: str | None = None
    remark: Remark | None = None


class Admission(Protocol):
    """Who may let a run of a feature go, and to whom one may be given; each raises OpsError."""

    def deciding(
        self, here: AppContext, session: "Session", run: "Run", /, *, actor: Identity
    ) -> None: ...

    def given(self, here: AppContext, session: "Session", run: "Run", /, *, login: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Samples:
    """What the helps show: a run, and for a verb a step of it with the words after it."""

    run: str
    tick: str
    waive: str
    skip: str
    reopen: str
    step: str = "5"
    person: str = "bob"
    version: str = "2"
    go: str = '--reason "everything is ready"'
    no_go: str = '--reason "one thing is not ready after all"'
    close: str = '--answer "nothing is left to do"'
    cancel: str = '--reason "begun by mistake"'


@dataclass(frozen=True, slots=True)
class RunGroup:
    """One feature's group of commands, and how it finds its runs."""

    app: typer.Typer
    name: str
    samples: Samples
    find: FindRun
    complete: Complete
    read: ReadRun | None
    closed: Afterwards | None
    habits: Habits
    admission: Admission | None = None
    ends: bool = True

    @property
    def argument(self) -> Any:  # noqa: ANN401 (as Typer declares it)
        return typer.Argument(
            metavar="RUN",
            autocompletion=self.complete,
            help=_("Which list, such as {example}.").format(example=self.samples.run),
        )

    def shown(self, verb: str, *endings: str) -> str:
        """The examples of a verb: the group, the verb and the run before each ending."""
        start = f"opskit {self.name} {verb} {self.samples.run}"
        return examples(*(f"{start} {ending}".rstrip() for ending in endings))

    @contextmanager
    def writing(
        self, here: AppContext, number: str, ticket: str | None
    ) -> "Iterator[tuple[Session, Run, Signed]]":
        """One transaction in which somebody who may changes the run."""
        from opskit.core.refs import TicketKey

        actor = here.identity()
        key = TicketKey.parse(ticket).value if ticket else None
        with here.transaction() as session:
            found = self.find(session, number, actor)
            yield session, found, {"at": here.now(), "actor": actor, "ticket": key}
            remark = self.habits.remark(session, found) if self.habits.remark else None
        if remark:
            say(remark)

    def require_steering(self, session: "Session", run: "Run", actor: Identity) -> None:
        """Let pass who may do something with the whole run."""
        if self.habits.steers is not None:
            self.habits.steers(session, run, actor)

    @contextmanager
    def reading(self, here: AppContext, number: str) -> "Iterator[tuple[Session, Run]]":
        """A look at the run."""
        if self.read is None:
            actor, look = here.identity(), self.habits.see or self.find
            with here.snapshot() as session:
                yield session, look(session, number, actor)
            return
        with here.snapshot() as session:
            yield session, self.read(session, number, here.identity)


def tell_steps(
    run: "Run", steps: "Sequence[Step]", *, on: date, as_json: bool, more: Signed | None = None
) -> None:
    """The steps as they are now: a line for each; as JSON one alone, several as a list."""
    from opskit.checklists.page import in_language
    from opskit.checklists.presenting import step_row
    from opskit.core.words import in_words

    if as_json:
        rows = [{**step_row(step, run=run, on=on), **(more or {})} for step in steps]
        show_json(rows[0] if len(rows) == 1 else rows)
        return
    for step in steps:
        where, text = colon(f"{run.name} {step.position}"), colon(in_language(step.asked.text))
        say(f"{where} {text} {in_words(step.state)}")


def tell_run(run: "Run", *, on: date, as_json: bool, said: str) -> None:
    """The run as JSON, or what a person should know."""
    from opskit.checklists.presenting import run_row

    if as_json:
        show_json(run_row(run, on=on))
    else:
        say(said)


def read_day(session: "Session", here: AppContext, run: "Run", text: str) -> date:
    """A day as typed; business days count by the team's calendar, at the place of the run."""
    from opskit.core.business_days import CalendarSource
    from opskit.core.dates import parse_date

    calendar = here.plug(CalendarSource).load(session)
    return parse_date(text, today=here.today(), canton=run.canton, calendar=calendar)
