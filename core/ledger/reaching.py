"""Whom a channel reaches now, and by which: on their own contact, or else on a proxy's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core.eligibility.rows import Match
from core.proxies.rows import GOING_ON, Proxy
from core.proxies.rules import Scope
from core.residents.contact_rows import Contact
from core.residents.rows import SERVED, Resident
from core.residents.rules import ContactState

PAGE = 500
"""Ids in one statement."""

ACTING = aliased(Resident)
THEIRS = aliased(Contact)


def reachable(today: date) -> ColumnElement[bool]:
    """Whether a message may be pushed to the `Resident` whom a `Match` names."""
    own = aliased(Contact)
    on_their_own = exists().where(
        own.municipality == Match.municipality,
        own.resident_id == Match.resident_id,
        own.state == ContactState.REACHABLE,
    )
    through_others = _through_others(today).with_only_columns(Proxy.resident_id)
    return and_(
        SERVED,
        Resident.suppressed.is_(False),
        or_(on_their_own, Match.resident_id.in_(through_others)),
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """By which channel somebody is reached, and in which language; `by_proxy` on another's."""

    channel: str
    language: str
    by_proxy: bool = False


def contacts(
    session: Session, municipality: str, resident_ids: Collection[str], today: date
) -> dict[str, Reached]:
    """Return each one's newest contact, or else a proxy's, by resident."""
    found: dict[str, Reached] = {}
    ordered = sorted(resident_ids)
    for start in range(0, len(ordered), PAGE):
        found |= _contacts(session, municipality, ordered[start : start + PAGE], today)
    return found


def _contacts(
    session: Session, municipality: str, resident_ids: Collection[str], today: date
) -> dict[str, Reached]:
    query = select(Contact.resident_id, Contact.channel, Contact.language).where(
        Contact.municipality == municipality,
        Contact.resident_id.in_(resident_ids),
        Contact.state == ContactState.REACHABLE,
    )
    newest_last = session.execute(query.order_by(Contact.seen_time, Contact.id))
    own = {row[0]: Reached(row[1], row[2]) for row in newest_last if row[0] is not None}
    others = set(resident_ids) - own.keys()
    if not others:
        return own
    acting = (
        _through_others(today)
        .where(Proxy.municipality == municipality, Proxy.resident_id.in_(others))
        .order_by(THEIRS.seen_time, THEIRS.id)
    )
    return own | {row[0]: Reached(row[1], row[2], True) for row in session.execute(acting)}


def _through_others(today: date) -> Select[str, str, str]:
    """Return each resident with each channel of somebody who reads for them."""
    return (
        select(Proxy.resident_id, THEIRS.channel, THEIRS.language)
        .join(
            ACTING,
            and_(ACTING.municipality == Proxy.municipality, ACTING.id == Proxy.proxy_resident_id),
        )
        .join(
            THEIRS,
            and_(THEIRS.municipality == ACTING.municipality, THEIRS.resident_id == ACTING.id),
        )
        .where(
            GOING_ON,
            Proxy.expire_date >= today,
            # A list of a few words, kept as JSON on both databases.
            cast(Proxy.scopes, String).contains(f'"{Scope.READ}"'),
            ACTING.suppressed.is_(False),
            ACTING.closing_cause.is_(None),
            ACTING.consent_withdrawn.is_(False),
            ACTING.delete_time.is_(None),
            THEIRS.state == ContactState.REACHABLE,
        )
    )
