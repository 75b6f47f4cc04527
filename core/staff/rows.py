"""Staff, their tokens, and the tokens of channels; a token is kept only as its digest."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import JSON

from core.callers import Caller, Role
from core.db import Instant, Row

Roles = JSON().with_variant(JSONB(), "postgresql")


class Staff(Row):
    """A person of the city hall. `password` is an argon2id hash with its own parameters."""

    __tablename__ = "staff"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        UniqueConstraint("municipality", "name"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    display_name: Mapped[str]
    password: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(Roles)
    create_time: Mapped[datetime] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class Token(Row):
    """A token in force, by its SHA-256. A channel's has no end, and no staff."""

    __tablename__ = "tokens"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    municipality: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[str | None] = mapped_column(default=None)
    channel: Mapped[str | None] = mapped_column(default=None)
    expire_time: Mapped[datetime | None] = mapped_column(Instant, default=None, index=True)


def by_name(session: Session, municipality: str, name: str) -> Staff | None:
    query = select(Staff).where(Staff.municipality == municipality, Staff.name == name)
    return session.scalars(query).one_or_none()


def page(session: Session, municipality: str, *, after: str, limit: int) -> list[Staff]:
    """By name, from the name after `after` on."""
    query = select(Staff).where(Staff.municipality == municipality, Staff.name > after)
    return list(session.scalars(query.order_by(Staff.name).limit(limit)))


def names_of(session: Session, municipality: str, ids: Collection[str]) -> dict[str, str]:
    """Return the names by which people are shown, by id."""
    query = select(Staff.id, Staff.display_name).where(
        Staff.municipality == municipality, Staff.id.in_(ids)
    )
    return {row.id: row.display_name for row in session.execute(query)}


def shown_name(session: Session, caller: Caller) -> str:
    """Return the name by which a caller of staff is shown, which need not be that of signing in."""
    return get(session, caller).display_name


def get(session: Session, caller: Caller) -> Staff:
    """Return the person that a caller of staff is."""
    return session.get_one(Staff, (caller.municipality, caller.id))


def caller_of(session: Session, digest: bytes, now: datetime) -> Caller | None:
    """Return whom a token stands for; None where there is none in force."""
    token = session.get(Token, digest)
    if token is None or (token.expire_time is not None and token.expire_time <= now):
        return None
    if token.channel is not None:
        return Caller(token.municipality, token.channel, frozenset({Role.CHANNEL}))
    staff = session.get_one(Staff, (token.municipality, token.staff_id))
    roles = frozenset(Role(role) for role in staff.roles)
    return Caller(staff.municipality, staff.name, roles, staff.id)


def forget_tokens(session: Session, now: datetime) -> None:
    """Delete the tokens that are past their end."""
    session.execute(delete(Token).where(Token.expire_time < now))
