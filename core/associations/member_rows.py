"""Members, the offices they hold, and how people come to join."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.associations.rules import JoinState, OfficeKind
from core.crypto import Sealed
from core.db import Instant, Row


class Member(Row):
    """A person of a household who joined; registered with the city or not."""

    __tablename__ = "members"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "household_id"], ["households.municipality", "households.id"]
        ),
        Index(None, "municipality", "household_id"),
        Index(None, "municipality", "association_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    household_id: Mapped[str]
    display_name: Mapped[str] = mapped_column(Sealed("members.display_name"))
    join_time: Mapped[datetime] = mapped_column(Instant)
    end_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class MemberContact(Row):
    """A contact that speaks for a member: a phone, say, and a computer."""

    __tablename__ = "member_contacts"
    __table_args__ = (
        ForeignKeyConstraint(["municipality", "member_id"], ["members.municipality", "members.id"]),
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
        Index(None, "municipality", "contact_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)
    link_time: Mapped[datetime] = mapped_column(Instant)


class AskedInChat(Row):
    """What a contact was asked in a chat last, as the channel calls it; over after an hour.

    `so_far_json` are a survey's answers before it, as the contract's SurveyAnswers.
    """

    __tablename__ = "asked_in_chats"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
        Index(None, "ask_time"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str]
    so_far_json: Mapped[str] = mapped_column(Sealed("asked_in_chats.so_far"))
    ask_time: Mapped[datetime] = mapped_column(Instant)


class Office(Row):
    """An office from its first day to its last; `group_id` is that of a group head, else empty."""

    __tablename__ = "offices"
    __table_args__ = (
        ForeignKeyConstraint(["municipality", "member_id"], ["members.municipality", "members.id"]),
        Index(None, "municipality", "association_id", "end_date"),
        Index(None, "municipality", "member_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    kind: Mapped[OfficeKind]
    group_id: Mapped[str]
    member_id: Mapped[str]
    begin_date: Mapped[date]
    end_date: Mapped[date]
    end_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    """When it ended before its last day was over: it holds for no request after that."""

    @property
    def never_began(self) -> bool:
        """Whether it was taken back before its first day."""
        return self.end_date < self.begin_date


class Invitation(Row):
    """A code to join, by its digest; for a household, a group, or anybody of the association."""

    __tablename__ = "association_invitations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "association_id"], ["associations.municipality", "associations.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    household_id: Mapped[str]
    group_id: Mapped[str]
    by_member_id: Mapped[str]
    expire_time: Mapped[datetime] = mapped_column(Instant)


class MemberLink(Row):
    """A single-use code by which a member goes on in another place, by its digest.

    `proxy_id` is that of a proxy for circulars who goes on there for the member, else empty.
    """

    __tablename__ = "member_links"
    __table_args__ = (
        ForeignKeyConstraint(["municipality", "member_id"], ["members.municipality", "members.id"]),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    member_id: Mapped[str]
    proxy_id: Mapped[str]
    expire_time: Mapped[datetime] = mapped_column(Instant)


class JoinRequest(Row):
    """A contact's wish to join; at most one waits for each contact and association."""

    __tablename__ = "join_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "association_id"], ["associations.municipality", "associations.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
        Index(None, "municipality", "association_id", "state", "id"),
        Index(None, "municipality", "contact_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    household_id: Mapped[str]
    group_id: Mapped[str]
    contact_id: Mapped[str]
    display_name: Mapped[str] = mapped_column(Sealed("join_requests.display_name"))
    state: Mapped[JoinState]
    create_time: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str] = mapped_column(default="")


WAITS = JoinRequest.state == JoinState.WAITING

Index(
    "uq_join_requests_waiting",
    JoinRequest.municipality,
    JoinRequest.association_id,
    JoinRequest.contact_id,
    unique=True,
    sqlite_where=WAITS,
    postgresql_where=WAITS,
)
