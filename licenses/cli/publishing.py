"""opskit license publish-keys: the public half, for the ERP."""

from pathlib import Path
from typing import Annotated

import typer

from opskit.core.cliapp import context, examples, group
from opskit.core.i18n import _
from opskit.core.options import JsonOption
from opskit.core.output import say, show_json

app = group(_("The public keys."))


@app.command(
    "publish-keys",
    help=_("Write the public keys that verify our licences, for the ERP and for verify."),
    epilog=examples("opskit license publish-keys --out license-keys.json"),
)
def publish_keys(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=_("By default in the home."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    from licenses.keys import public_key_set
    from opskit.core.private_files import replace_own, write_asked_for
    from opskit.core.signing import Signer

    run = context(ctx)
    keys = public_key_set(run.plug(Signer))
    file = out or run.home.public_keys_file
    write = write_asked_for if out else replace_own
    write(file, keys.to_json())
    if as_json:
        show_json({"file": file, "key_ids": [key.key_id for key in keys.keys]})
        return
    say(_("{count} public keys written to {file}").format(count=len(keys.keys), file=file))
