"""One-time codes, passkeys and their challenges."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import crypto
from core.access.rules import (
    CHALLENGE_KEPT,
    CodeKind,
    PasskeyChallengeUnknown,
    PasskeyPurpose,
    PasskeyUnknown,
)
from core.callers import Caller
from core.crypto import Sealed
from core.db import Instant, Row
from core.residents.contact_rows import Contact, external_index

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
    label: Mapped[str] = mapped_column(Sealed("passkeys.label"))
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


def code_digest(session: Session, code: str) -> bytes:
    return crypto.vault_of(session).digest(code.encode(), "codes.digest")


def find_code(session: Session, municipality: str, code: str) -> Code | None:
    """Return what is kept of a code as it was made, locked: the first to present it wins."""
    key = (municipality, code_digest(session, code))
    return session.get(Code, key, with_for_update=True, populate_existing=True)


def end_codes(
    session: Session, by: Caller, resident_id: str, kind: CodeKind, now: datetime
) -> None:
    """End what the same maker had made before, and nobody has used."""
    session.execute(
        update(Code)
        .where(
            Code.municipality == by.municipality,
            Code.resident_id == resident_id,
            Code.kind == kind,
            Code.maker == by.actor,
            Code.used_time.is_(None),
            Code.expire_time > now,
        )
        .values(expire_time=now)
    )


def end_codes_of(session: Session, municipality: str, resident_id: str, now: datetime) -> None:
    """End every code of a resident, whoever made it and in whose hands it may be."""
    session.execute(
        update(Code)
        .where(
            Code.municipality == municipality,
            Code.resident_id == resident_id,
            Code.used_time.is_(None),
            Code.expire_time > now,
        )
        .values(expire_time=now)
    )


def contact_of_subject(
    session: Session, municipality: str, channel: str, external_id: str
) -> Contact | None:
    """Return the contact of any channel whom an identity token names."""
    query = select(Contact).where(
        Contact.municipality == municipality,
        Contact.channel == channel,
        Contact.external_index == external_index(session, external_id),
    )
    return session.scalars(query).one_or_none()


def passkeys_of(session: Session, municipality: str, resident_id: str) -> list[Passkey]:
    """Return the resident's passkeys, newest first."""
    query = select(Passkey).where(
        Passkey.municipality == municipality, Passkey.resident_id == resident_id
    )
    return list(session.scalars(query.order_by(Passkey.id.desc())))


def passkey(session: Session, municipality: str, resident_id: str, id: str) -> Passkey:
    """Return one of the resident's passkeys; raise PasskeyUnknown."""
    found = session.get(Passkey, (municipality, id), with_for_update=True)
    if found is None or found.resident_id != resident_id:
        raise PasskeyUnknown("the resident has no such passkey")
    return found


def find_credential(session: Session, municipality: str, credential_id: bytes) -> Passkey | None:
    """Return the passkey under the id its authenticator chose, locked: its count will change."""
    query = select(Passkey).where(
        Passkey.municipality == municipality, Passkey.credential_id == credential_id
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).one_or_none()


def passkey_challenge(session: Session, by: Caller, digest: bytes) -> PasskeyChallenge:
    """Return an attempt that the calling channel began, locked; raise PasskeyChallengeUnknown."""
    key = (by.municipality, digest)
    found = session.get(PasskeyChallenge, key, with_for_update=True, populate_existing=True)
    if found is None or found.channel != by.name:
        raise PasskeyChallengeUnknown("no such attempt of this channel: begin again")
    return found


def end_with_contact(session: Session, municipality: str, contact_id: str, now: datetime) -> None:
    """Forget the passkeys of a contact that leaves its resident, and end its attempts at them."""
    session.execute(
        delete(Passkey).where(
            Passkey.municipality == municipality, Passkey.contact_id == contact_id
        )
    )
    session.execute(
        update(PasskeyChallenge)
        .where(
            PasskeyChallenge.municipality == municipality,
            PasskeyChallenge.contact_id == contact_id,
            PasskeyChallenge.used_time.is_(None),
        )
        .values(used_time=now)
    )


def forget(session: Session, now: datetime) -> None:
    """Delete codes and attempts that ended so long ago that nobody comes late for them."""
    for kind in (Code, PasskeyChallenge):
        session.execute(delete(kind).where(kind.expire_time < now - CHALLENGE_KEPT))
