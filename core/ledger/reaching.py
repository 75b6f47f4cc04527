"""Whom a channel reaches now, and by which: on their own contact, or else on a proxy's."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core.eligibility.rows import Match
from core.proxies.rows import GOING_ON, Proxy
from core.proxies.rules import Scope
from core.residents.contact_rows import Contact
from core.residents.rows import SERVED, Resident
from core.residents.rules import ContactState

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


def channels(
    session: Session, municipality: str, resident_ids: Collection[str], today: date
) -> dict[str, str]:
    """Return the channel of each one's newest contact, or else of a proxy's, by resident."""
    query = select(Contact.resident_id, Contact.channel).where(
        Contact.municipality == municipality,
        Contact.resident_id.in_(resident_ids),
        Contact.state == ContactState.REACHABLE,
    )
    newest_last = query.order_by(Contact.seen_time, Contact.id)
    own = {id: channel for id, channel in session.execute(newest_last) if id is not None}
    others = set(resident_ids) - own.keys()
    acting = (
        _through_others(today)
        .where(Proxy.municipality == municipality, Proxy.resident_id.in_(others))
        .order_by(THEIRS.seen_time, THEIRS.id)
    )
    return own | {row[0]: row[1] for row in session.execute(acting)} if others else own


def _through_others(today: date) -> Select[str, str]:
    """Return each resident with each channel of somebody who reads for them."""
    return (
        select(Proxy.resident_id, THEIRS.channel)
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
