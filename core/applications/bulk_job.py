"""Going on with bulk decisions, part by part: each application as if it were decided alone.

A part is one transaction. What it decided, what it refused and where it goes on are committed
together, so that a core that dies decides nothing twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core.applications import bulk, deciding, queue
from core.applications.bulk import Phase, Verb
from core.applications.cases import Case, Found, gather
from core.applications.desk_rows import BulkDecision, BulkItem
from core.applications.notices.letterhead import Letterhead
from core.applications.queue import Wanted
from core.callers import Caller, Role, the_core
from core.errors import Refusal
from core.etags import check_etag, etag_of
from core.jobs import At, Step
from core.procedures.catalogue import Catalogue
from core.staff.rows import Staff

PART = 200
"""Applications in one transaction: some statements for all, and others who write hardly wait."""

PARTS = 40
"""Parts without a pause, so that other jobs have their turn."""

ITEMS = BulkItem.__table__

_NAME = (
    update(ITEMS)  # type: ignore[arg-type]  # A mapped class's table is a Table.
    .where(
        ITEMS.c.municipality == bindparam("of"),
        ITEMS.c.bulk_decision_id == bindparam("bulk"),
        ITEMS.c.application_id == bindparam("application"),
    )
    .values(refused=bindparam("why"))
)


def waiting(session: Session) -> Sequence[str]:
    """Return the municipalities in which one is running."""
    query = select(BulkDecision.municipality).where(BulkDecision.state == Phase.RUNNING)
    return session.scalars(query.distinct()).all()


def step(session: Session, at: At, *, letterhead: Letterhead, known: Catalogue) -> Step:
    """Decide a part of the one that was begun first."""
    query = select(BulkDecision).where(
        BulkDecision.municipality == at.municipality, BulkDecision.state == Phase.RUNNING
    )
    oldest = query.order_by(BulkDecision.id).limit(1).with_for_update()
    one = session.scalars(oldest.execution_options(populate_existing=True)).one_or_none()
    if one is None:
        return Step()
    by = _author(session, one)
    if by is None:
        bulk.to(session, the_core(at.municipality), one, Phase.CANCELLED, at.now)
        return Step("1")
    items = _after(session, one)
    found = gather(session, at.municipality, items.keys(), known)
    sorted_out = _sort_out(by, Verb(one.verb), found, items, at.now)
    if one.verb == Verb.APPROVE:
        deciding.approve(session, by, sorted_out.ready, letterhead=letterhead, now=at.now)
    else:
        deciding.reject(
            session, by, sorted_out.ready, reason=one.reason, letterhead=letterhead, now=at.now
        )
    _name(session, one, sorted_out.refused)
    one.decided += len(sorted_out.ready)
    one.refused = dict(Counter(one.refused) + Counter(sorted_out.refused.values()))
    if len(items) < PART:
        bulk.to(session, by, one, Phase.FINISHED, at.now)
    else:
        one.cursor = max(items)
    done = int(at.cursor or "0") + 1
    return Step(str(done) if done < PARTS else "", {"decided": len(sorted_out.ready)})


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How many would be decided of those that were looked at, from `next` on; others by reason."""

    looked_at: int
    ready: int
    refused: Mapping[str, int]
    next: str


def rehearse(
    session: Session,
    by: Caller,
    wanted: Wanted,
    verb: Verb,
    *,
    known: Catalogue,
    after: str,
    now: datetime,
) -> Rehearsed:
    """Say what a part would come to if it were decided now; nothing is changed."""
    rows = queue.page(session, by.municipality, wanted, after=after, limit=PART)
    items = {row.id: row.revision for row in rows}
    found = gather(session, by.municipality, items, known, lock=False)
    sorted_out = _sort_out(by, verb, found, items, now)
    refused = Counter(sorted_out.refused.values())
    last = max(items) if len(items) == PART else ""
    return Rehearsed(len(items), len(sorted_out.ready), refused, last)


@dataclass(frozen=True, slots=True)
class _SortedOut:
    """What can be decided, and the reasons of the others, by the application's id."""

    ready: list[Case]
    refused: dict[str, str]


def _sort_out(
    by: Caller, verb: Verb, found: Found, items: Mapping[str, int], now: datetime
) -> _SortedOut:
    """Ask of each what is asked of one that is decided alone."""
    require = deciding.require_approvable if verb is Verb.APPROVE else deciding.require_rejectable
    sorted_out = _SortedOut([], {})
    for id, revision in items.items():
        case = found[id]
        try:
            if isinstance(case, Refusal):
                raise case
            check_etag(case.row.revision, etag_of(revision))
            require(by, case, now)
        except Refusal as refusal:
            sorted_out.refused[id] = refusal.reason
        else:
            sorted_out.ready.append(case)
    return sorted_out


def _after(session: Session, one: BulkDecision) -> dict[str, int]:
    """Return the next applications with their revisions, in order."""
    query = (
        select(BulkItem.application_id, BulkItem.revision)
        .where(
            BulkItem.municipality == one.municipality,
            BulkItem.bulk_decision_id == one.id,
            BulkItem.application_id > one.cursor,
        )
        .order_by(BulkItem.application_id)
        .limit(PART)
    )
    return {row.application_id: row.revision for row in session.execute(query)}


def _author(session: Session, one: BulkDecision) -> Caller | None:
    """Return who decides; None where they may not any more."""
    person = session.get(Staff, (one.municipality, one.author_id))
    if person is None or Role.REVIEWER not in person.roles:
        return None
    roles = frozenset(Role(role) for role in person.roles)
    return Caller(one.municipality, person.name, roles, person.id)


def _name(session: Session, one: BulkDecision, refused: Mapping[str, str]) -> None:
    """Name each that could not be decided, with its reason."""
    if refused:
        of = {"of": one.municipality, "bulk": one.id}
        named = [{**of, "application": id, "why": why} for id, why in refused.items()]
        session.execute(_NAME, named)
