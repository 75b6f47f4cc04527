"""Who has read: the round of the unread, what is written down of paper, who is reminded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.associations.rows import Household
from core.associations.rules import HouseholdUnknown
from core.associations.structure_rows import Place
from core.callers import Caller
from core.circulars import answering, drafting, knowing, queries, telling
from core.circulars.knowing import Led
from core.circulars.queries import Counts
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import OUT, RemindedToday, Way
from core.circulars.telling import Occasion
from core.japan import today


@dataclass(frozen=True, slots=True)
class Round:
    """A part of the round of a circular, with the counts of all of it that is seen."""

    lines: list[tuple[Receipt, Household, Place]]
    counts: Counts
    answers_shown: bool


def list_(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    unread: bool,
    after: Place | None,
    limit: int,
    now: datetime,
) -> Round:
    """Return receipts in the order of the round; raise CircularUnknown, NotInOffice."""
    led = out(session, by, external_id=external_id, circular_id=circular_id, now=now)
    circular = led.circular
    lines = queries.receipts_in_round(
        session, circular, group_ids=led.group_ids, unread=unread, after=after, limit=limit
    )
    counts = queries.counts(session, by.municipality, [circular.id], led.group_ids)
    content = queries.content_of(session, circular)
    shown = bool(content.get("answers_shown")) and not answering.is_secret(session, circular)
    return Round(lines, counts.get(circular.id, Counts()), shown)


def out(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    now: datetime,
    lock: bool = False,
) -> Led:
    """Return a circular that is out, for an officer; a draft has nothing to be read."""
    led = knowing.for_officer(
        session, by, external_id=external_id, circular_id=circular_id, now=now, lock=lock
    )
    if led.circular.state not in OUT:
        raise queries.unknown()
    return led


@dataclass(frozen=True, slots=True)
class Reminded:
    """Households that are reminded, and those that no channel reaches."""

    reminded: int
    paper: int


def remind(
    session: Session, by: Caller, *, external_id: str, circular_id: str, now: datetime
) -> Reminded:
    """Remind the households that have not read, each once a day at most.

    Raises CircularUnknown, CircularClosed, NotInOffice, RemindedToday.
    """
    led = out(session, by, external_id=external_id, circular_id=circular_id, now=now, lock=True)
    led.standing.check_leads_some()
    answering.check_open(led.circular, now)
    found = queries.receipts_in_round(
        session, led.circular, group_ids=led.led_group_ids, unread=True
    )
    waiting = [receipt for receipt, _, _ in found]
    done = [one.remind_time for one in waiting if _is_today(one.remind_time, now)]
    due = [one for one in waiting if not _is_today(one.remind_time, now)]
    ids = [one.household_id for one in due]
    reached = telling.tell(
        session, led.circular, Occasion.REMINDER, ids, mark=today(now).isoformat(), now=now
    )
    if done and not reached:
        raise RemindedToday(
            "the unread were reminded today", remindTime=max(filter(None, done)).isoformat()
        )
    for receipt in due:
        if receipt.household_id in reached:
            receipt.remind_time = now
    drafting.record(session, by, led.circular, "reminded", now)
    return Reminded(len(reached), len(ids) - len(reached))


def _is_today(remind_time: datetime | None, now: datetime) -> bool:
    return remind_time is not None and today(remind_time) == today(now)


def record_paper(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    household_ids: Collection[str],
    now: datetime,
) -> int:
    """Write down that households read on paper; return how many had not read before.

    Raises CircularUnknown, HouseholdUnknown, NotInOffice.
    """
    led = out(session, by, external_id=external_id, circular_id=circular_id, now=now)
    led.standing.check_leads_some()
    circular = led.circular
    seen = queries.receipts_in_round(session, circular, group_ids=led.led_group_ids)
    if not {household.id for _, household, _ in seen} >= set(household_ids):
        raise HouseholdUnknown("no such household")
    recorded = 0
    for receipt in queries.receipts_of(
        session, by.municipality, circular_id, household_ids, lock=True
    ):
        if receipt.way is None:
            _read_on_paper(circular, receipt, led.standing.member_id, now)
            recorded += 1
    drafting.record(session, by, circular, "paper_recorded", now)
    return recorded


def _read_on_paper(circular: Circular, receipt: Receipt, member_id: str, now: datetime) -> None:
    receipt.way, receipt.version = Way.PAPER, circular.version
    receipt.read_time, receipt.read_by = now, member_id
