"""opskit vault connect: the way to an entry."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.context import AppContext
from opskit.core.errors import InvalidError, UsageProblemError
from opskit.core.i18n import _, colon
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json
from vault.cli.options import ClipOption, RefArgument, refuse_both

if TYPE_CHECKING:
    from vault.entries import EntryRef
    from vault.using.connecting import Step

app = group(_("The way to an entry."))


@app.command(
    "connect",
    help=_(
        "Show how to reach an entry, one step after the other: VPN, jump host, the entry itself. "
        "No secret is read, but for --clip."
    ),
    epilog=examples(
        "opskit vault connect DELEZE/prod/erp-db",
        "opskit vault connect DELEZE/prod/app-server --open --clip --ticket CS-1001",
        "opskit vault connect DELEZE/prod/erp-db --step 1 --open",
        "opskit vault connect DELEZE/prod/terminal --out terminal.rdp",
    ),
)
def connect(
    ctx: typer.Context,
    ref: RefArgument,
    start: Annotated[
        bool, typer.Option("--open", help=_("Start it: the command here, a page in the browser."))
    ] = False,
    step: Annotated[
        int | None, typer.Option("--step", min=1, help=_("Only this step; else the last."))
    ] = None,
    clip: ClipOption = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=_("Write the .rdp file of the step.")),
    ] = None,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.refs import TicketKey
    from vault.entries import EntryRef

    if as_json:
        refuse_both(clip=clip)
    run = context(ctx)
    if ticket:
        TicketKey.parse(ticket)
    target = EntryRef.parse(ref, environments=None)
    steps = _steps(run, target, ticket, shows_known=not (as_json or start or clip or out))
    chosen = _chosen(steps, step)
    shown = steps if step is None else [chosen]
    if out is not None:
        _write(out, chosen)
    if as_json:
        show_json([each.to_row() for each in shown])
    elif start:
        _require_openable(chosen)
        for each in shown:
            say(_text(each, ticket))
    elif out is None:
        data("\n".join(_text(each, ticket) for each in shown))
    if clip:
        _clip(run, chosen, ticket)
    if start:
        _wait_for([each for each in shown if each is not chosen])
        _start(run, chosen)


def _steps(
    run: AppContext, target: "EntryRef", ticket: str | None, *, shows_known: bool
) -> "list[Step]":
    """Raises as `find_chain`; with `shows_known` what is known of a broken way is shown first."""
    from vault.getting import describe
    from vault.using.connecting import BrokenWayError, find_chain, steps_of

    try:
        return steps_of(find_chain(lambda each: describe(run, each), target))
    except BrokenWayError as err:
        if shows_known:
            say(_("what comes before these steps is missing:"))
            data("\n".join(_text(each, ticket) for each in steps_of(err.chain)))
        raise


def _chosen(steps: "Sequence[Step]", number: int | None) -> "Step":
    if number is None:
        return steps[-1]
    if number > len(steps):
        raise UsageProblemError(
            _("there is no step {number}").format(number=number),
            hint=_("{least} to {most}").format(least=1, most=len(steps)),
        )
    return steps[number - 1]


def _write(out: Path, step: "Step") -> None:
    from opskit.core.private_files import write_asked_for

    if not step.way.rdp:
        raise InvalidError(
            _("{entry} is opened without an .rdp file").format(entry=step.entry.ref),
            hint=_("leave --out away"),
        )
    write_asked_for(out, step.way.rdp)
    say(_("{file} written").format(file=out))


def _text(step: "Step", ticket: str | None) -> str:
    """A step for people: what to type first, then what is asked for there."""
    from vault.kinds import FIELDS
    from vault.using.connecting import SHOWN
    from vault.using.opening import shell_line

    facts, way = step.entry.facts, step.way
    reason = f" --ticket {ticket}" if ticket else ""
    lines = [f"{step.number}. {step.entry.ref} ({facts.kind})"]
    if step.on is not None:
        lines.append(_("on {entry}, once it is open:").format(entry=step.on))
    if way.remark:
        lines.append(way.remark)
    if way.command:
        lines.append(shell_line(way.command))
    if way.rdp:
        lines.append(f"opskit vault connect {step.entry.ref} --open")
    if not way.command:
        said = {name: getattr(facts, name) for name in SHOWN}
        lines += [f"{colon(FIELDS[name].label())} {value}" for name, value in said.items() if value]
    for name, command in step.secrets.items():
        words, bar, rest = command.partition(" | ")
        lines.append(f"{colon(name)} {words}{reason}{bar}{rest}")
    if way.takes_environment:
        run = ("opskit", "vault", "run", step.entry.ref.path, *reason.split())
        line = shell_line((*run, "--", *way.command))
        lines.append(_("without typing it: {command}").format(command=line))
    return "\n   ".join(lines)


def _clip(run: AppContext, step: "Step", ticket: str | None) -> None:
    from vault.getting import Wish, give_secret

    give_secret(run, Wish(step.entry.ref.path, ticket=ticket, clip=True))


def _require_openable(step: "Step") -> None:
    if step.on is not None:
        raise InvalidError(
            _("{entry} is opened on {machine}, not here").format(
                entry=step.entry.ref, machine=step.on
            ),
            hint=_("open that one first: opskit vault connect {entry} --open").format(
                entry=step.on
            ),
        )
    if not step.way.can_be_opened:
        raise InvalidError(
            _("opskit cannot open {entry} by itself").format(entry=step.entry.ref),
            hint=f"opskit vault connect {step.entry.ref}",
        )


def _wait_for(before: "Sequence[Step]") -> None:
    """On a terminal: until the person says that what comes before stands."""
    if sys.stdin.isatty() and any(each.way.can_be_opened for each in before):
        say(_("press Enter when the steps before stand"))
        sys.stdin.readline()


def _start(run: AppContext, step: "Step") -> None:
    from opskit.core.private_files import replace_own
    from vault.using.opening import become, open_with_desktop

    if step.way.command:
        become(step.way.command)
    if step.way.url:
        open_with_desktop(step.way.url)
        return
    file = run.home.folder / "rdp" / f"{step.entry.ref.path.replace('/', '-')}.rdp"
    replace_own(file, step.way.rdp)
    open_with_desktop(file)
