"""Residents, their facts with history, contacts and challenges, and every query of them."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import crypto
from core.callers import Caller
from core.crypto import Sealed
from core.db import Instant, Row
from core.residents.identity.revocation import RevocationState
from core.residents.rules import (
    CHALLENGE_KEPT,
    ChallengeUnknown,
    ContactNotRegistered,
    ContactState,
    ContactUnknown,
    ResidentUnknown,
)

PAGE = 500


class Resident(Row):
    """A person who registered. Nothing is pushed to one who is `suppressed`."""

    __tablename__ = "residents"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    create_time: Mapped[datetime] = mapped_column(Instant)
    suppressed: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)


class Facts(Row):
    """What one proof said, letter by letter; in force until another closes it, and then history.

    `person` and `holder` are blind indexes of `rules.person_key` and `rules.holder_key`.
    """

    __tablename__ = "facts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        Index(None, "municipality", "resident_id"),
        Index(None, "municipality", "person"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str]
    person: Mapped[bytes]
    holder: Mapped[bytes]
    name: Mapped[str] = mapped_column(Sealed("facts.name"))
    name_flags: Mapped[str] = mapped_column(Sealed("facts.name_flags"))
    birth_date: Mapped[str] = mapped_column(Sealed("facts.birth_date"))
    sex: Mapped[str] = mapped_column(Sealed("facts.sex"))
    address: Mapped[str] = mapped_column(Sealed("facts.address"))
    address_flags: Mapped[str] = mapped_column(Sealed("facts.address_flags"))
    assurance: Mapped[str]
    revocation: Mapped[RevocationState]
    certificate_serial: Mapped[str] = mapped_column(Sealed("facts.certificate_serial"))
    certificate_fingerprint: Mapped[str] = mapped_column(Sealed("facts.certificate_fingerprint"))
    issuer_fingerprint: Mapped[str]
    policy: Mapped[str]
    not_after: Mapped[datetime] = mapped_column(Instant)
    consent_version: Mapped[str]
    verify_time: Mapped[datetime] = mapped_column(Instant)
    closed_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


IN_FORCE = Facts.closed_time.is_(None)

for _name, _of in (("uq_facts_in_force", Facts.resident_id), ("uq_facts_person", Facts.person)):
    Index(
        _name,
        Facts.municipality,
        _of,
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


class Contact(Row):
    """A place to reach somebody on a channel; `seen_time` is the newest sight of it."""

    __tablename__ = "contacts"
    __table_args__ = (
        ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),
        ForeignKeyConstraint(
            ["municipality", "resident_id"], ["residents.municipality", "residents.id"]
        ),
        UniqueConstraint("municipality", "channel", "external_index"),
        Index(None, "municipality", "resident_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str] = mapped_column(Sealed("contacts.external_id"))
    external_index: Mapped[bytes]
    state: Mapped[ContactState]
    seen_time: Mapped[datetime] = mapped_column(Instant)
    language: Mapped[str] = mapped_column(default="")
    resident_id: Mapped[str | None] = mapped_column(default=None)


class Challenge(Row):
    """A consent text that waits to be signed, under the SHA-256 of its unguessable id."""

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
    text: Mapped[str]
    expire_time: Mapped[datetime] = mapped_column(Instant, index=True)
    failures: Mapped[int] = mapped_column(default=0)
    used_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


def external_index(session: Session, external_id: str) -> bytes:
    return crypto.vault_of(session).index(external_id, "contacts.external_id")


# Every message of a resident asks for it: made once, a statement costs half.
_FIND_CONTACT = select(Contact).where(
    Contact.municipality == bindparam("municipality"),
    Contact.channel == bindparam("channel"),
    Contact.external_index == bindparam("index"),
)
_LOCK_CONTACT = _FIND_CONTACT.with_for_update().execution_options(populate_existing=True)


def find_contact(
    session: Session, by: Caller, external_id: str, *, lock: bool = False
) -> Contact | None:
    """Return the calling channel's contact; locked to the transaction's end, if it will change."""
    key = {
        "municipality": by.municipality,
        "channel": by.name,
        "index": external_index(session, external_id),
    }
    return session.scalars(_LOCK_CONTACT if lock else _FIND_CONTACT, key).one_or_none()


def contact_of(session: Session, by: Caller, external_id: str) -> Contact:
    """Return the calling channel's contact; raise ContactUnknown."""
    contact = find_contact(session, by, external_id)
    if contact is None:
        raise ContactUnknown("the channel has no such contact: tell with SeeContact first")
    return contact


