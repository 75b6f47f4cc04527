"""Many applications decided by one person: what is begun, paused, gone on with, and cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from core import events
from core.applications import queue
from core.applications.desk_rows import BulkDecision, BulkItem
from core.applications.queue import Wanted
from core.applications.rows import Application
from core.applications.rules import BulkDecisionUnknown, CountChanged, WrongState
from core.callers import Caller
from core.eligibility import rows as eligibility
from core.ids import new_id
from core.my_number import refuse_my_number


class Verb(StrEnum):
    """What is done to each."""

    APPROVE = "approve"
    REJECT = "reject"


class Phase(StrEnum):
    """Where a bulk decision is."""

    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


UNDER_WAY = frozenset({Phase.RUNNING, Phase.PAUSED})


def begin(
    session: Session,
    by: Caller,
    wanted: Wanted,
    *,
    verb: Verb,
    reason: str,
    expected: int,
    now: datetime,
) -> BulkDecision:
    """Freeze which applications are decided, each as it is now; raise CountChanged.

    Who decides meanwhile on one of them is not overruled: it is counted as changed.
    """
    refuse_my_number(reason, field="reason")
    eligibility.get_program(session, by.municipality, wanted.program_id)
    count = queue.count(session, by.municipality, wanted)
    if count != expected:
        raise CountChanged(f"there are {count}, not {expected}: look again", count=str(count))
    bulk = BulkDecision(
        municipality=by.municipality,
        id=new_id(),
        program_id=wanted.program_id,
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
        Application.municipality,
        literal(bulk.id),
        Application.id,
        Application.revision,
        literal(""),
    ).where(*queue.conditions(by.municipality, wanted))
    columns = ["municipality", "bulk_decision_id", "application_id", "revision", "refused"]
    session.execute(insert(BulkItem).from_select(columns, chosen))
    record(session, by, bulk, "begun", now, reason=reason or None)
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


def refusals(
    session: Session, municipality: str, id: str, *, after: str, limit: int
) -> Sequence[BulkItem]:
    """Return what could not be decided so far, by the application's id; it waits for staff."""
    get(session, municipality, id)
    query = select(BulkItem).where(
        BulkItem.municipality == municipality,
        BulkItem.bulk_decision_id == id,
        BulkItem.application_id > after,
        BulkItem.refused != "",
    )
    return session.scalars(query.order_by(BulkItem.application_id).limit(limit)).all()


def pause(session: Session, by: Caller, *, id: str, now: datetime) -> BulkDecision:
    """Let it rest after the part that is under way; raise WrongState where it is not running."""
    return _move(session, by, id, {Phase.RUNNING: Phase.PAUSED}, now, verb="pause")


def resume(session: Session, by: Caller, *, id: str, now: datetime) -> BulkDecision:
    """Go on where it rests; raise WrongState where it does not."""
    return _move(session, by, id, {Phase.PAUSED: Phase.RUNNING}, now, verb="resume")


def cancel(session: Session, by: Caller, *, id: str, reason: str, now: datetime) -> BulkDecision:
    """Decide no more of it; what is decided stays. Raises WrongState where it has ended."""
    refuse_my_number(reason, field="reason")
    ends = dict.fromkeys(UNDER_WAY, Phase.CANCELLED)
    return _move(session, by, id, ends, now, verb="cancel", reason=reason)


def _move(
    session: Session,
    by: Caller,
    id: str,
    moves: Mapping[Phase, Phase],
    now: datetime,
    *,
    verb: str,
    reason: str | None = None,
) -> BulkDecision:
    bulk = get(session, by.municipality, id, lock=True)
    after = moves.get(Phase(bulk.state))
    if after is None:
        raise WrongState(
            f"the bulk decision is {bulk.state}: read it again", state=bulk.state, verb=verb
        )
    to(session, by, bulk, after, now, reason=reason)
    return bulk


def to(
    session: Session,
    by: Caller,
    bulk: BulkDecision,
    phase: Phase,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    """Bring it into a phase, and record that."""
    what = "resumed" if phase is Phase.RUNNING else phase
    bulk.state = phase
    bulk.finish_time = None if phase in UNDER_WAY else now
    record(session, by, bulk, what, now, reason=reason)


def record(
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
