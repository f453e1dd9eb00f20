"""Where `opskit` begins, also as `python -m opskit`."""

import io
import sys
from collections.abc import Sequence

from opskit.core.errors import OpsError
from opskit.core.output import explain, stopped
from opskit.wiring import build_context


def main(args: Sequence[str] | None = None) -> None:
    """Run one command line and exit with its code."""
    _no_core_dumps()
    _speak_utf8()
    sys.exit(_run(list(sys.argv[1:] if args is None else args)))


def _run(words: list[str]) -> int:
    try:
        context = build_context()
        if words[:2] == ["vault", "get"]:
            from vault.getting import print_secret, read_plain

            wish = read_plain(words[2:])
            if wish is not None:
                print_secret(context, wish)
                return 0
    except OpsError as err:
        return explain(err)
    except KeyboardInterrupt:
        return stopped()

    from opskit.cli import front_door
    from opskit.core.cliapp import run

    return run(front_door(), words, obj=context)


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
