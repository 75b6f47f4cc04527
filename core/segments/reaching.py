"""Which contact somebody is told on: the newest seen of those that can be pushed to.

As SQL for a few, or where they are counted only; and, for all of a city, chosen of all that they
have, which takes less time than to let a database sort those of each.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    case,
    func,
    select,
    true,
    type_coerce,
)
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


def with_contacts(session: Session, who: Select[Any], municipality: str) -> Select[Any]:
    """Return the rows of `who`, whose first column is the id of a resident, with each contact.

    Added are its id, channel, language, state and time seen, null for who has none. PostgreSQL is
    kept from reading the contacts of all as for `with_best_contact`.
    """
    found = who.subquery("who")
    theirs = (Contact.municipality == municipality) & (Contact.resident_id == found.c[0])
    # As they are kept: to make a state and a moment of each takes as long as to read it.
    state, seen_time = (type_coerce(one, String) for one in (Contact.state, Contact.seen_time))
    columns = (Contact.id, Contact.channel, Contact.language, state, seen_time)
    if session.get_bind().dialect.name == "postgresql":
        each = select(*columns).where(theirs).offset(0).lateral("each")
        return select(*found.c, *each.c).select_from(found.outerjoin(each, true()))
    return select(*found.c, *columns).select_from(found.outerjoin(Contact, theirs))


def best_of_each(rows: Iterable[Sequence[Any]], channels: Collection[str]) -> list[Sequence[Any]]:
    """Return of rows of `with_contacts`, in the order of ids, each one's with the best contact."""

    def rank(row: Sequence[Any]) -> tuple[bool, bool, Any, str]:
        id, channel, _, state, seen_time = row[-5:]
        can = state == ContactState.REACHABLE and channel in channels
        return can, state != ContactState.LOST, seen_time, id

    best: list[Sequence[Any]] = []
    for row in rows:
        if not best or best[-1][0] != row[0]:
            best.append(row)
        elif rank(row) > rank(best[-1]):
            best[-1] = row
    return best
