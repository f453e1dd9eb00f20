"""A command line: usage errors, what is asked for on a terminal, examples, exit codes."""

import re
import sys
from pathlib import Path
from typing import cast

import pytest
import typer

from opskit.cli import FrontDoor
from opskit.core import errors
from opskit.core.cliapp import context, examples, group, run
from opskit.core.config import Home, Settings
from opskit.core.errors import ExitCode, OpsError
from opskit.wiring import context_of
from tests.support.home import run_opskit, sealed_environment
from tests.support.terminal import CTRL_C, Screen, sit_before

OPSKIT = [sys.executable, "-m", "opskit"]
ASKING = """
import sys, typer
from typing import Annotated
from opskit.core.cliapp import examples, group, run
from opskit.core.output import data

app = group("A sample.")

@app.command("add", help="Add.", epilog=examples("opskit add A --kind vpn"))
def add(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The client's code.")],
    kind: Annotated[str, typer.Option("--kind", help="Which kind: vpn or web.")],
    count: Annotated[int, typer.Option("--count", help="How many.")] = 1,
) -> None:
    data(f"{code} {kind} {count}")

sys.exit(run(app, sys.argv[1:], obj=None))
"""
AGREEING = """
import sys
from opskit.core.cliapp import says_yes
print(says_yes("Remove it?", default="--yes" in sys.argv), flush=True)
"""
KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, OpsError)
]


def sample() -> typer.Typer:
    """A group with a command that fails as it is told."""
    app = group("A sample.")

    @app.command("fail", help="Fail.", epilog=examples("opskit fail NotFoundError"))
    def fail(ctx: typer.Context, kind: str) -> None:
        assert context(ctx).settings == Settings()
        raise getattr(errors, kind)("it went wrong: é", hint="type something else")

    @app.command("break", help="Break.", epilog=examples("opskit break"))
    def break_() -> None:
        raise ZeroDivisionError

    @app.command("stop", help="Stop.", epilog=examples("opskit stop"))
    def stop() -> None:
        raise KeyboardInterrupt

    @app.command("leave", help="Leave.", epilog=examples("opskit leave"))
    def leave(code: int) -> None:
        raise typer.Exit(code)

    return app


def typed(*args: str) -> int:
    return run(sample(), args, obj=context_of(Home(Path("/nowhere")), Settings()))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: cast("str", kind.__name__))
def test_an_expected_failure_is_two_lines_and_its_code(
    kind: type[OpsError], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed("fail", kind.__name__) == kind.exit_code
    assert capsys.readouterr() == (
        "",
        f"error[{kind.reference}]: it went wrong: é\nhint: type something else\n",
    )


def test_the_exit_codes_are_frozen() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "UNEXPECTED": 1,
        "USAGE": 2,
        "NOT_FOUND": 3,
        "CONFLICT": 4,
        "INVALID": 5,
        "DENIED": 6,
        "UNAVAILABLE": 7,
        "CHECK_FAILED": 8,
    }
    assert len({kind.exit_code for kind in KINDS}) == len(KINDS) == 8


def test_what_nobody_foresaw_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        typed("break")


def test_ctrl_c_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("stop") == ExitCode.UNEXPECTED
    assert capsys.readouterr().err.strip() == "stopped; nothing more was done"


@pytest.mark.parametrize("code", [0, 3])
def test_a_command_may_leave_with_a_code(code: int) -> None:
    assert typed("leave", str(code)) == code


