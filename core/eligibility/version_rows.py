"""The terms of programs, version by version."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Row

Terms = JSON().with_variant(JSONB(), "postgresql")


class ProgramVersion(Row):
    """What holds of a program from `effective_date` on, until a later version's day.

    `terms` are the contract's ProgramTerms as protobuf writes them in JSON.
    """

    __tablename__ = "program_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "program_id"], ["programs.municipality", "programs.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    effective_date: Mapped[date]
    terms: Mapped[dict[str, object]] = mapped_column(Terms)
    author: Mapped[str]
    reason: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)


def of_program(session: Session, municipality: str, program_id: str) -> list[ProgramVersion]:
    """Newest first."""
    query = select(ProgramVersion).where(
        ProgramVersion.municipality == municipality, ProgramVersion.program_id == program_id
    )
    return list(session.scalars(query.order_by(ProgramVersion.version.desc())))
