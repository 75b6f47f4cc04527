"""Associations, groups and households."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row


class Association(Row):
    """A neighbourhood association (自治会), by the city's own number of it."""

    __tablename__ = "associations"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "number"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str]
    name: Mapped[str]
    area: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


class Group(Row):
    """A part of an association (班)."""

    __tablename__ = "groups"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "association_id"], ["associations.municipality", "associations.id"]
        ),
        UniqueConstraint("municipality", "association_id", "name"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    name: Mapped[str]
    round_order: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)


class Household(Row):
    """A household as its association knows it; `group_id` is empty where it is in no group.

    `number` is the importing system's own, or empty. One that left (`end_time`) stays for what it
    has read. `care_time` is since when it consents to be looked after should it stop reading.
    """

    __tablename__ = "households"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "association_id"], ["associations.municipality", "associations.id"]
        ),
        Index(None, "municipality", "association_id", "group_id", "round_order"),
        Index(None, "municipality", "association_id", "number"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    association_id: Mapped[str]
    group_id: Mapped[str]
    name: Mapped[str] = mapped_column(Sealed("households.name"))
    address: Mapped[str] = mapped_column(Sealed("households.address"))
    round_order: Mapped[int] = mapped_column(default=0)
    paper: Mapped[bool] = mapped_column(default=False)
    number: Mapped[str] = mapped_column(default="")
    care_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    end_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    revision: Mapped[int] = mapped_column(default=1)
