"""Segments that staff keep by name."""

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Row
from core.segments.rules import SegmentUnknown


class Segment(Row):
    """A named tree of conditions, as the contract's Condition in JSON."""

    __tablename__ = "segments"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "name"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    condition_json: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> Segment:
    """Return the segment, locked where it will change; raise SegmentUnknown."""
    segment = session.get(Segment, (municipality, id), with_for_update=lock or None)
    if segment is None:
        raise SegmentUnknown(f"there is no segment {id}")
    return segment


def find_named(session: Session, municipality: str, name: str) -> Segment | None:
    query = select(Segment).where(Segment.municipality == municipality, Segment.name == name)
    return session.scalars(query).one_or_none()


def page(session: Session, municipality: str, *, after: str, limit: int) -> list[Segment]:
    """Return segments by name, after the name `after`."""
    query = select(Segment).where(Segment.municipality == municipality, Segment.name > after)
    return list(session.scalars(query.order_by(Segment.name).limit(limit)))
