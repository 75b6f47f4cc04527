"""Campaigns, and every query of them."""

from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.campaigns.rules import CampaignUnknown, Kind, State
from core.db import Instant, Row
from core.dispatches.rules import Lane

LATELY_ENDED = timedelta(minutes=10)
LONGEST = timedelta(days=7)
"""How long ago a campaign that ended lately began at most: it keeps the look-up short."""


class Campaign(Row):
    """One thing told to many.

    What staff lay out themselves (a `MESSAGE`, or a `TEST` of one) has a draft, as the contract's
    CampaignDraft in JSON, and recipients; an invitation has deliveries. `cursor` is the resident up
    to whom recipients are laid out while `expanding`. `turn` is where the campaign's dispatches
    begin in the queue, so that one that is large lets others through.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "official_code"),
        Index(None, "municipality", "state", "start_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[Kind]
    program_id: Mapped[str]
    state: Mapped[State]
    create_time: Mapped[datetime] = mapped_column(Instant)
    lane: Mapped[Lane] = mapped_column(Integer, default=Lane.PERSONAL)
    topic: Mapped[str] = mapped_column(default="")
    draft_json: Mapped[str] = mapped_column(default="")
    procedure_key: Mapped[str] = mapped_column(default="")
    official_code: Mapped[str | None] = mapped_column(default=None)
    author_id: Mapped[str] = mapped_column(default="")
    author_name: Mapped[str] = mapped_column(default="")
    approver_id: Mapped[str] = mapped_column(default="")
    approver_name: Mapped[str] = mapped_column(default="")
    approved_for: Mapped[str] = mapped_column(default="")
    """The digest of its conditions as they were approved, with those of segments it names."""
    start_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    """When it is to start, or started."""
    end_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    remark: Mapped[str] = mapped_column(default="")
    """Why it is paused or was cancelled."""
    repeat_of: Mapped[str] = mapped_column(default="")
    repeat_begin: Mapped[datetime | None] = mapped_column(Instant, default=None)
    """The start that staff set, from which repeats are counted."""
    recipient_count: Mapped[int] = mapped_column(default=0)
    expanding: Mapped[bool] = mapped_column(default=False)
    cursor: Mapped[str] = mapped_column(default="")
    batches: Mapped[int] = mapped_column(default=0)
    """How many dispatches were laid out; each has a number from 0."""
    turn: Mapped[int] = mapped_column(BigInteger, default=0)
    revision: Mapped[int] = mapped_column(default=1)


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> Campaign:
    """Return the campaign, locked where it will change; or raise CampaignUnknown."""
    key = (municipality, id)
    row = session.get(Campaign, key, with_for_update=lock or None, populate_existing=lock)
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
    return _page(
        session, select(Campaign).where(Campaign.municipality == municipality), before, limit
    )


def page_under_way(
    session: Session, municipality: str, *, now: datetime, before: str, limit: int
) -> list[Campaign]:
    """Return those that staff laid out and that run, are held, or ended lately; as `page` does."""
    query = select(Campaign).where(
        Campaign.municipality == municipality,
        Campaign.kind != Kind.INVITATION,  # One is told at once, and never held.
        or_(
            Campaign.state.in_((State.RUNNING, State.PAUSED)),
            (Campaign.state.in_((State.FINISHED, State.CANCELLED)))
            & (Campaign.start_time > now - LONGEST)
            & (Campaign.end_time > now - LATELY_ENDED),
        ),
    )
    return _page(session, query, before, limit)


def _page(session: Session, query: Select[Campaign], before: str, limit: int) -> list[Campaign]:
    if before:
        query = query.where(Campaign.id < before)
    return list(session.scalars(query.order_by(Campaign.id.desc()).limit(limit)))
