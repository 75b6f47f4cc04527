"""Which contact somebody is told on, as SQL: the newest seen of those that can be pushed to."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, case, func, select, true
from sqlalchemy.orm import Session

from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


def with_best_contact(
    session: Session, who: FromClause, municipality: str, channels: Collection[str]
) -> Subquery:
    """Return the rows of `who`, which has the ids of residents as `id`, each with its contact.

    Added are `contact_id`, `channel` and `contact_language`, null where nothing can be pushed to
    them, and `reads`: 1 where they have any contact, and so an inbox that they can open. The time
    grows with `who`: each resident's contacts are found by index. PostgreSQL is told so by LATERAL,
    or it reads all contacts of a city for each part; SQLite, which has none, sorts all it found.
    """
    can = case(
        ((Contact.state == ContactState.REACHABLE) & Contact.channel.in_(channels), 1), else_=0
    )
    best_first = (can.desc(), Contact.seen_time.desc(), Contact.id.desc())
    theirs = (Contact.municipality == municipality) & (Contact.resident_id == who.c.id)
    if session.get_bind().dialect.name == "postgresql":
        each = _told(can).where(theirs).order_by(*best_first).limit(1).lateral("each")
        query = select(*who.c, *_with_reads(each)).select_from(who.outerjoin(each, true()))
        return query.subquery("best")
    place = func.row_number().over(partition_by=who.c.id, order_by=best_first)
    met = _told(can).add_columns(*who.c, place.label("place"))
    every = met.select_from(who.outerjoin(Contact, theirs)).subquery("every")
    mine = (every.c[column.key] for column in who.c)
    return select(*mine, *_with_reads(every)).where(every.c.place == 1).subquery("best")


def _told(can: ColumnElement[int]) -> Select[Any]:
    return select(
        Contact.id.label("any_id"),
        case((can == 1, Contact.id)).label("contact_id"),
        case((can == 1, Contact.channel)).label("channel"),
        case((can == 1, Contact.language)).label("contact_language"),
    )


def _with_reads(of: FromClause) -> list[ColumnElement[Any]]:
    reads = case((of.c.any_id.is_not(None), 1), else_=0).label("reads")
    return [of.c.contact_id, of.c.channel, of.c.contact_language, reads]
