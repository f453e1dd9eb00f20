"""What the command line library objects to, in our words and the person's language.

Nothing typed by mistake is repeated but the names of options: it may be a secret.
"""

from typing import Any

from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _, colon


def usage_problem(err: Any) -> UsageProblemError:  # noqa: ANN401 (Typer's own errors have no base of ours)
    """One of its errors as one of ours; the hint names the help of the command."""
    path = err.ctx.command_path if getattr(err, "ctx", None) else "opskit"
    return UsageProblemError(_message(err), hint=_hint(err, otherwise=f"{path} --help"))


def is_missing(err: Exception) -> bool:
    """Whether a required option or argument was not given."""
    return type(err).__name__ == "MissingParameter"


def _message(err: Any) -> str:  # noqa: ANN401
    match type(err).__name__:
        case "MissingParameter" if err.param is not None:
            return _("{name} is missing").format(name=_name(err))
        case "NoSuchOption":
            return _("there is no option {name}").format(name=err.option_name)
        case "BadOptionUsage":
            needs = " requires " in err.message
            fault = _("{name} needs a value after it") if needs else _("{name} takes no value")
            return fault.format(name=repr(err.option_name))
        case "BadParameter" if err.param is not None:
            return _wanted(err)
        case "UsageError" if err.message.startswith("Got unexpected extra argument"):
            return _("these are more words than the command takes")
    return str(err.format_message())


def _hint(err: Any, *, otherwise: str) -> str:  # noqa: ANN401
    near = getattr(err, "possibilities", None)
    return _("did you mean {names}?").format(names=", ".join(sorted(near))) if near else otherwise


def _wanted(err: Any) -> str:  # noqa: ANN401
    """What the option takes, rather than what it was given."""
    kind = err.param.type
    if not kind.name.startswith("int"):
        return f"{colon(_name(err))} {err.message}"
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if least is None:
        return _("{name} must be a whole number").format(name=_name(err))
    if most is None:
        return _("{name} must be a whole number from {least} on").format(
            name=_name(err), least=least
        )
    return _("{name} must be a whole number from {least} to {most}").format(
        name=_name(err), least=least, most=most
    )


def _name(err: Any) -> str:  # noqa: ANN401
    """`'--limit'`, or `'FILE'` for an argument."""
    return str(err.param.get_error_hint(err.ctx))
