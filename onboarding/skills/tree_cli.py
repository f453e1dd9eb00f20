"""opskit onboarding skill-tree: the trees of skills, and a team's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.skills.completion import complete_pole
from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import data, say, show_json, show_rows

if TYPE_CHECKING:
    from onboarding.skills.tree import SkillTree

app = group(_("Trees of skills."))
trees_app = group(_("The trees of skills: those that opskit brings, and a team's own."))
app.add_typer(trees_app, name="skill-tree")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=_("A YAML file."))]


@trees_app.command(
    "list",
    help=_("Every version of every tree, and which one counts."),
    epilog=examples("opskit onboarding skill-tree list"),
)
def list_trees(ctx: typer.Context, as_json: JsonOption = False) -> None:
    from onboarding.skills import trees
    from onboarding.skills.presenting import tree_row

    with context(ctx).snapshot() as session:
        rows = [tree_row(each) for each in trees.known_trees(session)]
    columns = {
        "tree": _("Tree"),
        "version": _("Version"),
        "title": _("Title"),
        "skills": _("Skills"),
        "current": _("Counts"),
    }
    show_rows(rows, columns, as_json=as_json)


@trees_app.command(
    "show",
    help=_("The tree of a pole as a YAML file: the beginning of one of your own."),
    epilog=examples(
        "opskit onboarding skill-tree show back-office > my-tree.yaml",
        "opskit onboarding skill-tree show back-office --json",
    ),
)
def show(
    ctx: typer.Context,
    pole: Annotated[
        str, typer.Argument(metavar="POLE", autocompletion=complete_pole, help=_("Which tree."))
    ],
    as_json: JsonOption = False,
) -> None:
    from onboarding.skills import trees
    from onboarding.skills.tree_file import tree_text

    with context(ctx).snapshot() as session:
        tree = trees.tree_of(session, pole)
    if as_json:
        import msgspec

        show_json(msgspec.to_builtins(tree))
    else:
        data(tree_text(tree).rstrip("\n"))


@trees_app.command(
    "lint",
    help=_("Say what is wrong in a file of a tree, before it is published."),
    epilog=examples("opskit onboarding skill-tree lint my-tree.yaml"),
)
def lint(ctx: typer.Context, file: FileArgument, as_json: JsonOption = False) -> None:
    from onboarding.skills.errors import TreeInvalidError
    from onboarding.skills.tree_file import read_tree
    from opskit.core.errors import CheckFailedError

    del ctx
    try:
        tree = read_tree(file)
    except TreeInvalidError as err:
        raise CheckFailedError(err.message, hint=err.hint) from err
    _tell(tree, as_json=as_json, said=_("{tree} can be published, skills: {count}"))


@trees_app.command(
    "publish",
    help=_("Publish a version of a tree as manager or admin; it never changes again."),
    epilog=examples("opskit onboarding skill-tree publish my-tree.yaml"),
)
def publish(ctx: typer.Context, file: FileArgument, as_json: JsonOption = False) -> None:
    from onboarding.skills import trees
    from onboarding.skills.tree_file import read_tree

    run = context(ctx)
    tree = read_tree(file)
    actor = run.identity()
    with run.transaction() as session:
        _row, is_new = trees.release(session, tree, at=run.now(), actor=actor)
    said = (
        _("{tree} counts from now on, skills: {count}")
        if is_new
        else _("{tree} was published before; nothing changed")
    )
    _tell(tree, as_json=as_json, said=said)


def _tell(tree: "SkillTree", *, as_json: bool, said: str) -> None:
    if as_json:
        facts = {"tree": tree.id, "version": tree.version, "digest": tree.digest}
        show_json({**facts, "skills": len(tree.skills)})
    else:
        say(said.format(tree=tree.name, count=len(tree.skills)))
