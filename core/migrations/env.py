"""What Alembic runs: the core's tables, on the database it was given."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Enum, create_engine

from core.crypto import SealedColumn
from core.db import Instant
from core.schema import METADATA


def render(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Write our own types as what they are in the database."""
    if kind != "type":
        return False
    if isinstance(thing, SealedColumn):
        return "sa.LargeBinary()"
    if isinstance(thing, Instant):
        return "Instant()"
    if isinstance(thing, Enum):
        return f"sa.String({thing.length})"
    return False


url = context.config.attributes["url"]
engine = create_engine(url)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        render_item=render,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
