"""opskit todo: what waits for somebody, from every utility."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.clients.options import ClientOption
from opskit.core.cliapp import context, examples, single
from opskit.core.completion import choices
from opskit.core.i18n import _
from opskit.core.identity import ROLES
from opskit.core.options import JsonOption
from opskit.core.output import data
from opskit.core.screen import screen_of
from opskit.core.team import POLES
from opskit.staff.completion import complete_login

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from opskit.core.context import AppContext
    from opskit.todo.directory import Reader
    from opskit.todo.narrowing import Wish

app = single()

PersonOption = Annotated[
    str | None,
    typer.Option(
        "--person",
        metavar="NAME",
        autocompletion=complete_login,
        help=_("Only what is this person's, by login or name; me is oneself."),
    ),
]
RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        autocompletion=choices(ROLES),
        help=_("Only what needs this role."),
    ),
]
PoleOption = Annotated[
    str | None,
    typer.Option(
        "--pole",
        metavar="POLE",
        autocompletion=choices(POLES),
        help=_("The page of a pole for the morning, person by person."),
    ),
]
LateOption = Annotated[bool, typer.Option("--late", help=_("Only what is overdue."))]
WithinOption = Annotated[
    str | None,
    typer.Option(
        "--within", metavar="SPAN", help=_("What is due up to then: 10d, 2w or 3m from today.")
    ),
]


@app.command(
    "todo",
    help=_("What waits for somebody, the oldest first."),
    epilog=examples(
        "opskit todo",
        "opskit todo --person me",
        "opskit todo --pole logistics",
        "opskit todo --role license-issuer --late",
        "opskit todo --client DELEZE --within 3m --json",
    ),
)
def todo(
    ctx: typer.Context,
    person: PersonOption = None,
    role: RoleOption = None,
    pole: PoleOption = None,
    client: ClientOption = None,
    late: LateOption = False,
    within: WithinOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.spans import parse_window
    from opskit.todo.asking import ask_to_read, require_login
    from opskit.todo.directory import read_directory
    from opskit.todo.listing import show_list
    from opskit.todo.narrowing import narrowed, row_of
    from opskit.todo.page import page_lines

    run = context(ctx)
    today = run.today()
    until = None if within is None else parse_window(within, today=today)
    require_login(run)
    with run.snapshot() as session:
        directory = read_directory(session)
        wish = wish_for(run, session, person=person, role=role, pole=pole, client=client, late=late)
        found = ask_to_read(run, session, until=until)
    wanted = narrowed(found, wish, directory, today=today)
    if wish.pole is None or as_json:
        rows = [row_of(item, directory, today=today) for item in wanted]
        show_list(rows, as_json=as_json)
        return
    screen = screen_of(sys.stdout)
    for line in page_lines(wanted, directory, pole=wish.pole, today=today, screen=screen):
        data(line)


def wish_for(
    run: "AppContext",
    session: "Session",
    *,
    person: str | None = None,
    role: str | None = None,
    pole: str | None = None,
    client: str | None = None,
    late: bool = False,
) -> "Wish":
    """What the options ask for.

    Raises:
        NotFoundError, ConflictError, InvalidError: an option names nobody, or nothing there is.
    """
    from opskit.clients.services import find
    from opskit.todo.narrowing import Wish

    return Wish(
        reader=None if person is None else _reader(run, session, person),
        role=None if role is None else one_of(role, ROLES, option="--role"),
        pole=None if pole is None else one_of(pole, POLES, option="--pole"),
        client=None if client is None else find(session, client).code,
        late=late,
    )


def _reader(run: "AppContext", session: "Session", text: str) -> "Reader":
    from opskit.todo.asking import YOU
    from opskit.todo.directory import oneself, somebody

    is_oneself = text.strip().lower() == YOU
    return oneself(session, run.identity()) if is_oneself else somebody(session, text)


def one_of(text: str, known: tuple[str, ...], *, option: str) -> str:
    """The word as we write it. Raises InvalidError."""
    from opskit.core.errors import InvalidError
    from opskit.core.text import did_you_mean

    word = text.strip().lower()
    if word not in known:
        raise InvalidError(
            _("{option}: {text} is none of {choices}").format(
                option=option, text=repr(text), choices=", ".join(known)
            ),
            hint=did_you_mean(word, known, otherwise=f"{option} {known[0]}"),
        )
    return word
