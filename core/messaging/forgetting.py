"""What campaigns' dispatches hold of a resident, erased; who was told stays, by ids."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rules import Reason, Told
from core.dispatches import seats
from core.dispatches.rows import Dispatch
from core.dispatches.rules import State
from core.residents.contact_rows import Contact

DONE = (State.SENT, State.FAILED, State.DROPPED, State.SPLIT)
WAITS = (State.QUEUED, State.HELD)


def forget(session: Session, municipality: str, resident_id: str, now: datetime) -> None:
    """Erase a resident from the campaigns' dispatches that were formed with them in it.

    One that is done is erased whole: what it said stands in its campaign. From one that waits, they
    are taken out. In one that an adapter has in hand, or of which nobody knows, their place is
    blank, since refusals are told by place.
    """
    for recipient, dispatch, contact in _formed(session, municipality, resident_id):
        if dispatch.state in DONE:
            seats.erase(dispatch)
        elif dispatch.recipient_count <= 1:
            seats.erase(dispatch)
            if dispatch.state in WAITS:
                dispatch.state, dispatch.free_time, dispatch.finish_time = State.DROPPED, None, now
            elif dispatch.state is State.LEASED:
                dispatch.state = State.RECALLED
        elif contact is not None:
            waits = dispatch.state in WAITS
            seats.take_out(dispatch, contact.external_id, leave_place=not waits)
            if waits:
                recipient.state, recipient.reason = Told.DROPPED, Reason.NOT_SERVED
                dispatch.recipient_count -= 1
    session.flush()


def _formed(
    session: Session, municipality: str, resident_id: str
) -> list[tuple[Recipient, Dispatch, Contact | None]]:
    query = (
        select(Recipient, Dispatch, Contact)
        .join(
            Dispatch,
            (Dispatch.municipality == Recipient.municipality)
            & (Dispatch.campaign_id == Recipient.campaign_id)
            & (Dispatch.batch == Recipient.batch),
        )
        .outerjoin(
            Contact,
            (Contact.municipality == Recipient.municipality) & (Contact.id == Recipient.contact_id),
        )
        .where(
            Recipient.municipality == municipality,
            Recipient.resident_id == resident_id,
            Dispatch.first_attempt_time.is_not(None),
        )
        .order_by(Dispatch.id)
        .with_for_update(of=Dispatch)
        # What an adapter was handed meanwhile counts.
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
