"""Data on stdout, talk on stderr: a table for people, plain lines for a pipe, JSON for scripts."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TextIO

from opskit.core.errors import ExitCode, OpsError, UnavailableError
from opskit.core.i18n import _
from opskit.core.screen import Screen, Tone, screen_of
from opskit.core.system_errors import reason_of

GAP = 2  # between a label and what it says
# Columns of words
SPOKEN = frozenset(
    {"change", "condition", "state", "verdict", "check", "event", "flaw"}
    | {"part", "source", "absence", "outcome"}
)


class OutputLostError(UnavailableError):
    """What was asked for could not be written: stdout is closed, or its disk is full."""

    reference = "output-lost"


def data(text: str) -> None:
    """What was asked for; nothing else goes to stdout. Raises OutputLostError."""
    with _stdout_at_hand() as out:
        out.write(text + "\n")


def flush() -> None:
    """Write out what is still on its way to stdout. Raises OutputLostError."""
    if sys.stdout is None:
        return
    try:
        with _stdout_at_hand() as out:
            out.flush()
    except BrokenPipeError:  # the reader had enough (`| head`)
        sys.stdout = None


@contextmanager
def _stdout_at_hand() -> Iterator[TextIO]:
    """Raises OutputLostError; but BrokenPipeError where a reader went away: Typer ends quietly."""
    if sys.stdout is None:
        raise _lost(_("it is closed"))
    try:
        yield sys.stdout
    except BrokenPipeError:
        raise
    except OSError as err:
        sys.stdout = None  # or the interpreter fails once more on its way out
        raise _lost(reason_of(err)) from err


def _lost(reason: str) -> OutputLostError:
    return OutputLostError(
        _("cannot write to stdout: {reason}").format(reason=reason),
        hint=_("let stdout go to a terminal, or to a file with room for it"),
    )


def say(text: str) -> None:
    """What a person should know; never in the way of a pipe."""
    if sys.stderr is not None:
        sys.stderr.write(_visible(text) + "\n")


def _visible(text: str) -> str:
    """Names come from files and other tools too: what would move a terminal's cursor is shown."""
    if text.isprintable():
        return text
    from unicodedata import category

    strange = {each for each in text if category(each).startswith("C")} - {"\n", "\t"}
    return text.translate({ord(each): ascii(each)[1:-1] for each in strange})


def explain(err: OpsError) -> int:
    """Print what went wrong and what to do, and return the exit code."""
    if sys.stderr is not None:
        sys.stderr.write(f"{alarm(err.reference)}: ")
    say(err.message)
    say(_("hint: {hint}").format(hint=err.hint))
    return err.exit_code


def alarm(reference: str) -> str:
    """`error[reference]`, in red on a terminal."""
    return screen_of(sys.stderr).paint(f"error[{reference}]", Tone.BAD)


def stopped() -> int:
    """Say that Ctrl-C was heard, and return the exit code."""
    say("\n" + _("stopped; nothing more was done"))
    return ExitCode.UNEXPECTED


def show_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    data(json.dumps(value, ensure_ascii=False, indent=2, default=_as_json))


def _as_json(value: object) -> str:
    """Moments and days as ISO 8601, whatever else has words of its own."""
    isoformat = getattr(value, "isoformat", None)
    return str(value if isoformat is None else isoformat())


def show_rows(
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    as_json: bool = False,
    empty: str | None = None,
    spared: Sequence[str] = (),
) -> None:
    """Show rows: every key as JSON, else the given columns (key to heading).

    Where there is none, stderr says so: that nothing was found, or what `empty` says. A terminal
    that is too narrow for one line a row goes without the `spared` columns, from the first on.
    """
    screen = screen_of(sys.stdout)
    if as_json:
        show_json([dict(row) for row in rows])
    elif not rows:
        say(_("nothing found") if empty is None else empty)
    elif screen.width is not None:
        _show_table(rows, columns, screen, spared)
    else:
        for row in rows:
            data("\t".join(_plain(row[key]) for key in columns))


def show_facts(facts: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """One thing: on a terminal what is known of it by its labels, in a pipe every key."""
    screen = screen_of(sys.stdout)
    if screen.width is None:
        for key, value in facts.items():
            data(f"{key}\t{_plain(value)}")
        return
    said = {label: _fact(key, facts[key]) for key, label in labels.items()}
    known = {label: text for label, text in said.items() if text}
    width = max(map(len, known), default=0)
    for label, text in known.items():
        data(screen.paint(f"{label:<{width}}", Tone.HEADING) + " " * GAP + text)


def _fact(key: str, value: object) -> str:
    return _local(str(value)) if value and key.endswith("_at") else _spoken(key, value)


def _local(moment: str) -> str:
    """A moment as the clock on the person's wall shows it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def _show_table(
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    screen: Screen,
    spared: Sequence[str],
) -> None:
    """Columns in which nothing stands are left out."""
    from opskit.core.tables import Cell, Column, fits, table_lines
    from opskit.core.words import tone_of

    table = {
        key: Column(
            title,
            [
                Cell(_spoken(key, row[key]), tone_of(row[key]) if key in SPOKEN else None)
                for row in rows
            ],
        )
        for key, title in columns.items()
    }
    shown = {key: each for key, each in table.items() if any(cell.text for cell in each.cells)}
    for key in spared:
        if not fits(list(shown.values()), screen.width or 0):
            shown.pop(key, None)
    for line in table_lines(list(shown.values()), screen=screen):
        data(line)


def _spoken(key: str, value: object) -> str:
    """A value as people read it, in their language."""
    from opskit.core.words import in_words, yes_or_no

    if isinstance(value, bool):
        return yes_or_no(value)
    return in_words(str(value)) if key in SPOKEN else _plain(value)


def _plain(value: object) -> str:
    """A value as scripts read it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple() | set() | frozenset():
            return " ".join(str(each) for each in value)
        case _:
            return " ".join(str(value).split())
