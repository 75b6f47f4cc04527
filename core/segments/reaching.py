"""Which contact somebody is told on, as SQL: the newest seen of those that can be pushed to."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, case, func, select, true
from sqlalchemy.orm import Session

from core.residents.contact_rows import Contact
from core.residents.rules import ContactState

READS = case((Contact.state != ContactState.LOST, 1), else_=0)
"""Whether a contact opens the inbox: whoever blocked the channel does not."""


def with_best_contact(
    session: Session, who: FromClause, municipality: str, channels: Collection[str]
) -> Subquery:
    """Return the rows of `who`, which has the ids of residents as `id`, each with its contact.

    Added are `contact_id`, `channel` and `contact_language`, null where nothing can be pushed to
    them, `reads`: 1 where they have a contact that is not lost, and so an inbox that they can open,
    and `was_lost`: 1 where all that they have are lost. The time
    grows with `who`: each resident's contacts are found by index. PostgreSQL is told so by LATERAL,
    or it reads all contacts of a city for each part; SQLite, which has none, by asking for the id.
    """
    can = case(
        ((Contact.state == ContactState.REACHABLE) & Contact.channel.in_(channels), 1), else_=0
    )
    theirs = (Contact.municipality == municipality) & (Contact.resident_id == who.c.id)
    best_first = (can.desc(), READS.desc(), Contact.seen_time.desc(), Contact.id.desc())
    if session.get_bind().dialect.name == "postgresql":
        each = select(*_told(can)).where(theirs).order_by(*best_first).limit(1).lateral("each")
        told = [each.c[name] for name in ("contact_id", "channel", "contact_language")]
        told += [func.coalesce(each.c[name], 0).label(name) for name in ("reads", "was_lost")]
        return select(*who.c, *told).select_from(who.outerjoin(each, true())).subquery("best")
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
        READS.label("reads"),
        case((Contact.state == ContactState.LOST, 1), else_=0).label("was_lost"),
    )
