"""Key rotation: seals again, with the active key, what an older key sealed.

It goes through the columns part by part, each part a short write, so that reads and other writes go
on. What is done is known by the key's id at the head of each value: it may be stopped at any time.
"""

from collections.abc import AsyncIterator
from functools import partial

from sqlalchemy import Column, LargeBinary, Table, func, select, type_coerce, update
from sqlalchemy.orm import Session

from core.crypto import PREFIX_LENGTH, Sealed, vault_of
from core.db import Database
from core.schema import METADATA

PART = 500


async def reseal(db: Database) -> AsyncIterator[tuple[str, int]]:
    """Yield each sealed column's name with how many values it had sealed by older keys."""
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Sealed):
                continue
            done = 0
            while part := await db.write(partial(_part, table=table, column=column)):
                done += part
            yield f"{table.name}.{column.name}", done


def _part(session: Session, table: Table, column: Column[str]) -> int:
    """Seal up to PART values again; return how many there were."""
    vault = vault_of(session)
    prefix = func.substr(type_coerce(column, LargeBinary), 1, PREFIX_LENGTH)
    stale = select(*table.primary_key.columns, column).where(
        column.is_not(None), prefix != vault.active_prefix
    )
    found = session.execute(stale.limit(PART).with_for_update(skip_locked=True)).all()
    for row in found:
        key = [own == value for own, value in zip(table.primary_key.columns, row, strict=False)]
        session.execute(update(table).where(*key).values({column: row[-1]}))
    return len(found)
