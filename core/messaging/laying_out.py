"""A campaign's recipients and dispatches, laid out part by part while others are told already.

A part is read: who fits, and where they can be told. Then it is written in one short transaction,
the rows of recipients and batches, numbered here; meanwhile another may read the next.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, case, select
from sqlalchemy.orm import Session

from core import bulk
from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import Reason, Told
from core.dispatches.rules import Lane
from core.languages import MAIN_LANGUAGE
from core.messaging import batching, drafts
from core.messaging.batching import Seating
from core.messaging.drafts import Draft
from core.messaging.rows import weekly_cap
from core.residents.rows import Resident
from core.residents.rules import ContactState
from core.segments.capping import told_as_often
from core.segments.compiling import Compiler
from core.segments.previewing import allowed, told_of
from core.segments.reaching import best_of_each, with_contacts

PART = 20_000
"""Residents in one transaction: other writers wait for a tenth of a second."""

COLUMNS = (
    Recipient.municipality,
    Recipient.campaign_id,
    Recipient.resident_id,
    Recipient.contact_id,
    Recipient.batch,
    Recipient.state,
    Recipient.reason,
)


@dataclass(frozen=True, slots=True)
class Part:
    """The next residents whom a campaign is for, in the order of their ids, after `after`.

    Each with the language they chose, whether they were told often enough this week, and their best
    contact. `channels` are those over which they can be told.
    """

    campaign_id: str
    after: str
    channels: Collection[str]
    residents: Sequence[Sequence[Any]]

    @property
    def last(self) -> str:
        """Return the last of them; where there is none, `after`."""
        return str(self.residents[-1][0]) if self.residents else self.after

    def is_next_of(self, campaign: Campaign) -> bool:
        """Whether it begins where the campaign stands."""
        return (self.campaign_id, self.after) == (campaign.id, campaign.cursor)


def read(
    session: Session, campaign: Campaign, *, after: str, pushing: Collection[str], now: datetime
) -> Part:
    """Read the next part of a campaign; raise what its conditions raise where they are amiss."""
    draft = drafts.of(campaign)
    wanted = allowed(pushing, draft.channels)
    query = _part(session, campaign, draft, after=after, now=now)
    found = bulk.read(session, with_contacts(session, query, campaign.municipality))
    # Sorted here: SQLite would go through a tree of all that is found for an order that it found
    # them in.
    found.sort(key=itemgetter(0))
    return Part(campaign.id, after, wanted, best_of_each(found, wanted))


def lay_out(session: Session, campaign: Campaign, part: Part, now: datetime) -> int:
    """Lay out a part of a campaign; return how many it holds. None are left once it is 0."""
    if not part.residents:
        campaign.expanding = False
        return 0
    draft = drafts.of(campaign)
    seating = Seating(campaign, draft)
    bulk.insert(session, COLUMNS, _placed(campaign, seating, part))
    add_dispatches(session, campaign, draft, seating, now)
    campaign.cursor = part.last
    campaign.recipient_count += len(part.residents)
    return len(part.residents)


def _part(
    session: Session, campaign: Campaign, draft: Draft, *, after: str, now: datetime
) -> Select[Any]:
    """Return the next residents who fit."""
    # To SQLite, which finds everything of a resident by their id, it would name another way.
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    compiler = Compiler(session, campaign.municipality, now, after=after if is_postgresql else "")
    told = told_of(compiler, draft.topic, is_emergency=campaign.lane == Lane.EMERGENCY)
    fits = compiler.holds(draft.condition) & told
    cap = weekly_cap(session, campaign.municipality) if campaign.lane == Lane.BULK else 0
    capped = told_as_often(campaign.municipality, Resident.id, cap, now, besides=campaign.id)
    # PostgreSQL is told these two with the statement: the way that it keeps for any would read the
    # whole city for each part.
    begin: BindParameter[str] = bindparam("begin", after, literal_execute=True)
    most: BindParameter[int] = bindparam("most", PART, literal_execute=True)
    return (
        select(Resident.id, Resident.language, case((capped, 1), else_=0).label("capped"))
        .where(Resident.municipality == campaign.municipality, Resident.id > begin, fits)
        .order_by(Resident.id)
        .limit(most)
    )


def _placed(
    campaign: Campaign, seating: Seating, part: Part
) -> Iterator[tuple[str | int | None, ...]]:
    """Return the rows of recipients; who is told is seated in a batch."""
    key = (campaign.municipality, campaign.id)
    for id, chosen, capped, contact_id, channel, seen, state, _ in part.residents:
        if contact_id is None:
            yield *key, id, "", None, Told.LEFT_OUT, Reason.UNREACHABLE
        elif state == ContactState.REACHABLE and channel in part.channels:
            if capped:
                yield *key, id, contact_id, None, Told.LEFT_OUT, Reason.WEEKLY_CAP
            else:
                language = chosen or seen or MAIN_LANGUAGE
                yield *key, id, contact_id, seating.seat(id, channel, language), None, ""
        elif state == ContactState.LOST:
            yield *key, id, "", None, Told.DROPPED, Reason.CONTACT_LOST
        else:
            yield *key, id, "", None, Told.INBOX, ""


def add_dispatches(
    session: Session, campaign: Campaign, draft: Draft, seating: Seating, now: datetime
) -> None:
    """Make a dispatch for each batch in which somebody was seated."""
    way = batching.way_of(draft)
    session.add_all(batching.a_dispatch(campaign, batch, way, now) for batch in seating.batches)
    campaign.batches += len(seating.batches)
