"""Which contact somebody is told on, as SQL: the newest seen of those that can be pushed to."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import FromClause, Select, func, select

from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


def best_contacts(
    municipality: str, channels: Collection[str], *, of: Select[Any] | None = None
) -> FromClause:
    """Return a row for each resident who has such a contact: resident_id, id, channel, language.

    With `of`, only for the residents whose ids it finds.
    """
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
    if of is not None:
        ranked = ranked.where(Contact.resident_id.in_(of))
    one: Any = ranked.subquery("ranked")
    best = select(one.c.resident_id, one.c.id, one.c.channel, one.c.language).where(
        one.c.place == 1
    )
    return best.subquery("best")
