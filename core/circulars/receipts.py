"""Who has read, in the order of the round, and who is reminded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.associations import joined_rows, structure_rows
from core.associations.rows import Household
from core.associations.rules import Standing
from core.associations.structure_rows import Place
from core.callers import Caller
from core.circulars import announcing, answering, drafting, knowing, queries
from core.circulars.announcing import Told
from core.circulars.knowing import Led
from core.circulars.queries import Counts
from core.circulars.rows import Receipt
from core.circulars.rules import OUT, Occasion, RemindedToday, Way, is_asked_on_paper
from core.events import Municipality
from core.japan import today
from core.staff.rows import Staff


@dataclass(frozen=True, slots=True)
class Round:
    """A part of the round of a circular, with the counts of all of it that is seen."""

    lines: list[tuple[Receipt, Household, Place]]
    counts: Counts
    standing: Standing
    asked_on_paper: bool
    answers_shown: bool
    officers: Mapping[str, str]
    """What those who entered something from paper are called, by id."""

    def shows_answer(self, receipt: Receipt, household: Household) -> bool:
        """Whether the answer is shown: what came on paper lay open, and its officer mends it."""
        return self.answers_shown or (
            receipt.way is Way.PAPER and self.standing.leads(household.group_id)
        )


def list_(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    group_id: str,
    unread: bool,
    after: Place | None,
    limit: int,
    now: datetime,
) -> Round:
    """Return receipts in the order of the round.

    Raises CircularUnknown, NotInOffice, GroupUnknown.
    """
    led = out(session, by, external_id=external_id, circular_id=circular_id, now=now)
    circular = led.circular
    groups = led.groups_of(group_id)
    if group_id and led.association is not None:
        structure_rows.get_group(session, led.association, group_id)
    lines = queries.receipts_in_round(
        session, circular, group_ids=groups, unread=unread, after=after, limit=limit
    )
    counts = queries.counts(session, by.municipality, [circular.id], led.group_ids)
    content = queries.content_of(session, circular)
    shown = bool(content.get("answers_shown")) and not answering.is_secret(session, circular)
    names = _entering(session, by.municipality, {receipt.entered_by for receipt, _, _ in lines})
    counted, asked = counts.get(circular.id, Counts()), is_asked_on_paper(circular.kind, content)
    return Round(lines, counted, led.standing, asked, shown, names)


def _entering(session: Session, municipality: str, ids: Collection[str]) -> dict[str, str]:
    """Return what those are called who entered something: members, or the city for its staff."""
    names = joined_rows.names_of(session, municipality, ids)
    query = select(Staff.id).where(
        Staff.municipality == municipality, Staff.id.in_(set(ids) - names.keys())
    )
    staff = session.scalars(query).all()
    city = session.get_one(Municipality, municipality).name if staff else ""
    return names | dict.fromkeys(staff, city)


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
    drafting.record(session, by, led.circular, "reminded", now, on_behalf_of=led.standing.member_id)
    return told
