"""Shares of the providers' rates are given out, and what they say of allowances is kept."""

import math
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.dispatches import rules
from core.dispatches.rate_rows import Quota, Rate
from core.dispatches.rows import Dispatch


def lease(
    session: Session,
    by: Caller,
    *,
    endpoint: str,
    wanted: int,
    per_second: int,
    is_emergency: bool,
    now: datetime,
) -> rules.Share:
    """Give the calling channel a share of an endpoint's rate; it may be none."""
    key = (by.municipality, by.name, endpoint)
    row = session.get(Rate, key, with_for_update=True, populate_existing=True)
    before = rules.Pace(row.per_second, row.given_until, row.kept_until) if row else None
    after, share = rules.share(
        before, wanted=wanted, per_second=per_second, now=now, is_emergency=is_emergency
    )
    if row is None:
        session.add(
            Rate(
                municipality=by.municipality, channel=by.name, endpoint=endpoint, **asdict(after)
            )
        )  # fmt: skip
        session.flush()  # Here, so that who was second with it is told now, and asks again.
        return share
    row.per_second = after.per_second
    row.given_until, row.kept_until = after.given_until, after.kept_until
    return share


def report_quota(
    session: Session, by: Caller, *, most: int, used: int, period: str, now: datetime
) -> None:
    """Keep what a provider says of the calling channel's allowance; note when it is used up.

    Once it is another's month, or was raised, whatever waits for it is free.
    """
    row = session.get(Quota, (by.municipality, by.name), with_for_update=True)
    if row is None:
        row = Quota(
            municipality=by.municipality, channel=by.name, most=0, used=0, period="",
            report_time=now,
        )  # fmt: skip
        session.add(row)
    was_used_up = _is_used_up(row) and row.period == period
    has_grown = row.period != period or _rank(most) > _rank(row.most)
    row.most, row.used, row.period, row.report_time = most, used, period, now
    if _is_used_up(row) and not was_used_up:
        events.record(
            session, by, "quota.used_up", by.name, now,
            details={"period": period, "limit": str(most)},
        )  # fmt: skip
    elif has_grown:
        _free(session, by, now)


def quotas(session: Session, municipality: str) -> list[Quota]:
    """Return the allowances of all channels, as last reported."""
    query = select(Quota).where(Quota.municipality == municipality)
    return list(session.scalars(query.order_by(Quota.channel)))


def _free(session: Session, by: Caller, now: datetime) -> None:
    """Let go at once what waits for the channel's allowance."""
    session.execute(
        update(Dispatch)
        .where(
            Dispatch.municipality == by.municipality,
            Dispatch.channel == by.name,
            Dispatch.free_time > now,
            Dispatch.awaits_allowance,
        )
        .values(free_time=now, awaits_allowance=False)
        .execution_options(synchronize_session=False)
    )


def _rank(most: int) -> float:
    return most or math.inf  # None is the highest.


def _is_used_up(row: Quota) -> bool:
    return 0 < row.most <= row.used
