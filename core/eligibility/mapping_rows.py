"""Column mappings: which column of a municipal system's file holds what."""

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row
from core.eligibility.rules import ColumnMappingUnknown

Columns = JSON().with_variant(JSONB(), "postgresql")


class ColumnMapping(Row):
    """A file's columns in its order, each as `[header, what it holds]`; empty is left out."""

    __tablename__ = "column_mappings"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "name"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    columns: Mapped[list[list[str]]] = mapped_column(Columns)
    revision: Mapped[int] = mapped_column(default=1)


def all_of(session: Session, municipality: str) -> list[ColumnMapping]:
    """By name."""
    query = select(ColumnMapping).where(ColumnMapping.municipality == municipality)
    return list(session.scalars(query.order_by(ColumnMapping.name)))


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> ColumnMapping:
    """Return the mapping; raise ColumnMappingUnknown."""
    row = session.get(ColumnMapping, (municipality, id), with_for_update=lock or None)
    if row is None:
        raise ColumnMappingUnknown(f"there is no column mapping {id}")
    return row


def named(session: Session, municipality: str, name: str) -> ColumnMapping | None:
    query = select(ColumnMapping).where(
        ColumnMapping.municipality == municipality, ColumnMapping.name == name
    )
    return session.scalars(query).one_or_none()


def page(session: Session, municipality: str, *, after: str, limit: int) -> list[ColumnMapping]:
    """By name, after that name."""
    query = select(ColumnMapping).where(
        ColumnMapping.municipality == municipality, ColumnMapping.name > after
    )
    return list(session.scalars(query.order_by(ColumnMapping.name).limit(limit)))
