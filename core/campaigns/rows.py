"""Campaigns, and every query of them."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.campaigns.rules import CampaignUnknown, Kind, State
from core.db import Instant, Row


class Campaign(Row):
    """One thing told to many."""

    __tablename__ = "campaigns"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[Kind]
    program_id: Mapped[str]
    state: Mapped[State]
    create_time: Mapped[datetime] = mapped_column(Instant)


def get(session: Session, municipality: str, id: str) -> Campaign:
    """Return the campaign, or raise CampaignUnknown."""
    row = session.get(Campaign, (municipality, id))
    if row is None:
        raise CampaignUnknown(f"there is no campaign {id}")
    return row


def newest(session: Session, municipality: str, program_id: str, kind: Kind) -> Campaign | None:
    """Return the newest campaign of a kind for a program."""
    query = select(Campaign).where(
        Campaign.municipality == municipality,
        Campaign.program_id == program_id,
        Campaign.kind == kind,
    )
    return session.scalars(query.order_by(Campaign.id.desc()).limit(1)).first()


def page(session: Session, municipality: str, *, before: str, limit: int) -> list[Campaign]:
    """Newest first, older than the id `before`; an empty `before` starts at the newest."""
    query = select(Campaign).where(Campaign.municipality == municipality)
    if before:
        query = query.where(Campaign.id < before)
    return list(session.scalars(query.order_by(Campaign.id.desc()).limit(limit)))
