"""The commands that mean the same for every kind of run, given to a feature's group."""

import typer

from opskit.checklists.step_cli import (
    answering,
    cancelling,
    checking,
    closing,
    deciding,
    looking_back,
    moving,
    noting,
    upgrading,
    waiting,
)
from opskit.checklists.step_cli.run_group import (
    Admission,
    Afterwards,
    FindRun,
    Habits,
    ReadRun,
    RunGroup,
    Samples,
)
from opskit.core.completion import Complete

GATES = (deciding, closing)

ORDINARY = Habits()

__all__ = [
    "Admission",
    "Afterwards",
    "FindRun",
    "Habits",
    "ReadRun",
    "Samples",
    "add_step_commands",
]


def add_step_commands(
    app: typer.Typer,
    *,
    group: str,
    samples: Samples,
    find: FindRun,
    complete: Complete,
    read: ReadRun | None = None,
    closed: Afterwards | None = None,
    habits: Habits = ORDINARY,
    gates: bool = True,
    ends: bool = True,
    admission: Admission | None = None,
) -> None:
    """Give a feature's group the commands that work on its runs.

    `find` lets pass who may change a run; `read`, for those who only look, is without it the same.
    `closed` is what the feature does with a run that was closed just now, `habits` what else is
    particular to it.
    `admission` says who may let a run go, and to whom one may be given; without it the roles do.
    Without `gates` no run of the group is decided upon: it closes with its last step. Without
    `ends` none is cancelled here: the feature ends what goes along with it by commands of its own.
    """
    runs = RunGroup(
        app=app,
        name=group,
        samples=samples,
        find=find,
        complete=complete,
        read=read,
        closed=closed,
        habits=habits,
        admission=admission,
        ends=ends,
    )
    rooms = (
        answering,
        waiting,
        noting,
        moving,
        checking,
        *GATES,
        cancelling,
        upgrading,
        looking_back,
    )
    left_out = (() if gates else GATES) + (() if ends else (cancelling,))
    for room in rooms:
        if room not in left_out:
            room.add_to(runs)
