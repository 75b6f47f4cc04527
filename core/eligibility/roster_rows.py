"""How rosters are taken in part by part, thrown away, listed and compared; every query of that."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session, aliased

from core.eligibility.roster_payload import COLUMNS, rows_of
from core.eligibility.rows import PAGE, Entitlement, Match, Roster
from core.eligibility.rules import RosterUnknown
from core.jobs import At, Step

KEPT_STAGED = timedelta(days=1)
SWEPT = 2_000
"""Rows of a roster that was never frozen that are deleted in one transaction."""

_NAMES = ", ".join(COLUMNS)
_COPY = f"COPY entitlements ({_NAMES}) FROM STDIN (FORMAT BINARY)"
_INSERT = f"INSERT INTO entitlements ({_NAMES}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own names.

Side = tuple[bytes, bytes]
"""The blind index of a reference, and the digest of what its row says."""


def write(session: Session, payload: bytes) -> None:
    """Insert rows as `roster_payload` made them for this database."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.write(payload)
        return
    connection.exec_driver_sql(_INSERT, rows_of(payload))


def discard(session: Session, municipality: str, roster_id: str) -> bool:
    """Delete a part of a roster that was never frozen; return whether there is more of it."""
    some = (
        select(Entitlement.id)
        .where(Entitlement.municipality == municipality, Entitlement.roster_id == roster_id)
        .limit(SWEPT)
    )
    ids = list(session.scalars(some))
    session.execute(
        delete(Entitlement)
        .where(Entitlement.municipality == municipality, Entitlement.id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    if len(ids) == SWEPT:
        return True
    session.execute(
        delete(Roster).where(
            Roster.municipality == municipality,
            Roster.id == roster_id,
            Roster.freeze_time.is_(None),
        )
    )
    return False


def sweep(session: Session, at: At) -> Step:
    """Delete a part of what imports left behind that died a day ago."""
    query = select(Roster.id).where(
        Roster.municipality == at.municipality,
        Roster.freeze_time.is_(None),
        Roster.import_time < at.now - KEPT_STAGED,
    )
    roster_id = session.scalars(query.order_by(Roster.id).limit(1)).first()
    if roster_id is None:
        return Step()
    more = discard(session, at.municipality, roster_id)
    return Step("again", {} if more else {"rosters": 1})


def get(session: Session, municipality: str, id: str) -> Roster:
    """Return a roster that was frozen; raise RosterUnknown."""
    row = session.get(Roster, (municipality, id))
    if row is None or row.freeze_time is None:
        raise RosterUnknown(f"there is no roster {id}")
    return row


def of_program(
    session: Session, municipality: str, program_id: str, *, before: int, limit: int
) -> list[Roster]:
    """Return a program's rosters, newest first, before that version; 0 starts at the newest."""
    query = select(Roster).where(
        Roster.municipality == municipality,
        Roster.program_id == program_id,
        Roster.freeze_time.is_not(None),
    )
    if before:
        query = query.where(Roster.version < before)
    return list(session.scalars(query.order_by(Roster.version.desc()).limit(limit)))


def side(
    session: Session, municipality: str, roster_id: str, *, after: bytes = b""
) -> Iterator[tuple[bytes, bytes, str]]:
    """Yield the references of a roster in their order, what each row says, and its id."""
    query = select(Entitlement.reference_index, Entitlement.content_digest, Entitlement.id).where(
        Entitlement.municipality == municipality,
        Entitlement.roster_id == roster_id,
        Entitlement.reference_index > after,
    )
    found = session.execute(
        query.order_by(Entitlement.reference_index).execution_options(yield_per=PAGE)
    )
    for reference, content, id in found:
        yield reference, content or b"", id


def indexes(session: Session, municipality: str, ids: Sequence[str]) -> dict[str, bytes]:
    """Return the blind index of each entitlement's reference."""
    found: dict[str, bytes] = {}
    for start in range(0, len(ids), PAGE):
        query = select(Entitlement.id, Entitlement.reference_index).where(
            Entitlement.municipality == municipality,
            Entitlement.id.in_(ids[start : start + PAGE]),
        )
        found.update((id, index) for id, index in session.execute(query))
    return found


def paired(
    session: Session, municipality: str, ids: Sequence[str], roster_id: str
) -> Iterator[tuple[Entitlement, Entitlement | None]]:
    """Yield entitlements with what took their place in another roster, by reference."""
    new = aliased(Entitlement)
    for start in range(0, len(ids), PAGE):
        query = (
            select(Entitlement, new)
            .outerjoin(
                new,
                (new.municipality == Entitlement.municipality)
                & (new.roster_id == roster_id)
                & (new.reference_index == Entitlement.reference_index),
            )
            .where(
                Entitlement.municipality == municipality,
                Entitlement.id.in_(ids[start : start + PAGE]),
            )
        )
        yield from ((old, taking) for old, taking in session.execute(query))


def matched(session: Session, municipality: str, roster_id: str) -> list[str]:
    """Return the ids of a roster's entitlements that are in any match."""
    query = (
        select(Match.entitlement_id)
        .join(
            Entitlement,
            (Match.municipality == Entitlement.municipality)
            & (Match.entitlement_id == Entitlement.id),
        )
        .where(Match.municipality == municipality, Entitlement.roster_id == roster_id)
    )
    return sorted(set(session.scalars(query)))


def move_matches(session: Session, municipality: str, moves: Sequence[tuple[str, str]]) -> None:
    """Let matches be of the entitlement that took the place of theirs."""
    if not moves:
        return
    table: Any = Match.__table__
    change = (
        update(table)
        .where(table.c.municipality == municipality, table.c.entitlement_id == bindparam("before"))
        .values(entitlement_id=bindparam("after"))
    )
    session.execute(change, [{"before": before, "after": after} for before, after in moves])
    session.expire_all()


def matches_of(session: Session, municipality: str, entitlement_id: str) -> list[Match]:
    query = select(Match).where(
        Match.municipality == municipality, Match.entitlement_id == entitlement_id
    )
    return list(session.scalars(query.with_for_update()))


def staged(
    *, municipality: str, program_id: str, roster_id: str, file_name: str, now: datetime
) -> Roster:
    """Make a roster that nobody sees."""
    return Roster(
        municipality=municipality,
        id=roster_id,
        program_id=program_id,
        row_count=0,
        total=0,
        content_hash="",
        file_name=file_name,
        encoding="",
        import_time=now,
    )
