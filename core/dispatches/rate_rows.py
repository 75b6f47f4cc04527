"""Shares of the providers' rates, and what they say of allowances."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Instant, Row


class Rate(Row):
    """What an endpoint of a channel's provider still takes, shared by all workers of the channel.

    Its time is given away until `given_until`, at `per_second` requests a second; until
    `kept_until` it is given to emergencies only.
    """

    __tablename__ = "rates"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    per_second: Mapped[int]
    given_until: Mapped[datetime] = mapped_column(Instant)
    kept_until: Mapped[datetime] = mapped_column(Instant)


class Quota(Row):
    """A channel's allowance as its adapter last reported it; a `most` of 0 means no limit."""

    __tablename__ = "quotas"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    most: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int] = mapped_column(BigInteger)
    period: Mapped[str]
    report_time: Mapped[datetime] = mapped_column(Instant)
