"""Where conversations are had: what a chat is asked now, and links from one channel to another."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKeyConstraint, Index, bindparam, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.ahead import hold
from core.db import Instant, Row

KEPT = timedelta(days=1)
"""How long a link is kept that can be taken no more."""

SETS_KEPT = timedelta(days=2)
"""How long it is known what was sent at once."""

OF_APPLICATION = (
    ["municipality", "application_id"],
    ["applications.municipality", "applications.id"],
)


class Asked(Row):
    """What a contact was asked last, so that words in a chat can be read as the answer to it."""

    __tablename__ = "asked"
    __table_args__ = (
        ForeignKeyConstraint(*OF_APPLICATION),
        Index(None, "municipality", "application_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    step: Mapped[str]
    """Empty where all answers were shown."""
    ask_time: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int]
    """The application's, when it was asked: with another one it may have gone on elsewhere."""


class Handover(Row):
    """A single-use link by which a conversation goes on elsewhere; its secret is kept as a digest.

    Who took it may go on with this one conversation until `session_expire_time`.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        ForeignKeyConstraint(*OF_APPLICATION),
        Index(None, "municipality", "taken_by"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    application_id: Mapped[str]
    from_contact_id: Mapped[str]
    expire_time: Mapped[datetime] = mapped_column(Instant)
    taken_by: Mapped[str] = mapped_column(default="")
    """The contact that took it."""
    take_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    session_expire_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class ImageSet(Row):
    """Photographs that were sent at once in a chat, as far as they have come.

    They are for the question that was asked there when the first came; for none where
    `application_id` is None.
    """

    __tablename__ = "image_sets"
    __table_args__ = (
        ForeignKeyConstraint(*OF_APPLICATION),
        Index(None, "municipality", "settle_time", "create_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)
    set_id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str | None]
    step: Mapped[str]
    total: Mapped[int]
    create_time: Mapped[datetime] = mapped_column(Instant)
    parts_json: Mapped[str] = mapped_column(default="{}")
    """By number: the attachment, or the problem for which there is none."""
    settle_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    """When they were taken for an answer."""

    @property
    def parts(self) -> dict[str, dict[str, str]]:
        parts: dict[str, dict[str, str]] = json.loads(self.parts_json)
        return parts


def asked_of(session: Session, municipality: str, contact_id: str) -> Asked | None:
    """Return what a contact was asked last; None where nothing is asked."""
    return session.get(Asked, (municipality, contact_id))


_FIND_EACH = select(Asked).where(
    Asked.municipality == bindparam("municipality"),
    Asked.contact_id.in_(bindparam("contacts", expanding=True)),
)


def look_up(session: Session, municipality: str, contact_ids: Collection[str]) -> dict[str, str]:
    """Read ahead what contacts were asked last; return the application of each."""
    key = {"municipality": municipality, "contacts": list(contact_ids)}
    found = session.scalars(_FIND_EACH, key).all()
    hold(session, Asked, {(asked.municipality, asked.contact_id): asked for asked in found})
    return {asked.contact_id: asked.application_id for asked in found}


def asked_about(session: Session, municipality: str, application_id: str) -> set[str]:
    """Return the contacts that were asked something of an application last."""
    query = select(Asked.contact_id).where(
        Asked.municipality == municipality, Asked.application_id == application_id
    )
    return set(session.scalars(query))


def forget_links(session: Session, now: datetime) -> None:
    """Delete the links that open nothing any more, and whose pages are over.

    And sets of photographs, which are kept longer than any provider delivers one of them again.
    """
    over = or_(Handover.session_expire_time.is_(None), Handover.session_expire_time <= now)
    session.execute(delete(Handover).where(Handover.expire_time <= now - KEPT, over))
    session.execute(delete(ImageSet).where(ImageSet.create_time <= now - SETS_KEPT))


def sets_due(
    session: Session, municipality: str, *, before: datetime, limit: int
) -> Sequence[ImageSet]:
    """Return sets that are for a question and have waited since `before`, locked."""
    query = select(ImageSet).where(
        ImageSet.municipality == municipality,
        ImageSet.settle_time.is_(None),
        ImageSet.create_time <= before,
        ImageSet.application_id.is_not(None),
    )
    locked = query.order_by(ImageSet.create_time).limit(limit).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).all()


def page_of(
    session: Session, municipality: str, contact_id: str, application_id: str, now: datetime
) -> Handover | None:
    """Return the link by which a contact has a conversation now."""
    query = select(Handover).where(
        Handover.municipality == municipality,
        Handover.taken_by == contact_id,
        Handover.application_id == application_id,
        Handover.session_expire_time > now,
    )
    newest = query.order_by(Handover.session_expire_time.desc(), Handover.digest)
    return session.scalars(newest.limit(1)).one_or_none()
