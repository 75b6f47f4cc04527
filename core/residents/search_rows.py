"""Blind indexes by which staff find residents; a row for each thing to find a proof's facts by."""

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Row


class SearchKey(Row):
    """`digest` is the blind index of the normalised value of this `kind`, such as "name".

    Facts that were closed keep theirs: people are asked for by the name they had.
    """

    __tablename__ = "search_keys"
    __table_args__ = (
        ForeignKeyConstraint(["municipality", "facts_id"], ["facts.municipality", "facts.id"]),
        Index(None, "municipality", "kind", "digest"),
        Index(None, "municipality", "resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    facts_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str]
    digest: Mapped[bytes]
