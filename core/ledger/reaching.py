"""Whom a channel reaches now, and by which: on their own contact, or else on a proxy's.

A push reaches by itself. What was begun for somebody lies on the web besides, for who reads there.
"""

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

PUSHED = (ContactState.REACHABLE,)
PUSHED_OR_READ = (ContactState.REACHABLE, ContactState.VISITING)
"""The states of contacts that reach, the best first."""

ACTING = aliased(Resident)
THEIRS = aliased(Contact)


def reachable(today: date, begun: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a channel reaches the `Resident` whom a `Match` names.

    `begun` is whether something lies on the web for them; it is true or false, never null.
    """
    pushed = _has(ContactState.REACHABLE, today)
    reads = _has(ContactState.VISITING, today)
    return and_(SERVED, Resident.suppressed.is_(False), or_(pushed, and_(begun, reads)))


def _has(state: ContactState, today: date) -> ColumnElement[bool]:
    own = aliased(Contact)
    on_their_own = exists().where(
        own.municipality == Match.municipality,
        own.resident_id == Match.resident_id,
        own.state == state,
    )
    through_others = _through_others(state, today).with_only_columns(Proxy.resident_id)
    return or_(on_their_own, Match.resident_id.in_(through_others))


@dataclass(frozen=True, slots=True)
class Reached:
    """By which channel somebody is reached, and in which language; `by_proxy` on another's."""

    channel: str
    language: str
    by_proxy: bool = False


def contacts(
    session: Session,
    municipality: str,
    resident_ids: Collection[str],
    today: date,
    *,
    states: Collection[ContactState] = PUSHED,
) -> dict[str, Reached]:
    """Return each one's newest contact of the best state, or else a proxy's, by resident."""
    found: dict[str, Reached] = {}
    for state in states:
        others = sorted(set(resident_ids) - found.keys())
        for start in range(0, len(others), PAGE):
            found |= _contacts(session, municipality, others[start : start + PAGE], state, today)
    return found


def _contacts(
    session: Session,
    municipality: str,
    resident_ids: Collection[str],
    state: ContactState,
    today: date,
) -> dict[str, Reached]:
    query = select(Contact.resident_id, Contact.channel, Contact.language).where(
        Contact.municipality == municipality,
        Contact.resident_id.in_(resident_ids),
        Contact.state == state,
    )
    newest_last = session.execute(query.order_by(Contact.seen_time, Contact.id))
    own = {row[0]: Reached(row[1], row[2]) for row in newest_last if row[0] is not None}
    others = set(resident_ids) - own.keys()
    if not others:
        return own
    acting = (
        _through_others(state, today)
        .where(Proxy.municipality == municipality, Proxy.resident_id.in_(others))
        .order_by(THEIRS.seen_time, THEIRS.id)
    )
    return own | {row[0]: Reached(row[1], row[2], True) for row in session.execute(acting)}


def _through_others(state: ContactState, today: date) -> Select[str, str, str]:
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
            THEIRS.state == state,
        )
    )
