"""What people did to reach those entitled, beside what channels delivered, and who said no."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    Select,
    Subquery,
    and_,
    case,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row
from core.eligibility.rows import ACCEPTED, PAGE, Entitlement, Match, Program, Roster, find_roster
from core.eligibility.rules import Way


class ContactRecord(Row):
    """One contact with somebody entitled, or a try: a call, a visit, a printed letter.

    `declined` says that whoever was reached does not want it. `print_id` names the printing that a
    letter belongs to, `position` its place there.
    """

    __tablename__ = "contact_records"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "entitlement_id"], ["entitlements.municipality", "entitlements.id"]
        ),
        Index(None, "municipality", "entitlement_id", "contact_time"),
        Index("ix_contact_records_print", "municipality", "print_id", "position"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    entitlement_id: Mapped[str]
    way: Mapped[Way]
    reached: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Sealed("contact_records.note"))
    actor: Mapped[str]
    contact_time: Mapped[datetime] = mapped_column(Instant)
    create_time: Mapped[datetime] = mapped_column(Instant)
    print_id: Mapped[str | None] = mapped_column(default=None)
    position: Mapped[int | None] = mapped_column(default=None)
    declined: Mapped[bool] = mapped_column(default=False)


WRITTEN_FOR, LISTED = aliased(Entitlement), aliased(Entitlement)
"""The row that a contact was written down for, and the one that stands for the same now."""


def of_roster(roster: Roster, ids: Collection[str], *columns: Any) -> Select[Any]:
    """Return `id`, of an entitlement, and columns of each of its contacts, for all where no ids.

    A roster that replaces another has other rows for the same people: what was written down for
    these follows their reference.
    """
    query = (
        select(LISTED.id.label("id"), *columns)
        .select_from(ContactRecord)
        .join(
            WRITTEN_FOR,
            and_(
                WRITTEN_FOR.municipality == ContactRecord.municipality,
                WRITTEN_FOR.id == ContactRecord.entitlement_id,
            ),
        )
        .join(
            LISTED,
            and_(
                LISTED.municipality == WRITTEN_FOR.municipality,
                LISTED.roster_id == roster.id,
                LISTED.reference_index == WRITTEN_FOR.reference_index,
            ),
        )
        .where(
            ContactRecord.municipality == roster.municipality,
            ContactRecord.program_id == roster.program_id,
        )
    )
    return query.where(LISTED.id.in_(ids)) if ids else query


def contacted(roster: Roster, ids: Collection[str]) -> Subquery:
    """Return by `entitlement_id` how its contacts stand, of all or of the ids.

    The columns: `last_time`, of any; `phoned`, how often the phone reached them; `letter_time`, of
    the last letter; `no_time`, where they said no when last spoken with.
    """
    record = ContactRecord
    # Whatever was written down last of one time is what holds: a slip is mended in its own minute.
    backwards = (record.reached.desc(), record.contact_time.desc(), record.id.desc())
    place = func.row_number().over(partition_by=LISTED.id, order_by=backwards)
    columns = (record.contact_time, record.way, record.reached, record.declined)
    one = of_roster(roster, ids, *columns, place.label("place")).subquery("one")
    phoned = and_(one.c.way == Way.PHONE, one.c.reached)
    said_no = and_(one.c.place == 1, one.c.declined)
    query = select(
        one.c.id.label("entitlement_id"),
        func.max(one.c.contact_time).label("last_time"),
        func.sum(case((phoned, 1), else_=0)).label("phoned"),
        func.max(case((one.c.way == Way.LETTER, one.c.contact_time))).label("letter_time"),
        func.max(case((said_no, one.c.contact_time))).label("no_time"),
    )
    return query.group_by(one.c.id).subquery("contacted")


def said_no(
    session: Session, municipality: str, program_id: str, entitlement_ids: Collection[str]
) -> set[str]:
    """Return those of the entitlements who told staff no when last spoken with."""
    roster = find_roster(session, municipality, program_id)
    if roster is None:
        return set()
    found: set[str] = set()
    ordered = sorted(entitlement_ids)
    for start in range(0, len(ordered), PAGE):
        told = contacted(roster, ordered[start : start + PAGE])
        query = select(told.c.entitlement_id).where(told.c.no_time.is_not(None))
        found.update(session.scalars(query))
    return found


def letters_to(
    session: Session, municipality: str, resident_id: str
) -> list[tuple[ContactRecord, Program]]:
    """Return the printed letters to a resident who is linked with a roster, with their programs."""
    query = (
        select(ContactRecord, Program)
        .join(
            Program,
            and_(
                Program.municipality == ContactRecord.municipality,
                Program.id == ContactRecord.program_id,
            ),
        )
        .where(
            ContactRecord.municipality == municipality,
            ContactRecord.entitlement_id.in_(_written_for(municipality, resident_id)),
            ContactRecord.print_id.is_not(None),
        )
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _written_for(municipality: str, resident_id: str) -> Select[str]:
    """Return the rows, of any roster, for the same as those that a resident is linked with."""
    return (
        select(WRITTEN_FOR.id)
        .join(
            LISTED,
            and_(
                LISTED.municipality == WRITTEN_FOR.municipality,
                LISTED.program_id == WRITTEN_FOR.program_id,
                LISTED.reference_index == WRITTEN_FOR.reference_index,
            ),
        )
        .join(
            Match,
            and_(Match.municipality == LISTED.municipality, Match.entitlement_id == LISTED.id),
        )
        .where(Match.municipality == municipality, Match.resident_id == resident_id, ACCEPTED)
    )


def forget_notes(session: Session, municipality: str, resident_id: str) -> None:
    """Erase what was noted of contacts with a resident who is linked with a roster."""
    session.execute(
        update(ContactRecord)
        .where(
            ContactRecord.municipality == municipality,
            ContactRecord.entitlement_id.in_(_written_for(municipality, resident_id)),
        )
        .values(note=None)
        .execution_options(synchronize_session="fetch")
    )
