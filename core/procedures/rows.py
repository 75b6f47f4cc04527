"""Procedures of a municipality: their published versions, and the draft beside them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Instant, Row


class ProcedureVersion(Row):
    """A published version; nothing of it changes but until when it is in force.

    The version that ships is copied here when it is first used, so that what is under way keeps it.
    Such a copy has no author: nobody here published it.
    """

    __tablename__ = "procedure_versions"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    origin: Mapped[str]
    """Whose it is and its version there, as "13221:3" or "todoke:1"; empty for the town's own."""
    origin_source: Mapped[str]
    """Its source as it came from there, to tell later what either side has changed."""
    author: Mapped[str]
    publish_time: Mapped[datetime] = mapped_column(Instant)
    retire_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


class ProcedureDraft(Row):
    """A procedure being written, faulty or not."""

    __tablename__ = "procedure_drafts"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    author: Mapped[str]
    save_time: Mapped[datetime] = mapped_column(Instant)
    origin: Mapped[str] = mapped_column(default="")
    origin_source: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    @property
    def etag(self) -> str:
        """Names this state of it; a draft that was published does not come back under it."""
        said = f"{self.revision}\0{self.save_time.timestamp()}\0{self.author}\0{self.source}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Standing:
    """A version without its source: whose it is, and from when until when it is in force."""

    key: str
    version: int
    origin: str
    author: str
    publish_time: datetime
    retire_time: datetime | None

    @property
    def is_own(self) -> bool:
        """Whether somebody here published it; else it is a copy of what ships."""
        return bool(self.author)


_STANDING = select(
    ProcedureVersion.key,
    ProcedureVersion.version,
    ProcedureVersion.origin,
    ProcedureVersion.author,
    ProcedureVersion.publish_time,
    ProcedureVersion.retire_time,
).order_by(ProcedureVersion.key, ProcedureVersion.version.desc())


def standing(session: Session, municipality: str, key: str = "") -> list[Standing]:
    """Return a town's versions, of one procedure or of all: by key, newest first."""
    query = _STANDING.where(ProcedureVersion.municipality == municipality)
    if key:
        query = query.where(ProcedureVersion.key == key)
    return [Standing(*row) for row in session.execute(query)]


def in_time(versions: Sequence[Standing], now: datetime) -> Standing | None:
    """Return the town's own version whose time came last, retired or not."""
    own = [one for one in versions if one.is_own and one.publish_time <= now]
    return max(own, key=lambda one: (one.publish_time, one.version), default=None)


def is_own(session: Session, municipality: str, key: str, version: int) -> bool:
    """Whether somebody here published a version."""
    row = find(session, municipality, key, version)
    return row is not None and bool(row.author)


def find(session: Session, municipality: str, key: str, version: int) -> ProcedureVersion | None:
    return session.get(ProcedureVersion, (municipality, key, version))


def of_key(session: Session, municipality: str, key: str) -> list[ProcedureVersion]:
    """Return every version of a procedure with its source, for a change of them."""
    query = select(ProcedureVersion).where(
        ProcedureVersion.municipality == municipality, ProcedureVersion.key == key
    )
    return list(session.scalars(query.order_by(ProcedureVersion.version).with_for_update()))


def add(session: Session, version: ProcedureVersion) -> None:
    """Add a version; until it is committed, nobody may remember what it says."""
    session.add(version)
    uncommitted(session).add((version.municipality, version.key, version.version))


def uncommitted(session: Session) -> set[tuple[str, str, int]]:
    """Return the versions that this transaction has added."""
    found: set[tuple[str, str, int]] = session.info.setdefault("new_procedure_versions", set())
    return found


def drafts(session: Session, municipality: str) -> list[ProcedureDraft]:
    """Return a town's drafts by key."""
    query = select(ProcedureDraft).where(ProcedureDraft.municipality == municipality)
    return list(session.scalars(query.order_by(ProcedureDraft.key)))


def find_draft(
    session: Session, municipality: str, key: str, *, lock: bool = False
) -> ProcedureDraft | None:
    return session.get(ProcedureDraft, (municipality, key), with_for_update=lock or None)
