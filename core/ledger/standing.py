"""How far each entitlement has been followed: one query over what everything else keeps.

It is never kept, so that it cannot disagree with matches, applications, deliveries and contacts.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from core.applications.history import OPENED
from core.applications.rows import Application
from core.applications.rules import State
from core.db import Instant
from core.dispatches.rows import Delivery
from core.dispatches.rules import State as Told
from core.eligibility import contacted_rows
from core.eligibility.rows import ACCEPTED, SAME_ENTITLEMENT, Entitlement, Match, Roster
from core.events import Event
from core.ledger import reaching
from core.ledger.rules import Progress
from core.matching import Decision
from core.residents.rows import Resident

SETTLED = (State.PAID, State.REJECTED)
OVER = (State.WITHDRAWN, State.EXPIRED)
"""Applications that ended without a decision."""


def entries(roster: Roster, today: date, ids: Collection[str] = ()) -> Subquery:
    """Return a roster's entitlements, or those of the ids, as the ledger has them.

    The columns: `id`; `resident_id`, where linked; `application_id`, the newest; `state`;
    `since_time`, the last time that the city turned to them; `reachable`, whether a channel reaches
    them; `phoned`, whether somebody has reached them by phone; `letter_time`, of the last letter;
    `has_address`.
    """
    of = roster.municipality
    newest, contacted = (
        _newest_applications(of, roster.program_id, ids),
        contacted_rows.contacted(roster, ids),
    )
    told = aliased(Delivery)
    told_of = and_(
        told.municipality == Application.municipality,
        told.resident_id == Application.resident_id,
        told.occasion == Application.id + ":invited",
    )
    begun = and_(Application.id.is_not(None), Application.state == State.INVITED)
    reachable = reaching.reachable(today, begun)
    query = (
        _rows(roster, newest, contacted, ids)
        .add_columns(
            Match.resident_id.label("resident_id"),
            Application.id.label("application_id"),
            _state(
                of,
                roster.program_id,
                reachable=reachable,
                told=told.state,
                said_no=_said_no(contacted, newest.c.invite_time),
            ).label("state"),
            and_(Match.id.is_not(None), reachable).label("reachable"),
            (func.coalesce(contacted.c.phoned, 0) > 0).label("phoned"),
            contacted.c.letter_time,
            Entitlement.masked_text.is_(None).label("has_address"),
        )
        .outerjoin(
            Application, and_(Application.municipality == of, Application.id == newest.c.newest)
        )
        .outerjoin(Match, and_(SAME_ENTITLEMENT, ACCEPTED))
        .outerjoin(
            Resident,
            and_(Resident.municipality == Match.municipality, Resident.id == Match.resident_id),
        )
        .outerjoin(told, told_of)
    )
    return query.subquery("entries")


def waiting(roster: Roster) -> Subquery:
    """Return `id` and `since_time` of a roster's entitlements: what orders them, and no more."""
    newest = _newest_applications(roster.municipality, roster.program_id, ())
    return _rows(roster, newest, contacted_rows.contacted(roster, ()), ()).subquery("waiting")


def _rows(
    roster: Roster, newest: Subquery, contacted: Subquery, ids: Collection[str]
) -> Select[str, datetime]:
    of = roster.municipality
    listed = roster.freeze_time or roster.import_time
    since = _since(contacted.c.last_time, newest.c.invite_time, listed)
    query = (
        select(Entitlement.id.label("id"), since.label("since_time"))
        .outerjoin(newest, newest.c.entitlement_id == Entitlement.id)
        .outerjoin(contacted, contacted.c.entitlement_id == Entitlement.id)
        .where(Entitlement.municipality == of, Entitlement.roster_id == roster.id)
    )
    return query.where(Entitlement.id.in_(ids)) if ids else query


def _state(
    of: str,
    program_id: str,
    *,
    reachable: ColumnElement[bool],
    told: Any,
    said_no: ColumnElement[bool],
) -> ColumnElement[str]:
    """Return the first that is true, from the end of the way to its beginning."""
    state = Application.state
    kept = _kept_match()
    named: list[tuple[ColumnElement[bool], Progress]] = [
        (_protected(of, program_id), Progress.PROTECTED),
        (state.in_(SETTLED), Progress.SETTLED),
        (and_(state.is_not(None), state.not_in([*OVER, State.INVITED])), Progress.FILED),
        (said_no, Progress.DECLINED),
        (Match.id.is_(None), Progress.UNMATCHED),
        (and_(state == State.WITHDRAWN, kept), Progress.DECLINED),
        (~reachable, Progress.UNREACHABLE),
        (and_(state == State.INVITED, _opened()), Progress.OPENED),
        (and_(state == State.INVITED, told == Told.FAILED), Progress.UNREACHABLE),
    ]
    whens = [(condition, literal(str(name))) for condition, name in named]
    return case(*whens, else_=literal(str(Progress.SILENT)))


def _said_no(
    contacted: Subquery, invite_time: ColumnElement[datetime | None]
) -> ColumnElement[bool]:
    """Whether they told staff so when last spoken with, and were not invited after that."""
    no_time = contacted.c.no_time
    return and_(no_time.is_not(None), or_(invite_time.is_(None), invite_time <= no_time))


def _kept_match() -> ColumnElement[bool]:
    """Whether an application was begun under the link that stands: its end was the resident's."""
    return and_(
        Application.resident_id == Match.resident_id,
        or_(Match.decide_time.is_(None), Match.decide_time <= Application.invite_time),
    )


def _opened() -> ColumnElement[bool]:
    """Whether a resident looked at the application, or answered a first question of it."""
    seen = exists().where(
        Event.municipality == Application.municipality,
        Event.subject == Application.id,
        Event.kind == f"application.{OPENED}",
    )
    return or_(Application.revision > 1, seen)


def _protected(of: str, program_id: str) -> ColumnElement[bool]:
    """Whether the roster, or anybody who may be meant, is under protection."""
    other, resident = aliased(Match), aliased(Resident)
    meant = (
        select(other.entitlement_id)
        .join(
            resident,
            and_(resident.municipality == other.municipality, resident.id == other.resident_id),
        )
        .where(
            other.municipality == of,
            other.program_id == program_id,
            other.decision != Decision.REFUSED,
            resident.suppressed,
        )
    )
    return or_(Entitlement.suppressed, Entitlement.id.in_(meant))


def _newest_applications(of: str, program_id: str, ids: Collection[str]) -> Subquery:
    query = select(
        Application.entitlement_id.label("entitlement_id"),
        func.max(Application.id).label("newest"),
        func.max(Application.invite_time).label("invite_time"),
    ).where(Application.municipality == of, Application.program_id == program_id)
    if ids:
        query = query.where(Application.entitlement_id.in_(ids))
    return query.group_by(Application.entitlement_id).subquery("newest")


def _since(
    last_time: ColumnElement[datetime], invite_time: ColumnElement[datetime], listed: datetime
) -> ColumnElement[datetime]:
    """Return the later of the last contact and the invitation, or the day of the roster."""
    return case(
        (last_time.is_(None), func.coalesce(invite_time, literal(listed, Instant))),
        (invite_time > last_time, invite_time),
        else_=last_time,
    )
