"""Who has read: the round of the unread, what is written down of paper, who is reminded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.associations.rows import Household
from core.associations.rules import HouseholdUnknown
from core.associations.structure_rows import Place
from core.callers import Caller
from core.circulars import announcing, answering, drafting, knowing, queries
from core.circulars.announcing import Told
from core.circulars.knowing import Led
from core.circulars.queries import Counts
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import OUT, Occasion, RemindedToday, Way
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


def remind(
    session: Session, by: Caller, *, external_id: str, circular_id: str, now: datetime
) -> Told:
    """Remind the households that have not read, each once a day at most.

    Raises CircularUnknown, CircularClosed, NotInOffice, RemindedToday.
    """
    led = out(session, by, external_id=external_id, circular_id=circular_id, now=now, lock=True)
    led.standing.check_leads_some()
    answering.check_open(led.circular, now)
    groups = led.led_group_ids
    before = queries.last_reminded(session, led.circular, groups)
    told = announcing.begin(
        session, led.circular, Occasion.REMINDER, mark=today(now).isoformat(),
        group_ids=groups, now=now,
    )  # fmt: skip
    if before is not None and today(before) == today(now) and not told.reached + told.waiting:
        raise RemindedToday("the unread were reminded today", remindTime=before.isoformat())
    drafting.record(session, by, led.circular, "reminded", now)
    return told


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
    if not queries.has_receipts(session, circular, led.led_group_ids, household_ids):
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
