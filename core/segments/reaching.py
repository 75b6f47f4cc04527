"""Which contact somebody is told on, as SQL: the newest seen of those that can be pushed to."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import FromClause, func, select

from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


def best_contacts(municipality: str, channels: Collection[str]) -> FromClause:
    """Return a row for each resident who has such a contact: resident_id, id, channel, language."""
    place = func.row_number().over(
        partition_by=Contact.resident_id,
        order_by=(Contact.seen_time.desc(), Contact.id.desc()),
    )
    ranked = select(
        Contact.resident_id, Contact.id, Contact.channel, Contact.language, place.label("place")
    ).where(
        Contact.municipality == municipality,
        Contact.resident_id.is_not(None),
        Contact.state == ContactState.REACHABLE,
        Contact.channel.in_(channels),
    )
    of: Any = ranked.subquery("ranked")
    best = select(of.c.resident_id, of.c.id, of.c.channel, of.c.language).where(of.c.place == 1)
    return best.subquery("best")
