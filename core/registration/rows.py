"""Challenges, flows through the authentication app, registrations at the counter; their queries."""

from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import JSON, ForeignKeyConstraint, Index, case, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.callers import Caller
from core.crypto import Sealed
from core.db import Instant, Row
from core.registration.rules import (
    CHALLENGE_KEPT,
    ChallengeUnknown,
    RegistrationState,
    RegistrationUnknown,
)
from core.residents.contact_rows import Contact

Scopes = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Challenge(Row):
    """A consent text that waits to be signed, under the SHA-256 of its unguessable id.

    With `proxy_scopes`, signing makes the contact's resident a proxy of the card's holder.
    """

    __tablename__ = "challenges"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    contact_id: Mapped[str]
    consent_version: Mapped[str]
    text: Mapped[str] = mapped_column(Sealed("challenges.text"))
    expire_time: Mapped[datetime] = mapped_column(Instant, index=True)
    failures: Mapped[int] = mapped_column(default=0)
    used_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    proxy_scopes: Mapped[list[str] | None] = mapped_column(Scopes, default=None)
    proxy_expire_date: Mapped[date | None] = mapped_column(default=None)


class Authentication(Row):
    """A way through the authentication app, under the SHA-256 of its OIDC state."""

    __tablename__ = "authentications"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "contact_id"], ["contacts.municipality", "contacts.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    contact_id: Mapped[str]
    redirect_uri: Mapped[str]
    consent_version: Mapped[str]
    nonce: Mapped[str] = mapped_column(Sealed("authentications.nonce"))
    code_verifier: Mapped[str] = mapped_column(Sealed("authentications.code_verifier"))
    expire_time: Mapped[datetime] = mapped_column(Instant, index=True)
    used_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class CounterRegistration(Row):
    """What one of the staff read from papers at the counter, and what another made of it.

    `proposer_id` and `decider_id` are staff. The facts go when it is refused, or with the resident.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        Index(None, "municipality", "state", "id"),
        Index(None, "municipality", "resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[RegistrationState]
    document: Mapped[str]
    consent_version: Mapped[int]
    proposer_id: Mapped[str]
    proposer: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    name: Mapped[str | None] = mapped_column(Sealed("registrations.name"))
    birth_date: Mapped[str | None] = mapped_column(Sealed("registrations.birth_date"))
    sex: Mapped[str | None] = mapped_column(Sealed("registrations.sex"))
    address: Mapped[str | None] = mapped_column(Sealed("registrations.address"))
    decider_id: Mapped[str] = mapped_column(default="")
    decider: Mapped[str] = mapped_column(default="")
    decide_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    resident_id: Mapped[str | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)


Begun = TypeVar("Begun", Challenge, Authentication)


def challenge_of(
    session: Session, by: Caller, digest: bytes, *, lock: bool = False
) -> tuple[Challenge, Contact]:
    """Return a challenge that the calling channel began, and its contact; or ChallengeUnknown."""
    found = _begun(session, Challenge, by, digest, lock=lock)
    if found is None:
        raise ChallengeUnknown("no such challenge of this channel: begin again")
    return found


def authentication_of(
    session: Session, by: Caller, digest: bytes, *, lock: bool = False
) -> tuple[Authentication, Contact]:
    """Return a flow that the calling channel began, and its contact; or ChallengeUnknown."""
    found = _begun(session, Authentication, by, digest, lock=lock)
    if found is None:
        raise ChallengeUnknown("no such state of this channel: begin again")
    return found


def _begun(
    session: Session, kind: type[Begun], by: Caller, digest: bytes, *, lock: bool
) -> tuple[Begun, Contact] | None:
    query = (
        select(kind, Contact)
        .join(
            Contact,
            (Contact.municipality == kind.municipality) & (Contact.id == kind.contact_id),
        )
        .where(
            kind.municipality == by.municipality,
            kind.digest == digest,
            Contact.channel == by.name,
        )
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def registration(
    session: Session, municipality: str, id: str, *, lock: bool = False
) -> CounterRegistration:
    """Return a registration at the counter, locked where it will change; or RegistrationUnknown."""
    found = session.get(
        CounterRegistration,
        (municipality, id),
        with_for_update=lock or None,
        populate_existing=lock,
    )
    if found is None:
        raise RegistrationUnknown("no such registration at the counter")
    return found


# Those to be decided before all others.
_TURN = case((CounterRegistration.state == RegistrationState.PROPOSED, 0), else_=1)


def turn_of(row: CounterRegistration) -> tuple[str, str]:
    """Return where a registration stands in the list, as a page's key."""
    return ("0" if row.state is RegistrationState.PROPOSED else "1", row.id)


def page(
    session: Session,
    municipality: str,
    *,
    state: RegistrationState | None,
    after: tuple[str, str] | None,
    limit: int,
) -> list[CounterRegistration]:
    """Return those to be decided first, oldest first, that follow the key of `turn_of`."""
    query = select(CounterRegistration).where(CounterRegistration.municipality == municipality)
    if state is not None:
        query = query.where(CounterRegistration.state == state)
    if after is not None:
        turn, id = after
        query = query.where(tuple_(_TURN, CounterRegistration.id) > (int(turn == "1"), id))
    return list(session.scalars(query.order_by(_TURN, CounterRegistration.id).limit(limit)))


def forget_challenges(session: Session, now: datetime) -> None:
    """Delete challenges and flows that ended so long ago that nobody comes late for them."""
    session.execute(delete(Challenge).where(Challenge.expire_time < now - CHALLENGE_KEPT))
    session.execute(delete(Authentication).where(Authentication.expire_time < now - CHALLENGE_KEPT))


def end_with_contact(session: Session, municipality: str, contact_id: str, now: datetime) -> None:
    """Use up the open challenges and flows of a contact that leaves its resident."""
    for kind in (Challenge, Authentication):
        open_ones = update(kind).where(
            kind.municipality == municipality,
            kind.contact_id == contact_id,
            kind.used_time.is_(None),
        )
        session.execute(open_ones.values(used_time=now))
