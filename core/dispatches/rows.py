"""Deliveries and dispatches, and every query of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    exists,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row
from core.dispatches.rules import DispatchUnknown, Lane, State, Way
from core.leases import Leased, is_free


class Delivery(Row):
    """One thing told to one resident: unique per occasion, whatever is repeated."""

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "resident_id", "occasion"),
        Index(None, "municipality", "dispatch_id"),
        Index(None, "municipality", "campaign_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    occasion: Mapped[str]
    campaign_id: Mapped[str]
    resident_id: Mapped[str]
    contact_id: Mapped[str]
    dispatch_id: Mapped[str]
    """What carries it; empty once it was taken out of what is told to several."""
    state: Mapped[State]
    create_time: Mapped[datetime] = mapped_column(Instant)
    finish_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    open_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    """When its resident opened it in the inbox first."""


class Dispatch(Leased, Row):
    """What goes to a provider at once. Every attempt carries the same retry key.

    One of a campaign has its number in it (`batch`) and its place in the queue (`turn`). What is
    told to several in no campaign has a `language`, which is that of its content. Whom either goes
    to is put in when it is first leased, as is what a campaign says, and stays from then on.
    """

    __tablename__ = "dispatches"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "channel", "free_time", "lane", "id"),
        Index(None, "municipality", "state", "id"),
        Index(None, "municipality", "campaign_id", "batch"),
        Index(None, "municipality", "finish_time"),
        # In the order in which they are claimed: the first of ten thousand are found without
        # looking at the others.
        Index(
            "ix_dispatches_free_in_turn",
            "municipality",
            "channel",
            "lane",
            "turn",
            "id",
            sqlite_where=text("free_time IS NOT NULL"),
            postgresql_where=text("free_time IS NOT NULL"),
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    lane: Mapped[int]
    state: Mapped[State]
    retry_key: Mapped[str]
    recipients: Mapped[str] = mapped_column(Sealed("dispatches.recipients"))
    recipient_count: Mapped[int]
    content: Mapped[str] = mapped_column(Sealed("dispatches.content"))
    create_time: Mapped[datetime] = mapped_column(Instant)
    first_attempt_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    finish_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    provider_message: Mapped[str] = mapped_column(default="")
    provider_request_ids: Mapped[list[Any]] = mapped_column(
        JSON().with_variant(JSONB(), "postgresql"), default_factory=list
    )
    campaign_id: Mapped[str] = mapped_column(default="")
    batch: Mapped[int] = mapped_column(default=0)
    first_resident_id: Mapped[str] = mapped_column(default="")
    """The smallest id of a resident whom it tells, in a campaign."""
    last_resident_id: Mapped[str] = mapped_column(default="")
    turn: Mapped[int] = mapped_column(BigInteger, default=0)
    language: Mapped[str] = mapped_column(default="")
    way: Mapped[Way] = mapped_column(default=Way.TOGETHER)
    awaits_allowance: Mapped[bool] = mapped_column(default=False)
    """Whether it waits, until `free_time`, for the channel's allowance to be renewed."""

    @property
    def is_to_many(self) -> bool:
        """Whether it is of a campaign, or tells several the same in none."""
        return bool(self.campaign_id or self.language)

    def due_time(self, now: datetime) -> datetime | None:
        """Return until when it waits, where it is queued for a time to come."""
        is_due = self.free_time is None or self.free_time <= now
        return None if self.state is not State.QUEUED or is_due else self.free_time

    @property
    def is_unformed(self) -> bool:
        """Whether it is still to be said to whom it goes, and in which words."""
        return self.is_to_many and self.first_attempt_time is None


AT_ANY_HOUR = (Dispatch.campaign_id == "") | (Dispatch.lane == Lane.EMERGENCY)
"""What goes out in quiet hours, too: all but campaigns that are no emergency."""


DISPATCHES: Table = Dispatch.__table__  # type: ignore[assignment]  # A mapped class's table is one.
DELIVERIES: Table = Delivery.__table__  # type: ignore[assignment]  # Likewise.

