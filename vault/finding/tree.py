"""The entries as a tree: client, environment, entry; with branches on a terminal only."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from opskit.core.screen import Screen, Tone
from vault.finding.index_file import Row
from vault.presenting import address_of

BRANCH, LAST, TRUNK, AIR = "├─ ", "└─ ", "│  ", "   "


def tree_lines(rows: Sequence[Row], *, screen: Screen) -> Iterator[str]:
    """Rows in the order of their refs; a pipe gets two blanks a level."""
    is_drawn = screen.width is not None
    for client, its in groupby(rows, key=lambda row: str(row["client"])):
        own = list(its)
        yield f"{screen.paint(client, Tone.HEADING)}  {own[0]['client_name']}".rstrip()
        groups = [list(group) for _key, group in groupby(own, key=lambda row: row["environment"])]
        for group in groups:
            head, below = _branch(is_drawn, is_last=group is groups[-1])
            yield f"{head}{group[0]['environment']}"
            width = max(len(row["name"]) for row in group)
            for row in group:
                leaf, _below = _branch(is_drawn, is_last=row is group[-1])
                facts = (row["kind"], address_of(row), row["username"])
                about = "  ".join(text for text in facts if text)
                yield f"{below}{leaf}{row['name']:<{width}}  {about}"


def tree_rows(rows: Sequence[Row]) -> list[Row]:
    """The keys that `--json` promises."""
    return [
        {
            "client": client,
            "client_name": own[0]["client_name"],
            "environments": [
                {"environment": environment, "entries": list(group)}
                for environment, group in groupby(own, key=lambda row: row["environment"])
            ],
        }
        for client, its in groupby(rows, key=lambda row: str(row["client"]))
        if (own := list(its))
    ]


def _branch(is_drawn: bool, *, is_last: bool) -> tuple[str, str]:
    """What stands before a child, and before what is below it."""
    if not is_drawn:
        return "  ", "  "
    return (LAST, AIR) if is_last else (BRANCH, TRUNK)
