"""Names of entries for the shell: from the index alone, however old; nobody is asked."""

import typer

from opskit.core.completion import choices
from opskit.core.context import AppContext
from opskit.core.text import fold


def complete_entry(ctx: typer.Context, incomplete: str) -> list[str]:
    """The entries that begin with the typed letters; none where there is no index yet."""
    from vault.finding.index_file import IndexFile

    run = ctx.obj
    kept = IndexFile(run.home, run.settings).load() if isinstance(run, AppContext) else None
    return [] if kept is None else choices(kept.refs(fold(incomplete)))(ctx, incomplete)
