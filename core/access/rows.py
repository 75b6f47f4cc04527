"""One-time codes, passkeys and their challenges."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.access.rules import CodeKind, PasskeyPurpose
from core.db import Instant, Row

Scopes = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Code(Row):
    """A single-use code of a resident, under its keyed digest: to link a contact, to offer a proxy.

    `scopes` and `proxy_expire_date` belong to an offer; `maker` is the actor who had it made.
    """

    __tablename__ = "codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        Index(None, "municipality", "resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[CodeKind]
    resident_id: Mapped[str]
    maker: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    expire_time: Mapped[datetime] = mapped_column(Instant, index=True)
    used_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    scopes: Mapped[list[str] | None] = mapped_column(Scopes, default=None)
    proxy_expire_date: Mapped[date | None] = mapped_column(default=None)


class Passkey(Row):
    """A WebAuthn credential of a resident's contact, under the id its authenticator chose."""

    __tablename__ = "passkeys"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
        UniqueConstraint("municipality", "credential_id"),
        Index(None, "municipality", "resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str]
    contact_id: Mapped[str]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    label: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    use_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class PasskeyChallenge(Row):
    """An attempt to make a passkey or to sign in, under the SHA-256 of its unguessable id."""

    __tablename__ = "passkey_challenges"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    channel: Mapped[str]
    purpose: Mapped[PasskeyPurpose]
    origin: Mapped[str]
    challenge: Mapped[bytes]
    expire_time: Mapped[datetime] = mapped_column(Instant, index=True)
    contact_id: Mapped[str | None] = mapped_column(default=None)
    used_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
