"""The arguments and options that mean the same in every command of the safe."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any

import typer

from opskit.core.context import AppContext
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from vault.finding.completion import complete_entry
from vault.kinds import FIELDS

RefArgument = Annotated[
    str,
    typer.Argument(
        metavar="CLIENT/ENV/NAME",
        autocompletion=complete_entry,
        help=_("The entry, such as DELEZE/prod/erp-db."),
    ),
]
ClipOption = Annotated[
    bool, typer.Option("--clip", help=_("Put it on the clipboard, and clear that after 45 s."))
]
GenerateOption = Annotated[
    bool, typer.Option("--generate", help=_("Make a new password up, as it suits the entry."))
]
FactsGiven = Mapping[str, str]
"""The facts that were typed, by name; those that were not are left out, an empty one clears."""


def refuse_both(*, clip: bool) -> None:
    """JSON prints what the clipboard is to keep off the screen. Raises UsageProblemError."""
    if clip:
        raise UsageProblemError(
            _("--clip and --json exclude each other"), hint=_("leave one of them away")
        )


def with_facts(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each fact of the table, and hand them over as `facts`."""

    @wraps(command)
    def typed(**options: Any) -> None:  # noqa: ANN401 (whatever the command takes)
        given = {name: options.pop(name) for name in FIELDS}
        known = {name: value for name, value in given.items() if value is not None}
        command(**options, facts=known)

    signature = inspect.signature(command)
    own = [each for each in signature.parameters.values() if each.name != "facts"]
    facts = [_parameter(name) for name in FIELDS]
    typed.__signature__ = signature.replace(parameters=[*own, *facts])  # type: ignore[attr-defined]
    typed.__annotations__ = {each.name: each.annotation for each in (*own, *facts)}
    return typed


def with_day(run: AppContext, facts: FactsGiven) -> FactsGiven:
    """The same with `expires` as the safe keeps it, however the day was typed.

    Raises:
        InvalidError: it is no day.
    """
    typed = facts.get("expires", "")
    if not typed.strip():
        return facts
    from opskit.core.dates import parse_date

    return {**facts, "expires": parse_date(typed, today=run.today()).isoformat()}


def _parameter(name: str) -> inspect.Parameter:
    option = typer.Option(f"--{name}", help=FIELDS[name].help())
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, option],
    )