def resident_of(contact: Contact) -> str:
    """Return the id of the contact's resident; raise ContactNotRegistered."""
    if contact.resident_id is None:
        raise ContactNotRegistered("the contact belongs to nobody yet: verify who it is first")
    return contact.resident_id


def challenge_of(
    session: Session, by: Caller, digest: bytes, *, lock: bool = False
) -> tuple[Challenge, Contact]:
    """Return a challenge that the calling channel began, and its contact; or ChallengeUnknown."""
    query = (
        select(Challenge, Contact)
        .join(
            Contact,
            (Contact.municipality == Challenge.municipality) & (Contact.id == Challenge.contact_id),
        )
        .where(
            Challenge.municipality == by.municipality,
            Challenge.digest == digest,
            Contact.channel == by.name,
        )
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    if found is None:
        raise ChallengeUnknown("no such challenge of this channel: begin again")
    return found


def forget_challenges(session: Session, now: datetime) -> None:
    """Delete the challenges that ended so long ago that nobody comes late for them."""
    session.execute(delete(Challenge).where(Challenge.expire_time < now - CHALLENGE_KEPT))


def get(session: Session, municipality: str, resident_id: str, *, lock: bool = False) -> Resident:
    """Return the resident, locked to the transaction's end where it will change.

    Raises ResidentUnknown.
    """
    key = (municipality, resident_id)
    resident = session.get(Resident, key, with_for_update=lock or None, populate_existing=lock)
    if resident is None:
        raise ResidentUnknown("no such resident")
    return resident


def find_person(session: Session, municipality: str, person: bytes) -> str | None:
    """Return the id of the resident who proved the same four facts, now or before."""
    query = select(Facts.resident_id).where(
        Facts.municipality == municipality, Facts.person == person
    )
    return session.scalars(query.order_by(Facts.id).limit(1)).one_or_none()


def facts_of(session: Session, municipality: str, resident_id: str) -> Facts:
    """Return the facts in force; raise ResidentUnknown where the resident has none."""
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id == resident_id, IN_FORCE
    )
    facts = session.scalars(query).one_or_none()
    if facts is None:
        raise ResidentUnknown("no such resident")
    return facts


def history_of(session: Session, municipality: str, resident_id: str) -> list[Facts]:
    """Return all the facts that were ever proved, oldest first."""
    query = select(Facts).where(
        Facts.municipality == municipality, Facts.resident_id == resident_id
    )
    return list(session.scalars(query.order_by(Facts.id)))


def current_facts(session: Session, municipality: str) -> Iterator[tuple[str, Facts]]:
    """Yield (resident id, facts in force) of every resident, by resident id."""
    query = select(Facts).where(Facts.municipality == municipality, IN_FORCE)
    after = ""
    while page := session.scalars(
        query.where(Facts.resident_id > after).order_by(Facts.resident_id).limit(PAGE)
    ).all():
        yield from ((facts.resident_id, facts) for facts in page)
        after = page[-1].resident_id


def contacts_of(session: Session, municipality: str, resident_id: str) -> list[Contact]:
    """Return where the resident can be reached or once could, newest seen first."""
    query = select(Contact).where(
        Contact.municipality == municipality, Contact.resident_id == resident_id
    )
    return list(session.scalars(query.order_by(Contact.seen_time.desc(), Contact.id.desc())))


def reachable_contact(session: Session, municipality: str, resident_id: str) -> Contact | None:
    """Return the newest seen contact that can be reached; None where there is none."""
    contacts = contacts_of(session, municipality, resident_id)
    return next((one for one in contacts if one.state is ContactState.REACHABLE), None)


def names_of(session: Session, municipality: str, resident_ids: Collection[str]) -> dict[str, str]:
    """Return the names in force, by resident id; ids of nobody are left out."""
    found: dict[str, str] = {}
    for some in _in_parts(resident_ids):
        query = select(Facts.resident_id, Facts.name).where(
            Facts.municipality == municipality, Facts.resident_id.in_(some), IN_FORCE
        )
        found.update(session.execute(query).all())
    return found


def suppressed(session: Session, municipality: str, resident_ids: Collection[str]) -> set[str]:
    """Return those of the ids to whom nothing may be pushed."""
    found: set[str] = set()
    for some in _in_parts(resident_ids):
        query = select(Resident.id).where(
            Resident.municipality == municipality, Resident.id.in_(some), Resident.suppressed
        )
        found.update(session.scalars(query))
    return found


def _in_parts(ids: Collection[str]) -> Iterator[list[str]]:
    """Part ids, since a statement takes only so many parameters."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), PAGE):
        yield ordered[start : start + PAGE]
