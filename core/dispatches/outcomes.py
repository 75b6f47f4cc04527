"""What adapters say became of an attempt, and where a dispatch goes after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core import events, leases
from core.callers import Caller, the_core
from core.dispatches import deliveries, rows
from core.dispatches.campaigns import Campaigns
from core.dispatches.rules import NEXT, Result, State, pause, until_renewed


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
    renew_time: datetime | None = None
    untaken_recipients: tuple[int, ...] = ()


def take(
    session: Session,
    by: Caller,
    *,
    campaigns: Campaigns,
    outcomes: Iterable[Outcome],
    now: datetime,
) -> list[bool]:
    """Take outcomes, each under its fence; False where the lease had passed to another."""
    asked = list(outcomes)
    held = rows.find(session, by.municipality, by.name, {one.dispatch_id for one in asked})
    return [
        _take(session, campaigns, held.get(outcome.dispatch_id), outcome, now) for outcome in asked
    ]


def _take(
    session: Session,
    campaigns: Campaigns,
    row: rows.Dispatch | None,
    outcome: Outcome,
    now: datetime,
) -> bool:
    if row is None or not leases.holds(row, outcome.fence):
        return False
    row.provider_message = outcome.provider_message
    row.provider_request_ids = [*row.provider_request_ids, *outcome.provider_request_ids][-10:]
    if outcome.result is Result.NOT_TAKEN and row.attempts == 1:
        # As if it had not been; what became of an earlier attempt, nobody knows.
        row.first_attempt_time, row.attempts = None, 0
    state = NEXT[outcome.result]
    if row.is_to_many:
        state = _of_many(session, campaigns, row, outcome, now)
    if state is State.QUEUED and row.state is State.RECALLED:
        finish(session, row, State.DROPPED, now)
    elif state is State.QUEUED:
        row.state = state
        leases.release(row, _again(session, row, outcome, now))
    elif state is State.HELD:
        row.state = state
        leases.finish(row)
    else:
        finish(session, row, state, now)
    return True


def _of_many(
    session: Session,
    campaigns: Campaigns,
    row: rows.Dispatch,
    outcome: Outcome,
    now: datetime,
) -> State:
    """Return where what goes to many goes next, having carried on those who were refused."""
    if NEXT[outcome.result] is State.QUEUED:
        return campaigns.after_trouble(session, row)
    if outcome.result is Result.REFUSED:
        return campaigns.refused(session, row, by_content=outcome.by_content, now=now)
    if outcome.untaken_recipients and row.attempts > 1:
        # An earlier attempt may have told them: only its keys can say.
        return campaigns.after_trouble(session, row)
    if outcome.untaken_recipients:
        _carry_untaken(session, campaigns, row, outcome, now)
    if outcome.refused_recipients:
        campaigns.refuse_some(session, row, outcome.refused_recipients, now)
    return State.SENT


def _carry_untaken(
    session: Session, campaigns: Campaigns, row: rows.Dispatch, outcome: Outcome, now: datetime
) -> None:
    """Let a dispatch of its own carry those whom the provider surely did not take."""
    other = campaigns.carry_untaken(session, row, outcome.untaken_recipients, now)
    if other is not None and other.state is State.QUEUED:
        leases.release(other, _after(session, other, outcome, now))


def _again(session: Session, row: rows.Dispatch, outcome: Outcome, now: datetime) -> datetime:
    """Return when it is tried again: soon, where an earlier attempt may have told them."""
    if row.first_attempt_time is not None:
        return now + pause(row.attempts, outcome.retry_after, row.id)
    return _after(session, row, outcome, now)


def _after(session: Session, row: rows.Dispatch, outcome: Outcome, now: datetime) -> datetime:
    """Return when what was surely not taken is offered anew."""
    if outcome.renew_time is None:
        return now + pause(row.attempts, outcome.retry_after, row.id)
    until = until_renewed(outcome.renew_time, now)
    if not _any_awaits(session, row, now):
        events.record(
            session, the_core(row.municipality), "quota.awaited", row.channel, now,
            details={"until": until.isoformat()},
        )  # fmt: skip
    row.awaits_allowance = True
    return until


def _any_awaits(session: Session, row: rows.Dispatch, now: datetime) -> bool:
    """Whether anything of the channel waits for its allowance already."""
    waits = exists().where(
        rows.Dispatch.municipality == row.municipality,
        rows.Dispatch.channel == row.channel,
        rows.Dispatch.free_time > now,
        rows.Dispatch.awaits_allowance,
    )
    return bool(session.scalars(select(waits)).one())


def finish(session: Session, row: rows.Dispatch, state: State, now: datetime) -> None:
    """Let a dispatch end, with its deliveries."""
    leases.finish(row)
    row.state = state
    row.finish_time = now
    if not row.campaign_id:  # Of a campaign's recipients, its dispatch itself is the record.
        deliveries.settle(session, row.municipality, row.id, state, now)
    events.record(
        session,
        the_core(row.municipality),
        f"dispatch.{state}",
        row.id,
        now,
        details={"channel": row.channel, "attempts": str(row.attempts)},
    )
