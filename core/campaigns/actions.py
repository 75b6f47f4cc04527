"""What can be done with campaigns."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.campaigns import rows
from core.campaigns.rules import Kind, State
from core.ids import new_id


def start(
    session: Session, by: Caller, *, title: str, kind: Kind, program_id: str, now: datetime
) -> rows.Campaign:
    """Begin a campaign whose deliveries are made in this transaction."""
    campaign = rows.Campaign(
        municipality=by.municipality,
        id=new_id(),
        title=title,
        kind=kind,
        program_id=program_id,
        state=State.RUNNING,
        create_time=now,
    )
    session.add(campaign)
    events.record(
        session, by, "campaign.started", campaign.id, now, details={"program": program_id}
    )
    return campaign
