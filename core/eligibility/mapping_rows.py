"""Column mappings: which column of a municipal system's file holds what."""

from sqlalchemy import JSON, ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row

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
