"""What crosses between the networks, the keys it is sealed to, and every query of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.crossings.rules import (
    CrossingState,
    CrossingUnknown,
    Direction,
    Parcel,
    SealingKeyMissing,
)
from core.crypto import Sealed
from core.db import Instant, Row


class SealingKey(Row):
    """The city's public key that exports are sealed to; the newest is in force."""

    __tablename__ = "sealing_keys"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    fingerprint: Mapped[str]
    set_by: Mapped[str]
    reason: Mapped[str]
    set_time: Mapped[datetime] = mapped_column(Instant)


class Crossing(Row):
    """A file that passes between the networks, by two people.

    `answer_secret` is what the closed network proves to have opened the export with; an import
    names the export it answers as `export_id`.
    """

    __tablename__ = "crossings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "program_id"], ["programs.municipality", "programs.id"]
        ),
        Index(None, "municipality", "program_id", "id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    direction: Mapped[Direction]
    state: Mapped[CrossingState]
    proposer: Mapped[str]
    propose_time: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Sealed("crossings.reason"), default=None)
    row_count: Mapped[int] = mapped_column(default=0)
    content_hash: Mapped[str] = mapped_column(default="")
    file_name: Mapped[str] = mapped_column(default="")
    key_fingerprint: Mapped[str] = mapped_column(default="")
    answer_secret: Mapped[str | None] = mapped_column(
        Sealed("crossings.answer_secret"), default=None
    )
    approver: Mapped[str] = mapped_column(default="")
    approve_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    done_time: Mapped[datetime | None] = mapped_column(Instant, default=None)
    export_id: Mapped[str | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=1)
    parcel: Mapped[Parcel] = mapped_column(default=Parcel.REGISTRATIONS)


class CrossingDecision(Row):
    """An application whose decision a parcel carries: one goes into the closed network once."""

    __tablename__ = "crossing_decisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "crossing_id"], ["crossings.municipality", "crossings.id"]
        ),
        Index(None, "municipality", "crossing_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    crossing_id: Mapped[str]


class CrossingPart(Row):
    """A part of a sealed export, kept so that the same crossing gives the same bytes."""

    __tablename__ = "crossing_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "crossing_id"], ["crossings.municipality", "crossings.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    crossing_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CrossingLink(Row):
    """A link that an import brought, until it is approved; `line` is its canonical row."""

    __tablename__ = "crossing_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "crossing_id"], ["crossings.municipality", "crossings.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    crossing_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(Sealed("crossing_links.line"))


ANSWERED = (Crossing.direction == Direction.IMPORT) & (Crossing.state != CrossingState.CANCELLED)

Index(
    "uq_crossings_content",
    Crossing.municipality,
    Crossing.export_id,
    Crossing.content_hash,
    unique=True,
    sqlite_where=ANSWERED,
    postgresql_where=ANSWERED,
)


def find_key(session: Session, municipality: str) -> SealingKey | None:
    """Return the key in force."""
    query = select(SealingKey).where(SealingKey.municipality == municipality)
    return session.scalars(query.order_by(SealingKey.id.desc()).limit(1)).first()


def newest_key(session: Session, municipality: str) -> SealingKey:
    """Return the key in force; raise SealingKeyMissing."""
    key = find_key(session, municipality)
    if key is None:
        raise SealingKeyMissing("the city has set no key for sealed files: set it first")
    return key


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> Crossing:
    """Return the crossing, locked where it is to be changed; raise CrossingUnknown."""
    query = select(Crossing).where(Crossing.municipality == municipality, Crossing.id == id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    crossing = session.scalars(query).one_or_none()
    if crossing is None:
        raise CrossingUnknown(f"there is no crossing {id}")
    return crossing


def get_export(
    session: Session, municipality: str, id: str, *, parcel: Parcel | None = None
) -> Crossing:
    """Return an export, of that parcel or any; raise CrossingUnknown also for an import."""
    crossing = get(session, municipality, id)
    if crossing.direction is not Direction.EXPORT or parcel not in (None, crossing.parcel):
        raise CrossingUnknown(f"crossing {id} is no such export")
    return crossing


def page(
    session: Session, municipality: str, *, program_id: str, before: str, limit: int
) -> list[Crossing]:
    """Newest first, older than the id `before`; of one program, or of all."""
    query = select(Crossing).where(Crossing.municipality == municipality)
    if program_id:
        query = query.where(Crossing.program_id == program_id)
    if before:
        query = query.where(Crossing.id < before)
    return list(session.scalars(query.order_by(Crossing.id.desc()).limit(limit)))


def find_answer(
    session: Session, municipality: str, export_id: str, content_hash: str
) -> Crossing | None:
    """Return the import of this content that was not cancelled."""
    query = select(Crossing).where(
        Crossing.municipality == municipality,
        Crossing.export_id == export_id,
        Crossing.content_hash == content_hash,
        ANSWERED,
    )
    return session.scalars(query).one_or_none()


def add_parts(session: Session, crossing: Crossing, parts: Iterable[bytes]) -> None:
    session.add_all(
        CrossingPart(
            municipality=crossing.municipality,
            crossing_id=crossing.id,
            number=number,
            content=content,
        )
        for number, content in enumerate(parts)
    )


def part(session: Session, municipality: str, crossing_id: str, number: int) -> bytes | None:
    """Return a part's bytes by its number from 0; None after the last."""
    found = session.get(CrossingPart, (municipality, crossing_id, number))
    return None if found is None else found.content


def add_lines(session: Session, crossing: Crossing, lines: Iterable[str]) -> None:
    session.add_all(
        CrossingLink(
            municipality=crossing.municipality, crossing_id=crossing.id, number=number, line=line
        )
        for number, line in enumerate(lines)
    )


def lines(session: Session, crossing: Crossing) -> Iterator[str]:
    """Yield what an import brought, in its order."""
    query = select(CrossingLink.line).where(
        CrossingLink.municipality == crossing.municipality,
        CrossingLink.crossing_id == crossing.id,
    )
    return iter(session.scalars(query.order_by(CrossingLink.number)))


def handed_over(
    session: Session, municipality: str, program_id: str, crossing_id: str = ""
) -> set[str]:
    """Return the applications whose decisions are in a parcel of the program, or in that one."""
    query = (
        select(CrossingDecision.application_id)
        .join(
            Crossing,
            (Crossing.municipality == CrossingDecision.municipality)
            & (Crossing.id == CrossingDecision.crossing_id),
        )
        .where(Crossing.municipality == municipality, Crossing.program_id == program_id)
    )
    if crossing_id:
        query = query.where(Crossing.id == crossing_id)
    return set(session.scalars(query))


def add_handed_over(session: Session, crossing: Crossing, ids: Iterable[str]) -> None:
    session.add_all(
        CrossingDecision(
            municipality=crossing.municipality, application_id=id, crossing_id=crossing.id
        )
        for id in ids
    )


def drop_contents(session: Session, crossing: Crossing) -> None:
    """Delete what a crossing held, which nobody may want any more."""
    crossing.answer_secret = None
    for kept in (CrossingPart, CrossingLink, CrossingDecision):
        session.execute(
            delete(kept).where(
                kept.municipality == crossing.municipality, kept.crossing_id == crossing.id
            )
        )