def test_a_command_without_a_context_says_so() -> None:
    with pytest.raises(TypeError, match="AppContext"):
        run(sample(), ["fail", "OpsError"], obj=cast("errors.OpsError", None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("args", "message", "hint"),
    [
        (["xyzzy"], "there is no command 'xyzzy'", "opskit --help"),
        (["clinet"], "there is no command 'clinet'", "did you mean client, init, license?"),
        (["client", "lst"], "there is no command 'lst'", "did you mean list?"),
        (["client", "xyzzy"], "there is no command 'xyzzy'", "opskit client --help"),
        (["client", "import"], "'FILE' is missing", "opskit client import --help"),
        (
            ["client", "import", "--nope", "x"],
            "there is no option --nope",
            "opskit client import --help",
        ),
        (
            ["audit", "list", "--limit", "x"],
            "'--limit' must be a whole number from 1 to 1000000",
            "opskit audit list --help",
        ),
        (
            ["audit", "list", "--limit", "0"],
            "'--limit' must be a whole number from 1 to 1000000",
            "opskit audit list --help",
        ),
        (["client", "list", "--jsn"], "there is no option --jsn", "did you mean --json?"),
        (["client", "list", "--json=x"], "'--json' takes no value", "opskit client list --help"),
        (["audit", "checkpoint"], "'--out' is missing", "opskit audit checkpoint --help"),
        (
            ["doctor", "now"],
            "these are more words than the command takes",
            "opskit doctor --help",
        ),
        (
            ["init", "--admin"],
            "'--admin' needs a value after it",
            "opskit init --help",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_usage_error_names_the_help(
    tmp_path: Path, args: list[str], message: str, hint: str
) -> None:
    result = run_opskit(tmp_path, *args)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert result.err == f"error[usage]: {message}\nhint: {hint}\n"


@pytest.mark.parametrize("args", [[], ["client"], ["audit"]], ids=" ".join)
def test_a_group_alone_shows_its_help_and_exits_2(tmp_path: Path, args: list[str]) -> None:
    result = run_opskit(tmp_path, *args)
    assert (result.code, result.out) == (ExitCode.USAGE, "")
    assert result.err.startswith(" ".join(["Usage: opskit", *args, "[OPTIONS]"]))


def test_help_and_version_go_to_stdout(tmp_path: Path) -> None:
    result = run_opskit(tmp_path, "--help")
    assert (result.code, result.err) == (0, "")
    assert [name for name in FrontDoor.table if f"\n  {name} " not in result.out] == []
    assert run_opskit(tmp_path, "--version").out.strip().count(".") == 2


@pytest.mark.parametrize("args", [[], ["client"], ["client", "list"]], ids=" ".join)
def test_h_is_short_for_help(tmp_path: Path, args: list[str]) -> None:
    short = run_opskit(tmp_path, *args, "-h")
    assert (short.code, short.err) == (0, "")
    assert short.out == run_opskit(tmp_path, *args, "--help").out


def test_the_help_of_a_group_holds_whole_sentences(tmp_path: Path) -> None:
    shown = " ".join(run_opskit(tmp_path, "license", "--help").out.split())
    assert "Approve somebody else's request: sign for exactly what it says. reject" in shown
    assert "..." not in shown.replace("[ARGS]...", "")


def test_an_error_is_red_on_a_terminal() -> None:
    screen = sit_before([*OPSKIT, "xyzzy"], {**sealed_environment(), "NO_COLOR": ""})
    assert screen.text.startswith("\x1b[31merror[usage]\x1b[0m: there is no command 'xyzzy'\n")
    plain = sit_before([*OPSKIT, "xyzzy"], {**sealed_environment(), "NO_COLOR": "1"})
    assert plain.text.startswith("error[usage]: there is no command 'xyzzy'\n")


def test_examples_stand_below_the_help_one_a_line(tmp_path: Path) -> None:
    result = run_opskit(tmp_path, "audit", "verify", "--help")
    assert result.out.rstrip().endswith(
        "Examples:\n  opskit audit verify\n  opskit audit verify --checkpoint checkpoint.json"
    )


def test_what_is_missing_is_asked_for_on_a_terminal() -> None:
    screen = sit_before(
        [sys.executable, "-c", ASKING, "add", "--count", "2"],
        sealed_environment(),
        answers=[("CODE, the client's code:", "DELEZE"), ("--kind, which kind:", "vpn")],
    )
    assert screen.code == 0
    assert screen.text.splitlines()[-1].lstrip() == "DELEZE vpn 2"


def test_a_question_leaves_no_trace_in_the_data(tmp_path: Path) -> None:
    out = tmp_path / "out"
    line = f'"$0" -c "$1" add --kind vpn > {out}'
    screen = sit_before(
        ["/bin/sh", "-c", line, sys.executable, ASKING],
        sealed_environment(),
        answers=[("CODE, the client's code:", "DELEZE")],
    )
    assert screen.code == 0
    assert out.read_bytes() == b"DELEZE vpn 1\n"


def test_an_answer_that_looks_like_an_option_is_an_answer() -> None:
    screen = sit_before(
        [sys.executable, "-c", ASKING, "add", "DELEZE"],
        sealed_environment(),
        answers=[("--kind, which kind:", "--count")],
    )
    assert screen.text.splitlines()[-1].lstrip() == "DELEZE --count 1"


def test_what_is_given_is_not_asked_for() -> None:
    screen = sit_before(
        [sys.executable, "-c", ASKING, "add", "DELEZE", "--kind", "vpn"], sealed_environment()
    )
    assert screen == type(screen)(0, "DELEZE vpn 1\n")


def test_a_wrong_option_is_told_at_once_on_a_terminal_too() -> None:
    screen = sit_before(
        [sys.executable, "-c", ASKING, "add", "--count", "many"], sealed_environment()
    )
    assert screen.code == ExitCode.USAGE
    assert "'--count' must be a whole number\n" in screen.text
    assert "CODE," not in screen.text


def test_ctrl_c_at_a_question_ends_it() -> None:
    screen = sit_before(
        [sys.executable, "-c", ASKING, "add"],
        sealed_environment(),
        answers=[("CODE, the client's code:", CTRL_C)],
    )
    assert screen.code == ExitCode.UNEXPECTED
    assert screen.text.rstrip().endswith("stopped; nothing more was done")
    assert "Traceback" not in screen.text


def test_a_missing_value_is_told_with_the_commands_own_help(tmp_path: Path) -> None:
    screen = sit_before(
        [*OPSKIT, "audit", "list", "--client"],
        {**sealed_environment(), "OPSKIT_HOME": str(tmp_path)},
    )
    assert screen.code == ExitCode.USAGE
    assert "'--client' needs a value after it" in screen.text
    assert "hint: opskit audit list --help" in screen.text


def agreeing(answers: list[str], *args: str, language: str = "en") -> Screen:
    """A question, and a person who answers it until it is settled; `True` or `False` follows."""
    return sit_before(
        [sys.executable, "-c", AGREEING, *args],
        {**sealed_environment(), "OPSKIT_LANGUAGE": language},
        answers=[(": ", each) for each in answers],
    )


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("answer", "agreed"),
    [
        *((yes, True) for yes in ("y", "Yes", "o", " OUI ")),
        *((no, False) for no in ("n", "no", "NON", "")),
    ],
)
def test_a_question_takes_the_answers_of_both_languages(
    language: str, answer: str, agreed: bool
) -> None:
    screen = agreeing([answer], language=language)
    assert (screen.code, screen.text.splitlines()[-1]) == (0, str(agreed))


def test_an_empty_answer_is_the_default() -> None:
    assert agreeing([""], "--yes").text.splitlines()[-1] == "True"


@pytest.mark.parametrize(
    ("language", "question", "wanted"),
    [
        ("en", "Remove it? [y/N]: ", "answer y (yes) or n (no)"),
        ("fr", "Remove it? [o/N]\u00a0: ", "répondez o (oui) ou n (non)"),
    ],
)
def test_another_answer_is_told_what_is_wanted_and_asked_again(
    language: str, question: str, wanted: str
) -> None:
    screen = agreeing(["ja", "o"], language=language)
    assert screen.text == f"{question}ja\n{wanted}\n{question}o\nTrue\n"


def test_a_question_leaves_stdout_alone(tmp_path: Path) -> None:
    file = tmp_path / "out"
    code = f"import sys; sys.stdout = open({str(file)!r}, 'w')" + AGREEING
    sit_before([sys.executable, "-c", code], sealed_environment(), answers=[(": ", "y")])
    assert file.read_text(encoding="utf-8") == "True\n"


def test_french_colons_stand_off_in_prompts_and_in_the_help(tmp_path: Path) -> None:
    environment = {**sealed_environment(), "OPSKIT_LANGUAGE": "fr"}
    asked = sit_before(
        [sys.executable, "-c", ASKING, "add"], environment, answers=[("CODE", CTRL_C)]
    )
    assert "CODE, the client's code\u00a0:" in asked.text
    shown = sit_before([*OPSKIT, "client", "list", "--help"], environment).text
    assert "Exemples\u00a0:\n" in shown
    assert re.findall("[^\u00a0 ]:(?:\\s|$)", shown) == []
