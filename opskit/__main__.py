"""Where `opskit` begins, also as `python -m opskit`."""

import io
import sys
from collections.abc import Sequence

from opskit.core.config import find_home, home_trouble
from opskit.core.errors import OpsError, UsageProblemError
from opskit.core.i18n import _
from opskit.core.output import explain, flush, stopped


def main(args: Sequence[str] | None = None) -> None:
    """Run one command line and exit with its code."""
    _no_core_dumps()
    _speak_utf8()
    sys.exit(_run_and_write(list(sys.argv[1:] if args is None else args)))


def _run_and_write(words: list[str]) -> int:
    """What is still in the buffer can fail too, and is then the failure of the command."""
    code = _run(words)
    try:
        flush()
    except OpsError as err:
        return explain(err)
    return code


def _run(words: list[str]) -> int:
    try:
        return _run_at_home(words)
    except KeyboardInterrupt:  # also while the commands are still being loaded
        return stopped()
    except OSError as err:
        trouble = home_trouble(find_home(), err)
        if trouble is None:
            raise
        return explain(trouble)


def _run_at_home(words: list[str]) -> int:
    from opskit.wiring import build_context

    try:
        context = build_context()
        _require_text(words)
        if words[:2] == ["vault", "get"]:
            from vault.getting import give_secret, read_plain

            wish = read_plain(words[2:])
            if wish is not None:
                give_secret(context, wish)
                return 0
    except OpsError as err:
        return explain(err)

    from opskit.cli import front_door
    from opskit.core.cliapp import run

    return run(front_door(), words, obj=context)


def _require_text(words: list[str]) -> None:
    """Python hides the bytes that are no UTF-8 in half characters, which nothing can store.

    Raises:
        UsageProblemError: a word holds such bytes; it says which word, not what was in it.
    """
    for position, word in enumerate(words, start=1):
        if not word.isascii() and any("\ud800" <= char <= "\udfff" for char in word):
            raise UsageProblemError(
                _("word {position} after opskit is not UTF-8 text").format(position=position),
                hint=_("type it on a terminal that speaks UTF-8"),
            )


def _no_core_dumps() -> None:
    """A crash must not write a secret to disk; Windows writes none by default."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _speak_utf8() -> None:
    """A pipe gets the same bytes everywhere, whatever alphabet this system would choose."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8")


if __name__ == "__main__":
    main()
