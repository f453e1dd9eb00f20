"""Alembic's entry: it works on the connection that `migrate` hands over."""

from typing import Any, Literal

from alembic import context

from opskit.core.db import Base, UtcDateTime
from opskit.migrations import load_tables


def _render_item(kind: str, item: object, _autogen: Any) -> str | Literal[False]:  # noqa: ANN401
    """A migration must not change its meaning when a class of ours does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


load_tables()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_render_item,
)
with context.begin_transaction():
    context.run_migrations()
