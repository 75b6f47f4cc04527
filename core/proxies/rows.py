"""Proxies, and every query of them."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Instant, Row

Scopes = JSON().with_variant(JSONB(), "postgresql")


class Proxy(Row):
    """The right of `proxy_resident_id` to act for `resident_id`, until the day it expires or ends.

    `given_by` is how the resident agreed: "jpki_signature" over the text that names it, "code" for
    one that they handed over, "counter" for a paper.
    """

    __tablename__ = "proxies"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        ForeignKeyConstraint(
            ["municipality", "proxy_resident_id"],
            ["residents.municipality", "residents.id"],
            name="fk_proxies_proxy_residents",
        ),
        Index(None, "municipality", "proxy_resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str]
    proxy_resident_id: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(Scopes)
    given_by: Mapped[str]
    expire_date: Mapped[date]
    create_time: Mapped[datetime] = mapped_column(Instant)
    end_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


GOING_ON = Proxy.end_time.is_(None)

Index(
    "uq_proxies_going_on",
    Proxy.municipality,
    Proxy.resident_id,
    Proxy.proxy_resident_id,
    unique=True,
    sqlite_where=GOING_ON,
    postgresql_where=GOING_ON,
)
