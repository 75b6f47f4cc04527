"""Many applications decided by one person: each as if alone, in parts, going on after any crash."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from core import events
from core.applications import actions, queue
from core.applications.desk_rows import BulkDecision, BulkItem
from core.applications.notices.letterhead import Letterhead
from core.applications.rows import Application
from core.applications.rules import BulkDecisionUnknown, CountChanged, State, WrongState
from core.callers import Caller, Role, the_core
from core.db import apart
from core.eligibility import rows as eligibility
from core.errors import Refusal
from core.etags import etag_of
from core.ids import new_id
from core.jobs import At, Step
from core.my_number import refuse_my_number
from core.procedures.catalogue import Catalogue
from core.staff.rows import Staff

PART = 10
"""Decisions in one transaction, so that other writers are not held up."""

PARTS = 200
"""Parts without a pause, so that other jobs have their turn."""


class Verb(StrEnum):
    """What is done to each."""

    APPROVE = "approve"
    REJECT = "reject"


class Phase(StrEnum):
    """Where a bulk decision is."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


def begin(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    states: Collection[State],
    ids: Collection[str],
    verb: Verb,
    reason: str,
    expected: int,
    now: datetime,
) -> BulkDecision:
    """Freeze which applications are decided, each as it is now; raise CountChanged.

    Who decides meanwhile on one of them is not overruled: it is counted as changed.
    """
    refuse_my_number(reason, field="reason")
    eligibility.get_program(session, by.municipality, program_id)
    wanted = queue.Wanted(program_id=program_id, states=states, ids=ids)
    count = queue.count(session, by.municipality, wanted)
    if count != expected:
        raise CountChanged(f"there are {count}, not {expected}: look again", count=str(count))
    bulk = BulkDecision(
        municipality=by.municipality,
        id=new_id(),
        program_id=program_id,
        verb=verb,
        state=Phase.RUNNING,
        reason=reason,
        author_id=by.id,
        author=by.name,
        total=count,
        create_time=now,
    )
    session.add(bulk)
    session.flush()
    chosen = select(
        Application.municipality, literal(bulk.id), Application.id, Application.revision
    ).where(*queue.conditions(by.municipality, wanted))
    columns = ["municipality", "bulk_decision_id", "application_id", "revision"]
    session.execute(insert(BulkItem).from_select(columns, chosen))
    _record(session, by, bulk, "begun", now, reason=reason or None)
    return bulk


def get(session: Session, municipality: str, id: str, *, lock: bool = False) -> BulkDecision:
    """Return a bulk decision, locked where it is to be changed; or raise BulkDecisionUnknown."""
    found = session.get(
        BulkDecision, (municipality, id), with_for_update=lock or None, populate_existing=lock
    )
    if found is None:
        raise BulkDecisionUnknown(f"there is no bulk decision {id}")
    return found


def page(
    session: Session, municipality: str, *, program_id: str, before: str, limit: int
) -> Sequence[BulkDecision]:
    """Return bulk decisions, newest first."""
    query = select(BulkDecision).where(BulkDecision.municipality == municipality)
    if program_id:
        query = query.where(BulkDecision.program_id == program_id)
    if before:
        query = query.where(BulkDecision.id < before)
    return session.scalars(query.order_by(BulkDecision.id.desc()).limit(limit)).all()


def cancel(session: Session, by: Caller, *, id: str, reason: str, now: datetime) -> BulkDecision:
    """Decide no more of it; what is decided stays. Raises WrongState where it has ended."""
    refuse_my_number(reason, field="reason")
    bulk = get(session, by.municipality, id, lock=True)
    if bulk.state != Phase.RUNNING:
        raise WrongState("the bulk decision has ended", state=bulk.state, verb="cancel")
    _end(session, by, bulk, Phase.CANCELLED, now, reason=reason)
    return bulk


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
    bulk = session.scalars(oldest.execution_options(populate_existing=True)).one_or_none()
    if bulk is None:
        return Step()
    by = _author(session, bulk)
    if by is None:
        _end(session, the_core(at.municipality), bulk, Phase.CANCELLED, at.now)
        return Step("1")
    items = _after(session, bulk)
    refused: Counter[str] = Counter()
    for application_id, revision in items:
        try:
            with apart(session):
                _decide(
                    session,
                    by,
                    bulk,
                    application_id,
                    etag_of(revision),
                    letterhead=letterhead,
                    known=known,
                    now=at.now,
                )
        except Refusal as refusal:
            refused[refusal.reason] += 1
    bulk.decided += len(items) - refused.total()
    bulk.refused = dict(Counter(bulk.refused) + refused)
    if len(items) < PART:
        _end(session, by, bulk, Phase.FINISHED, at.now)
    else:
        bulk.cursor = items[-1][0]
    done = int(at.cursor or "0") + 1
    return Step(str(done) if done < PARTS else "", {"decided": len(items) - refused.total()})


def _after(session: Session, bulk: BulkDecision) -> list[tuple[str, int]]:
    query = (
        select(BulkItem.application_id, BulkItem.revision)
        .where(
            BulkItem.municipality == bulk.municipality,
            BulkItem.bulk_decision_id == bulk.id,
            BulkItem.application_id > bulk.cursor,
        )
        .order_by(BulkItem.application_id)
        .limit(PART)
    )
    return [(row.application_id, row.revision) for row in session.execute(query)]


def _author(session: Session, bulk: BulkDecision) -> Caller | None:
    """Return who decides; None where they may not any more."""
    person = session.get(Staff, (bulk.municipality, bulk.author_id))
    if person is None or Role.REVIEWER not in person.roles:
        return None
    roles = frozenset(Role(role) for role in person.roles)
    return Caller(bulk.municipality, person.name, roles, person.id)


def _decide(
    session: Session,
    by: Caller,
    bulk: BulkDecision,
    application_id: str,
    etag: str,
    *,
    letterhead: Letterhead,
    known: Catalogue,
    now: datetime,
) -> None:
    if bulk.verb == Verb.APPROVE:
        actions.approve(
            session, by, id=application_id, etag=etag, letterhead=letterhead, known=known, now=now
        )
        return
    actions.reject(
        session,
        by,
        id=application_id,
        etag=etag,
        reason=bulk.reason,
        letterhead=letterhead,
        known=known,
        now=now,
    )


def _end(
    session: Session,
    by: Caller,
    bulk: BulkDecision,
    phase: Phase,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    bulk.state, bulk.finish_time = phase, now
    _record(session, by, bulk, phase, now, reason=reason)


def _record(
    session: Session,
    by: Caller,
    bulk: BulkDecision,
    what: str,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    details = {
        "program": bulk.program_id,
        "verb": str(bulk.verb),
        "total": str(bulk.total),
        "decided": str(bulk.decided or 0),
    }
    kind = f"bulk_decision.{what}"
    events.record(session, by, kind, bulk.id, now, details=details, reason=reason)