# Made once, and not through the ORM: a campaign and a bulk decision queue hundreds at a time.
_ADD_DISPATCHES = insert(DISPATCHES).values(
    fence=0, attempts=0, provider_message="", provider_request_ids=[], awaits_allowance=False
)
_ADD_DELIVERIES = insert(DELIVERIES)


def add(
    session: Session, dispatches: Sequence[dict[str, Any]], deliveries: Sequence[dict[str, Any]]
) -> None:
    """Keep what is queued, and to whom it is told."""
    if dispatches:
        session.execute(_ADD_DISPATCHES, dispatches)
        session.execute(_ADD_DELIVERIES, deliveries)


def find(
    session: Session, municipality: str, channel: str, ids: Collection[str]
) -> dict[str, Dispatch]:
    """Return those of the channel's dispatches that are there, by id, locked."""
    found = session.scalars(
        select(Dispatch)
        .where(
            Dispatch.municipality == municipality,
            Dispatch.channel == channel,
            Dispatch.id.in_(ids),
        )
        .order_by(Dispatch.id)  # In one order, so that no two wait for each other.
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in found}


def get(session: Session, municipality: str, id: str) -> Dispatch:
    """Return the dispatch of any channel, locked; or raise DispatchUnknown."""
    row = session.get(Dispatch, (municipality, id), with_for_update=True, populate_existing=True)
    if row is None:
        raise DispatchUnknown(f"there is no dispatch {id}")
    return row


def next_free(session: Session, municipality: str, channel: str) -> datetime | None:
    """Return when a dispatch of the channel is, or was, free first; None where none waits."""
    query = select(func.min(Dispatch.free_time)).where(
        Dispatch.municipality == municipality,
        Dispatch.channel == channel,
        Dispatch.free_time.is_not(None),
    )
    return session.scalars(query).one()


def waits(
    session: Session,
    municipality: str,
    channel: str,
    lane: Lane,
    now: datetime,
    *where: ColumnElement[bool],
) -> bool:
    """Whether something of the channel is free, in lanes down to this."""
    if lane is Lane.BULK and not where:
        free = next_free(session, municipality, channel)
        return free is not None and free <= now
    found = exists().where(
        Dispatch.municipality == municipality,
        Dispatch.channel == channel,
        Dispatch.lane <= lane,
        is_free(Dispatch, now, by_order=lane is not Lane.BULK),
        *where,
    )
    return bool(session.scalars(select(found)).one())


def page(
    session: Session, municipality: str, *, state: State | None, before: str, limit: int
) -> list[Dispatch]:
    """Newest first, older than the id `before`; an empty `before` starts at the newest."""
    query = select(Dispatch).where(Dispatch.municipality == municipality)
    if state is not None:
        states = [state, State.RECALLED] if state is State.LEASED else [state]
        query = query.where(Dispatch.state.in_(states))
    if before:
        query = query.where(Dispatch.id < before)
    return list(session.scalars(query.order_by(Dispatch.id.desc()).limit(limit)))


def count_by_state(session: Session, municipality: str) -> dict[State, int]:
    query = (
        select(Dispatch.state, func.count())
        .where(Dispatch.municipality == municipality)
        .group_by(Dispatch.state)
    )
    found: dict[State, int] = {row[0]: row[1] for row in session.execute(query)}
    if recalled := found.pop(State.RECALLED, 0):  # To all who look, an adapter has it in hand.
        found[State.LEASED] = found.get(State.LEASED, 0) + recalled
    return found


def only_to(municipality: str, resident_id: str, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Match the dispatches that go to this resident alone; with `more` said of their delivery."""
    theirs = select(Delivery.dispatch_id).where(
        Delivery.municipality == municipality, Delivery.resident_id == resident_id, *more
    )
    return (
        (Dispatch.municipality == municipality)
        & Dispatch.id.in_(theirs)
        & (Dispatch.recipient_count == 1)
    )


def by_contacts(contact_ids: Collection[str]) -> ColumnElement[bool]:
    """Match the deliveries on these contacts."""
    return Delivery.contact_id.in_(contact_ids)


def on_occasion(occasion: str) -> ColumnElement[bool]:
    """Match the deliveries of an occasion, on whichever contact."""
    return Delivery.occasion.startswith(f"{occasion}:", autoescape=True)
