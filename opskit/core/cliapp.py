"""Typer, dressed as opskit: examples in every help, one shape of error, groups loaded on use."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from opskit.core.context import AppContext
from opskit.core.errors import ExitCode, OpsError, UsageProblemError
from opskit.core.i18n import LOCALE_FOLDER, _, colon, language
from opskit.core.output import data, explain, say, stopped
from opskit.core.text import did_you_mean
from opskit.core.usage_errors import is_missing, usage_problem

Answer = TypeVar("Answer")

TYPERS_CTRL_C = 130
YES = frozenset({"y", "yes", "o", "oui"})
NO = frozenset({"n", "no", "non"})


def examples(*lines: str) -> str:
    """The epilog of a command: what one would really type."""
    return "\n".join(lines)


def context(ctx: typer.Context) -> AppContext:
    """What wiring built for this run."""
    run = ctx.obj
    if not isinstance(run, AppContext):
        raise TypeError("the command was started without an AppContext")
    return run


class _OurWords:
    """Help and prompts in our words; mixed into commands and groups."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        plain = " ".join(piece.strip("{}") for piece in pieces)  # Typer's braces say nothing new
        formatter.write_usage(ctx.command_path, plain, prefix=_("Usage:") + " ")

    def get_help_option_names(self, ctx: Any) -> list[str]:
        del ctx
        return ["-h", "--help"]

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this help and exit.")
            option.callback = _show_help
        return option

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first sentence, whole: the list of commands breaks it into lines."""
        del limit
        text: str = getattr(self, "help", None) or ""
        sentence, stop, _rest = text.partition(". ")
        return sentence + stop.strip()

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        del ctx
        epilog: str | None = getattr(self, "epilog", None)
        if epilog:
            with formatter.section(_("Examples")):
                for line in epilog.splitlines():
                    formatter.write(f"  {line}\n")


class OpsCommand(_OurWords, TyperCommand):
    """A command that asks for what is missing, on a terminal only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for param in self.params:
            is_flag = getattr(param, "is_flag", False)
            if param.param_type_name == "option" and param.metavar is None and not is_flag:
                param.metavar = param.opts[0].lstrip("-").upper()

    def make_context(
        self, info_name: Any, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        while True:
            try:
                return super().make_context(info_name, list(args), parent, **extra)
            except Exception as err:
                param = getattr(err, "param", None)
                if not is_missing(err) or param is None or not sys.stdin.isatty():
                    raise
                args = [*args, *_ask_for(param)]

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        try:
            return super().parse_args(ctx, args)
        except Exception as err:
            if getattr(err, "ctx", ctx) is None:
                err.ctx = ctx  # type: ignore[attr-defined] # whose help the hint names
            raise


class OpsGroup(_OurWords, TyperGroup):
    """A group of commands."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Raises UsageProblemError with the nearest names, where no command has this one."""
        name, names = args[0], self.list_commands(ctx)
        if name in names or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        raise UsageProblemError(
            _("there is no command {name}").format(name=repr(name)),
            hint=did_you_mean(name, names, otherwise=f"{ctx.command_path} --help"),
        )


def ask(label: str, *, default: str | None = None) -> str:
    """Ask a person on the terminal; nothing of it goes to stdout."""
    from contextlib import redirect_stdout

    shown = bool(default)  # an empty one has nothing to show
    with redirect_stdout(sys.stderr):  # else a blank of the prompt would go there
        answer = typer.prompt(
            label, default=default, show_default=shown, prompt_suffix=colon("") + " "
        )
    return str(answer)


def ask_until(label: str, read: Callable[[str], Answer], *, default: str | None = None) -> Answer:
    """Ask until `read` takes the answer, and say each time why it does not."""
    while True:
        try:
            return read(ask(label, default=default))
        except OpsError as err:
            explain(err)


def says_yes(question: str, *, default: bool) -> bool:
    """What the person on the terminal answers, in either language; `default` is a bare Enter."""
    choices = _("[Y/n]") if default else _("[y/N]")
    while True:
        answer = ask(f"{question} {choices}", default="").strip().lower()
        if not answer:
            return default
        if answer in YES | NO:
            return answer in YES
        say(_("answer y (yes) or n (no)"))


def group(help_text: str) -> typer.Typer:
    """A feature's group of commands."""
    return group_of(OpsGroup, help_text)


def group_of(cls: type[OpsGroup], help_text: str) -> typer.Typer:
    """A group that finds its commands in a way of its own."""
    app = _OpsTyper(
        cls=cls,
        help=help_text,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
    )
    app.callback()(_nothing)
    return app


def single() -> typer.Typer:
    """The home of a single command at the front door, such as `opskit login`."""
    return _OpsTyper(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
    )


@dataclass(frozen=True, slots=True)
class AppRef:
    """Where a group or command lives, so that `--help` can list it without loading it."""

    module: str
    help: Callable[[], str]
    attribute: str = "app"


class RootGroup(OpsGroup):
    """The front door: names from a table, each module imported when its name is typed."""

    table: ClassVar[Mapping[str, AppRef]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return list(self.table)

    def get_params(self, ctx: Any) -> list[Any]:
        """Typer's own two options have their English words built in."""
        words = {
            "install_completion": _("Complete names in this shell from now on."),
            "show_completion": _("Show what would be installed for that."),
        }
        params = super().get_params(ctx)
        for param in params:
            param.help = words.get(param.name or "", getattr(param, "help", None))  # type: ignore[attr-defined]
        return params

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        del ctx
        ref = self.table.get(cmd_name)
        return None if ref is None else OpsGroup(name=cmd_name, help=ref.help())

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        ref = self.table.get(args[0])
        if ref is None:
            return super().resolve_command(ctx, args)
        return args[0], load(ref), args[1:]


def load(ref: AppRef) -> Any:
    """Import a group, or a single command where the app holds just one."""
    return get_command(getattr(import_module(ref.module), ref.attribute))


def run(root: typer.Typer, args: Sequence[str] | None, *, obj: AppContext) -> int:
    """Run one command line and return its exit code; every expected failure is explained."""
    _translate_typer()
    command = get_command(root)
    try:
        result = command.main(args=args, prog_name="opskit", standalone_mode=False, obj=obj)
    except OpsError as err:
        return explain(err)
    except typer.Abort:
        return stopped()
    except Exception as err:
        if not hasattr(err, "format_message"):
            raise
        if type(err).__name__ == "NoArgsIsHelpError":
            say(err.ctx.get_help())  # type: ignore[attr-defined]
            return ExitCode.USAGE
        return explain(usage_problem(err))
    if result == TYPERS_CTRL_C:
        return stopped()
    return result if isinstance(result, int) else ExitCode.OK


class _OpsTyper(typer.Typer):
    """Commands registered here are OpsCommands."""

    def command(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("cls", OpsCommand)
        return super().command(*args, **kwargs)


def _nothing() -> None:
    """A group with a callback stays a group, even with one command."""


def _ask_for(param: Any) -> list[str]:
    """Ask by the name that the person would have typed, and say in a word what it is."""
    name = param.opts[0] if param.param_type_name == "option" else param.human_readable_name
    about = re.split("[:;.]", getattr(param, "help", None) or "")[0]
    answer = ask(f"{name}, {_uncapitalised(about)}" if about else name)
    return [answer] if param.param_type_name == "argument" else [param.opts[0], answer]


def _uncapitalised(text: str) -> str:
    """In the middle of a line; but `ERP` stays `ERP`."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _show_help(ctx: Any, param: Any, wanted: bool) -> None:
    """As Typer does, but where stdout is lost it is told as everywhere else."""
    del param
    if wanted and not ctx.resilient_parsing:
        data(ctx.get_help())
        ctx.exit()


def _translate_typer() -> None:
    """Typer asks the standard gettext for "Options", "Commands" and the like."""
    if language() == "en":
        return
    import gettext
    import os

    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("opskit", str(LOCALE_FOLDER))
    gettext.textdomain("opskit")
