"""Residents and their facts with history, and every query of them."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row
from core.residents.rules import Assurance, ClosingCause, ResidentUnknown, Revocation

PAGE = 500


class Resident(Row):
    """A person who registered.

    Nothing is pushed to one who is `suppressed`, whose registration has ended (`closing_cause`), or
    who took back the consent to registering. `language` is the one they chose. Of one who was
    deleted (`delete_time`) only the id is left, for what the law makes the city keep.
    """

    __tablename__ = "residents"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    create_time: Mapped[datetime] = mapped_column(Instant)
    suppressed: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="")
    closing_cause: Mapped[ClosingCause | None] = mapped_column(default=None)
    closing_date: Mapped[date | None] = mapped_column(default=None)
    consent_withdrawn: Mapped[bool] = mapped_column(default=False)
    delete_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    revision: Mapped[int] = mapped_column(default=1)


class Facts(Row):
    """What one proof said, letter by letter; in force until another closes it, and then history.

    `person` and `holder` are blind indexes of registration's `person_key` and `holder_key`. What
    the kind of proof does not have is empty: only a card has a certificate, only the app a
    `subject`, only the counter a `document`. `closed_by` says what closed it, such as "renewed".
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
    assurance: Mapped[Assurance]
    revocation: Mapped[Revocation]
    consent_version: Mapped[str]
    verify_time: Mapped[datetime] = mapped_column(Instant)
    certificate_serial: Mapped[str | None] = mapped_column(
        Sealed("facts.certificate_serial"), default=None
    )
    certificate_fingerprint: Mapped[str | None] = mapped_column(
        Sealed("facts.certificate_fingerprint"), default=None
    )
    issuer_fingerprint: Mapped[str] = mapped_column(default="")
    policy: Mapped[str] = mapped_column(default="")
    not_after: Mapped[datetime | None] = mapped_column(Instant, default=None)
    subject: Mapped[str | None] = mapped_column(Sealed("facts.subject"), default=None)
    document: Mapped[str] = mapped_column(default="")
    closed_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    closed_by: Mapped[str] = mapped_column(default="")


IN_FORCE = Facts.closed_time.is_(None)
OWN_FACTS = (Facts.municipality == Resident.municipality) & (Facts.resident_id == Resident.id)
SERVED = (
    Resident.closing_cause.is_(None)
    & Resident.delete_time.is_(None)
    & Resident.consent_withdrawn.is_(False)
)

for _name, _of in (("uq_facts_in_force", Facts.resident_id), ("uq_facts_person", Facts.person)):
    Index(
        _name,
        Facts.municipality,
        _of,
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def get(session: Session, municipality: str, resident_id: str, *, lock: bool = False) -> Resident:
    """Return the resident, locked to the transaction's end where it will change.

    Raises ResidentUnknown.
    """
    key = (municipality, resident_id)
    resident = session.get(Resident, key, with_for_update=lock or None, populate_existing=lock)
    if resident is None:
        raise ResidentUnknown("no such resident")
    return resident


def steady(session: Session, municipality: str, resident_id: str) -> Resident:
    """Return the resident as they stay to the transaction's end: whoever tells them something asks.

    Without it, protection that comes at the same moment would not find what is queued here. Raises
    ResidentUnknown.
    """
    resident = all_steady(session, municipality, [resident_id]).get(resident_id)
    if resident is None:
        raise ResidentUnknown("no such resident")
    return resident


def all_steady(
    session: Session, municipality: str, resident_ids: Collection[str]
) -> dict[str, Resident]:
    """Return residents by id, each as they stay to the transaction's end; locked in one order."""
    session.flush()
    found: dict[str, Resident] = {}
    for some in in_parts(resident_ids):
        query = select(Resident).where(Resident.municipality == municipality, Resident.id.in_(some))
        shared = query.order_by(Resident.id).with_for_update(read=True)
        rows = session.scalars(shared.execution_options(populate_existing=True))
        found.update((resident.id, resident) for resident in rows)
    return found


def is_silent(resident: Resident) -> bool:
    """Whether nothing may be pushed to the resident: protected, closed, or no longer agreed."""
    return (
        resident.suppressed
        or resident.closing_cause is not None
        or resident.consent_withdrawn
        or resident.delete_time is not None
    )


def suppressed(session: Session, municipality: str, resident_ids: Collection[str]) -> set[str]:
    """Return those of the ids to whom nothing may be pushed."""
    found: set[str] = set()
    for some in in_parts(resident_ids):
        query = select(Resident.id).where(
            Resident.municipality == municipality, Resident.id.in_(some), Resident.suppressed
        )
        found.update(session.scalars(query))
    return found


def in_parts(ids: Collection[str]) -> Iterator[list[str]]:
    """Part ids, since a statement takes only so many parameters."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), PAGE):
        yield ordered[start : start + PAGE]
