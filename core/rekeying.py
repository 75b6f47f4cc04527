"""Key rotation: seals again, with the active key, what an older key sealed.

It goes through the columns part by part, each part a short write, so that reads and other writes go
on. What is done is known by the key's id at the head of each value: it may be stopped at any time,
and goes on with what is left when it is called again.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Table,
    func,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from core.crypto import PREFIX_LENGTH, SealedBytes, SealedColumn, Vault, vault_of
from core.db import Database
from core.schema import METADATA

PART = 500

FEW = 8
"""Of what holds whole files: some megabytes each."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sealed column is: values under the active key, of all there were at the start.

    `resealed` are those that this run did.
    """

    column: str
    done: int
    total: int
    resealed: int


async def reseal(db: Database, *, most: int = PART) -> AsyncIterator[Progress]:
    """Yield how far each sealed column is, at its start and after each part of `most` values."""
    for table in METADATA.sorted_tables:
        for column in table.columns:
            kind: object = column.type
            if isinstance(kind, SealedColumn):
                part = min(most, FEW) if isinstance(kind, SealedBytes) else most
                async for progress in _column(db, table, column, part):
                    yield progress


async def _column(
    db: Database, table: Table, column: Column[str], most: int
) -> AsyncIterator[Progress]:
    name = f"{table.name}.{column.name}"
    left, total = await db.read(partial(_count, table=table, column=column))
    done = total - left
    resealed = 0
    yield Progress(name, done, total, resealed)
    while True:  # Until a whole walk finds nothing: others may have had a row locked meanwhile.
        before, last = resealed, None
        while part := await db.write(
            partial(_part, table=table, column=column, after=last, most=most)
        ):
            last = part[-1]
            resealed += len(part)
            yield Progress(name, min(done + resealed, total), total, resealed)
        if resealed == before:
            return


def _older(column: Column[str], vault: Vault) -> ColumnElement[bool]:
    prefix = func.substr(type_coerce(column, LargeBinary), 1, PREFIX_LENGTH)
    return column.is_not(None) & (prefix != vault.active_prefix)


def _count(session: Session, table: Table, column: Column[str]) -> tuple[int, int]:
    """Return how many values an older key has sealed, and how many there are."""
    older = func.count().filter(_older(column, vault_of(session)))
    left, total = session.execute(select(older, func.count(column)).select_from(table)).one()
    return left, total


def _part(
    session: Session, table: Table, column: Column[str], after: tuple[Any, ...] | None, most: int
) -> list[tuple[Any, ...]]:
    """Seal up to `most` values again, by primary key after `after`; return their keys in order."""
    keys = table.primary_key.columns
    stale = select(*keys, column).where(_older(column, vault_of(session)))
    if after is not None:
        stale = stale.where(tuple_(*keys) > tuple_(*after))
    found = session.execute(
        stale.order_by(*keys).limit(most).with_for_update(skip_locked=True)
    ).all()
    for row in found:
        key = [own == value for own, value in zip(keys, row, strict=False)]
        session.execute(update(table).where(*key).values({column: row[-1]}))
    return [tuple(row[:-1]) for row in found]
