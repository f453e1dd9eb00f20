"""opskit vault totp, generate: what one types into a login form."""

import time
from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.completion import choices
from opskit.core.errors import UsageProblemError
from opskit.core.i18n import _
from opskit.core.options import JsonOption, TicketOption
from opskit.core.output import data, say, show_json
from vault.cli.options import ClipOption, RefArgument, refuse_both
from vault.using.generating import FEWEST_WORDS, MOST_WORDS, PRESETS

app = group(_("What one types into a login form."))


@app.command(
    "totp",
    help=_(
        "Print the one-time code of an entry. One that would end too soon to be typed is not "
        "printed: the command waits for the next."
    ),
    epilog=examples(
        "opskit vault totp DELEZE/common/vpn --ticket CS-1001",
        "opskit vault totp DELEZE/common/vpn --clip",
    ),
)
def totp(
    ctx: typer.Context,
    ref: RefArgument,
    clip: ClipOption = False,
    ticket: TicketOption = None,
    as_json: JsonOption = False,
) -> None:
    from opskit.core.secret import Secret
    from vault.entries import EntryRef
    from vault.getting import Wish, find_secret
    from vault.kinds import TOTP_SEED
    from vault.using.totp import read_seed

    if as_json:
        refuse_both(clip=clip)
    run = context(ctx)
    seed = read_seed(find_secret(run, Wish(ref, TOTP_SEED, ticket)))
    code = seed.code_at(run.now())
    if code.ends_too_soon:
        say(_("this code ends in {seconds} s: waiting for the next").format(seconds=code.valid_for))
        time.sleep(code.valid_for)
        code = seed.code_at(run.now())
    path = EntryRef.parse(ref, environments=None).path
    if as_json:
        show_json({"ref": path, "code": code.digits, "valid_for": code.valid_for})
        return
    if clip:
        from vault.using.clipboard import clip as put_on_clipboard

        put_on_clipboard(Secret(code.digits), _("the code of {entry}").format(entry=path))
    else:
        data(code.digits)
    say(_("valid for {seconds} s").format(seconds=code.valid_for))


@app.command(
    "generate",
    help=_("Make new passwords; nothing is stored. Their entropy is said on stderr."),
    epilog=examples(
        "opskit vault generate",
        "opskit vault generate --for oracle --clip",
        "opskit vault generate --words 5",
        "opskit vault generate --length 12 --classes lower,digits --without l1O0 --count 10",
    ),
)
def generate(
    length: Annotated[
        int | None, typer.Option("--length", help=_("How many characters; by default 20."))
    ] = None,
    words: Annotated[
        int | None,
        typer.Option(
            "--words", min=FEWEST_WORDS, max=MOST_WORDS, help=_("So many French words instead.")
        ),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option("--classes", help=_("At least one of each: lower,upper,digits,signs.")),
    ] = None,
    without: Annotated[
        str | None, typer.Option("--without", help=_("Characters to leave out, such as l1O0."))
    ] = None,
    wanted_for: Annotated[
        str | None,
        typer.Option(
            "--for",
            autocompletion=choices(PRESETS),
            help=_("What will take it; one of: ") + " ".join(PRESETS),
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", min=1, help=_("How many passwords."))] = 1,
    clip: ClipOption = False,
    as_json: JsonOption = False,
) -> None:
    from vault.using.generating import STRONG, Policy, bits, changed, generate_password, preset

    if as_json:
        refuse_both(clip=clip)
    if words is not None and any(
        each is not None for each in (length, classes, without, wanted_for)
    ):
        raise UsageProblemError(
            _("--words goes with none of --length, --classes, --without and --for"),
            hint="opskit vault generate --words 5",
        )
    if clip and count > 1:
        raise UsageProblemError(
            _("--clip takes one password"), hint=_("leave --count away, or --clip")
        )
    if words is None:
        base = STRONG if wanted_for is None else preset(wanted_for)
        policy = changed(base, length=length, classes=classes, without=without)
    else:
        policy = Policy(words=words)
    entropy = round(bits(policy))
    made = [generate_password(policy) for _n in range(count)]
    if as_json:
        show_json({"passwords": [each.reveal() for each in made], "bits": entropy})
        return
    if clip:
        from vault.using.clipboard import clip as put_on_clipboard

        put_on_clipboard(made[0], _("a new password"))
    else:
        data("\n".join(each.reveal() for each in made))
    say(_("{bits} bits of entropy each").format(bits=entropy))
