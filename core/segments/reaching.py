"""Which contact somebody is told on, as SQL: the newest seen of those that can be pushed to."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import FromClause, Subquery, case, func, select

from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


def with_best_contact(who: FromClause, municipality: str, channels: Collection[str]) -> Subquery:
    """Return the rows of `who`, which has the ids of residents as `id`, each with its contact.

    Added are `contact_id`, `channel` and `contact_language`, null where nothing can be pushed to
    them, and `reads`: 1 where they have any contact, and so an inbox that they can open. Each
    resident's contacts are found by index, and all are sorted once: the time grows with `who`.
    """
    can = case(
        ((Contact.state == ContactState.REACHABLE) & Contact.channel.in_(channels), 1), else_=0
    )
    place = func.row_number().over(
        partition_by=who.c.id,
        order_by=(can.desc(), Contact.seen_time.desc(), Contact.id.desc()),
    )
    theirs = (Contact.municipality == municipality) & (Contact.resident_id == who.c.id)
    met: Any = (
        select(
            *who.c,
            case((can == 1, Contact.id)).label("contact_id"),
            case((can == 1, Contact.channel)).label("channel"),
            case((can == 1, Contact.language)).label("contact_language"),
            case((Contact.id.is_not(None), 1), else_=0).label("reads"),
            place.label("place"),
        )
        .select_from(who.outerjoin(Contact, theirs))
        .subquery("met")
    )
    best = select(*(column for column in met.c if column.key != "place")).where(met.c.place == 1)
    return best.subquery("best")
