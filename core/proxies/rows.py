"""Proxies, and every query of them."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, delete, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Row
from core.proxies.rules import ProxyUnknown

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


class ProxyContact(Row):
    """A contact on which a proxy goes on for circulars alone, such as a browser of the boards."""

    __tablename__ = "proxy_contacts"
    __table_args__ = (
        ForeignKeyConstraint(["municipality", "proxy_id"], ["proxies.municipality", "proxies.id"]),
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
        Index(None, "municipality", "contact_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    proxy_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(primary_key=True)
    link_time: Mapped[datetime] = mapped_column(Instant)


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


def get(session: Session, municipality: str, id: str, resident_id: str) -> Proxy:
    """Return a proxy by either of its two residents, locked; raise ProxyUnknown."""
    found = session.get(Proxy, (municipality, id), with_for_update=True, populate_existing=True)
    if found is None or resident_id not in {found.resident_id, found.proxy_resident_id}:
        raise ProxyUnknown("the resident has no such proxy")
    return found


def going_on(
    session: Session, municipality: str, *, resident_id: str, proxy_resident_id: str
) -> Proxy | None:
    """Return the one proxy of this pair that was not ended; its last day may be past."""
    query = select(Proxy).where(
        Proxy.municipality == municipality,
        Proxy.resident_id == resident_id,
        Proxy.proxy_resident_id == proxy_resident_id,
        GOING_ON,
    )
    return session.scalars(query).one_or_none()


def acting(session: Session, municipality: str, proxy_resident_id: str) -> list[Proxy]:
    """Return by which proxies a resident acts for others; their last day may be past."""
    query = select(Proxy).where(
        Proxy.municipality == municipality,
        Proxy.proxy_resident_id == proxy_resident_id,
        GOING_ON,
    )
    return list(session.scalars(query.order_by(Proxy.id)))


def for_residents(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> list[Proxy]:
    """Return those who act for any of these residents."""
    query = select(Proxy).where(
        Proxy.municipality == municipality, Proxy.resident_id.in_(resident_ids), GOING_ON
    )
    return list(session.scalars(query.order_by(Proxy.id)))


def of_resident(
    session: Session, municipality: str, resident_id: str, *, since: date | None
) -> list[Proxy]:
    """Return those on either side of which the resident is, newest first.

    With `since`, only those going on whose last day is this or later.
    """
    query = select(Proxy).where(
        Proxy.municipality == municipality,
        or_(Proxy.resident_id == resident_id, Proxy.proxy_resident_id == resident_id),
    )
    if since is not None:
        query = query.where(GOING_ON, Proxy.expire_date >= since)
    return list(session.scalars(query.order_by(Proxy.id.desc())))


def due(session: Session, municipality: str, day: date, limit: int) -> list[Proxy]:
    """Return proxies whose last day was before this one, locked."""
    query = select(Proxy).where(
        Proxy.municipality == municipality, GOING_ON, Proxy.expire_date < day
    )
    locked = query.order_by(Proxy.id).limit(limit)
    return list(session.scalars(locked.with_for_update(skip_locked=True)))


def going_on_at(session: Session, municipality: str, contact_id: str) -> list[Proxy]:
    """Return the proxies that go on at a contact, which is not their resident's own."""
    query = (
        select(Proxy)
        .join(
            ProxyContact,
            (ProxyContact.municipality == Proxy.municipality) & (ProxyContact.proxy_id == Proxy.id),
        )
        .where(
            ProxyContact.municipality == municipality,
            ProxyContact.contact_id == contact_id,
            GOING_ON,
        )
    )
    return list(session.scalars(query.order_by(Proxy.id)))


def go_on_at(session: Session, proxy: Proxy, contact_id: str, now: datetime) -> None:
    """Let a proxy go on at a contact, too."""
    key = (proxy.municipality, proxy.id, contact_id)
    if session.get(ProxyContact, key) is None:
        session.add(
            ProxyContact(
                municipality=proxy.municipality,
                proxy_id=proxy.id,
                contact_id=contact_id,
                link_time=now,
            )
        )


def take_along(session: Session, before: Proxy, after: Proxy) -> None:
    """Let what replaces a proxy go on at the same contacts."""
    session.execute(
        update(ProxyContact)
        .where(ProxyContact.municipality == before.municipality, ProxyContact.proxy_id == before.id)
        .values(proxy_id=after.id)
    )


def leave_contacts(session: Session, municipality: str, proxy_ids: Collection[str]) -> None:
    """Let proxies go on at no contact any more but those of whoever acts."""
    session.execute(
        delete(ProxyContact).where(
            ProxyContact.municipality == municipality, ProxyContact.proxy_id.in_(proxy_ids)
        )
    )


def leave(session: Session, municipality: str, contact_ids: Collection[str]) -> None:
    """Let no proxy go on at contacts that are deleted, or anybody's from now on."""
    session.execute(
        delete(ProxyContact).where(
            ProxyContact.municipality == municipality, ProxyContact.contact_id.in_(contact_ids)
        )
    )
