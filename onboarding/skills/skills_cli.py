"""opskit onboarding skills, ratings: what somebody knows, and how that was judged over time."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.skills.completion import complete_pole, complete_skill
from onboarding.skills.options import NameArgument
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, show_json, show_rows
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from onboarding.skills.matrix import Matrix
    from opskit.core.context import AppContext

app = group(_("What people know: self, mentor, and the gap between them."))


@app.command(
    "skills",
    help=_(
        "One person's skills: what they think, what the mentor thinks, the gap and the trend; "
        "or with --tree the skills of a pole and what the levels mean."
    ),
    epilog=examples(
        'opskit onboarding skills "Camille Perret"',
        "opskit onboarding skills cperret --on 2027-03-01 --json",
        "opskit onboarding skills --tree back-office",
    ),
)
def skills(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            autocompletion=complete_login,
            help=_("Name, login, or number of the path (O3)."),
        ),
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help=_("As it was on that day."))
    ] = None,
    tree: Annotated[
        str | None,
        typer.Option(
            "--tree",
            metavar="POLE",
            autocompletion=complete_pole,
            help=_("The tree of a pole, without a person."),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.dates import parse_date
    from opskit.core.errors import UsageProblemError

    run = context(ctx)
    if (name is None) == (tree is None):
        raise UsageProblemError(
            _("give either a person or --tree"),
            hint="opskit onboarding skills --tree back-office",
        )
    if tree is not None:
        _show_tree(run, tree, as_json=as_json)
        return
    from onboarding.skills.matrix import matrix
    from onboarding.skills.people import find_learner

    today = run.today()
    day = today if on is None else parse_date(on, today=today)
    asker = run.identity()
    with run.snapshot() as session:
        found = matrix(session, learner=find_learner(session, str(name)), on=day, asker=asker)
    _show(found, as_json=as_json)


@app.command(
    "ratings",
    help=_("Every rating of a person by day, those that were withdrawn too."),
    epilog=examples(
        'opskit onboarding ratings "Camille Perret"',
        "opskit onboarding ratings cperret vat --json",
    ),
)
def ratings(
    ctx: typer.Context,
    name: NameArgument,
    skill: Annotated[
        str | None,
        typer.Argument(
            metavar="[SKILL]", autocompletion=complete_skill, help=_("Only this skill.")
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from onboarding.skills import rating, trees
    from onboarding.skills.people import find_learner, require_look
    from onboarding.skills.presenting import entry_columns, entry_row, kind_in_words
    from opskit.core.screen import screen_of
    from opskit.staff import services as staff

    run = context(ctx)
    asker = run.identity()
    with run.snapshot() as session:
        learner = find_learner(session, name)
        require_look(learner, asker)
        entries = rating.history(session, learner.person)
        if skill is not None:
            wanted = skill.strip().lower()
            if wanted not in {each.row.skill for each in entries}:  # a former one has its key
                tree = trees.tree_for(session, learner.poles)
                wanted = trees.find_skill(tree, skill).key
            entries = [each for each in entries if each.row.skill == wanted]
        names = staff.names_of(session, {each.row.rated_by for each in entries})
    rows = [entry_row(each, names) for each in entries]
    if screen_of(sys.stdout).width is not None and not as_json:
        rows = [{**row, "kind": kind_in_words(row["kind"])} for row in rows]
    show_rows(rows, entry_columns(), as_json=as_json, empty=_("nothing was rated so far"))


def _show(found: "Matrix", *, as_json: bool) -> None:
    from onboarding.skills.page import matrix_lines
    from onboarding.skills.presenting import MATRIX_COLUMNS, matrix_facts, matrix_rows
    from opskit.core.screen import screen_of

    screen = screen_of(sys.stdout)
    if as_json:
        show_json(matrix_facts(found))
    elif screen.width is None:
        show_rows(list(matrix_rows(found)), MATRIX_COLUMNS)
    else:
        for line in matrix_lines(found, screen=screen):
            data(line)


def _show_tree(run: "AppContext", pole: str, *, as_json: bool) -> None:
    from onboarding.skills import trees
    from onboarding.skills.page import tree_lines
    from onboarding.skills.presenting import tree_facts
    from opskit.core.screen import screen_of

    with run.snapshot() as session:
        tree = trees.tree_of(session, pole)
    if as_json:
        show_json(tree_facts(tree))
        return
    for line in tree_lines(tree, screen=screen_of(sys.stdout)):
        data(line)
