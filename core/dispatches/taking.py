"""What an adapter says became of its attempts, taken in under the fence of its lease."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import leases
from core.callers import Caller
from core.dispatches import actions, rows
from core.dispatches.campaigns import Campaigns
from core.dispatches.rules import NEXT, Result, State, pause


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an adapter says became of an attempt."""

    dispatch_id: str
    fence: int
    result: Result
    provider_request_ids: tuple[str, ...] = ()
    provider_message: str = ""
    retry_after: timedelta = timedelta()
    by_content: bool = False
    refused_recipients: tuple[int, ...] = ()


def take(
    session: Session,
    by: Caller,
    *,
    campaigns: Campaigns,
    outcomes: Iterable[Outcome],
    now: datetime,
) -> list[bool]:
    """Take outcomes, each under its fence; False where the lease had passed to another."""
    return [_take(session, by, campaigns, outcome, now) for outcome in outcomes]


def _take(
    session: Session, by: Caller, campaigns: Campaigns, outcome: Outcome, now: datetime
) -> bool:
    row = rows.find(session, by.municipality, by.name, outcome.dispatch_id)
    if row is None or not leases.holds(row, outcome.fence):
        return False
    row.provider_message = outcome.provider_message
    row.provider_request_ids = [*row.provider_request_ids, *outcome.provider_request_ids][-10:]
    state = NEXT[outcome.result]
    if row.is_to_many:
        state = _of_many(session, campaigns, row, outcome, now)
    if state is State.QUEUED and row.state is State.RECALLED:
        actions.finish(session, row, State.DROPPED, now)
    elif state is State.QUEUED:
        row.state = state
        leases.release(row, now + pause(row.attempts, outcome.retry_after))
    elif state is State.HELD:
        row.state = state
        leases.finish(row)
    else:
        actions.finish(session, row, state, now)
    return True


def _of_many(
    session: Session,
    campaigns: Campaigns,
    row: rows.Dispatch,
    outcome: Outcome,
    now: datetime,
) -> State:
    """Return where what goes to many goes next, having carried on those who were refused."""
    if outcome.result is Result.TRY_AGAIN:
        return campaigns.after_trouble(session, row)
    if outcome.result is Result.REFUSED:
        return campaigns.refused(session, row, by_content=outcome.by_content, now=now)
    if outcome.refused_recipients:
        campaigns.refuse_some(session, row, outcome.refused_recipients, now)
    return State.SENT
