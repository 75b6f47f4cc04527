"""Which contact somebody is told on, as SQL: the newest seen of those that can be pushed to."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, case, func, select, true
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
    or it reads all contacts of a city for each part; SQLite, which has none, by asking for the id.
    """
    can = case(
        ((Contact.state == ContactState.REACHABLE) & Contact.channel.in_(channels), 1), else_=0
    )
    theirs = (Contact.municipality == municipality) & (Contact.resident_id == who.c.id)
    best_first = (can.desc(), Contact.seen_time.desc(), Contact.id.desc())
    if session.get_bind().dialect.name == "postgresql":
        each = select(*_told(can)).where(theirs).order_by(*best_first).limit(1).lateral("each")
        told = [each.c[name] for name in ("contact_id", "channel", "contact_language")]
        reads = func.coalesce(each.c.reads, 0).label("reads")
        return (
            select(*who.c, *told, reads).select_from(who.outerjoin(each, true())).subquery("best")
        )
    first = select(Contact.id).where(theirs).order_by(*best_first).limit(1).scalar_subquery()
    found = select(*who.c, first.label("best_id")).subquery("found")
    is_it = (Contact.municipality == municipality) & (Contact.id == found.c.best_id)
    mine = [found.c[column.key] for column in who.c]
    return select(*mine, *_told(can)).select_from(found.outerjoin(Contact, is_it)).subquery("best")


def _told(can: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
    return (
        case((can == 1, Contact.id)).label("contact_id"),
        case((can == 1, Contact.channel)).label("channel"),
        case((can == 1, Contact.language)).label("contact_language"),
        case((Contact.id.is_not(None), 1), else_=0).label("reads"),
    )
