"""What becomes of an inquiry: residents write, staff answer, give it to somebody, and close it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, events
from core.attempts import Bound
from core.callers import Caller, Role, the_core
from core.dispatches import actions as dispatches
from core.dispatches import deliveries
from core.dispatches.rules import Recipient
from core.etags import check_etag
from core.events import Municipality
from core.ids import new_id
from core.inquiries import rows
from core.inquiries.rows import Inquiry, InquiryMessage
from core.inquiries.rules import SILENCE, WRITTEN_A_DAY, State, WrongState
from core.jobs import At, Step
from core.languages import MAIN_LANGUAGE
from core.my_number import refuse_my_number
from core.residents import contact_rows
from core.residents.rules import ContactUnknown
from core.staff import rows as staff
from core.staff.rules import StaffUnknown

WRITING = Bound("inquiries", WRITTEN_A_DAY, timedelta(days=1))

PART = 200
"""Inquiries closed in one transaction."""


@dataclass(frozen=True, slots=True)
class Answering:
    """How answers go out: which channels push, and when the city answers next."""

    pushing: Sequence[str]
    opens: datetime


def receive(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    text: str,
    written: datetime,
    now: datetime,
) -> Inquiry:
    """Take what a contact wrote, for the inquiry that is open, else for a new one.

    Raises ContactUnknown, MyNumberRefused, TooManyAttempts.
    """
    refuse_my_number(text, field="text")
    contact = contact_rows.find_contact(session, by, external_id, lock=True)
    if contact is None:
        raise ContactUnknown("the channel has no such contact: tell with SeeContact first")
    attempts.check(session, WRITING, by.municipality, contact.id, now)
    attempts.count(session, WRITING, by.municipality, contact.id, now)
    row = rows.open_of(session, by.municipality, contact.id)
    if row is None:
        row = Inquiry(
            municipality=by.municipality,
            id=new_id(),
            contact_id=contact.id,
            channel=contact.channel,
            resident_id="",
            state=State.WAITING,
            wait_time=now,
            revision=0,
        )
        session.add(row)
        session.flush()
    elif row.state is State.ANSWERED:
        row.state, row.wait_time = State.WAITING, now
    _touch(row, contact)
    # What a channel says of the time is taken; a clock that is ahead would put it after its answer.
    _write(session, row, text, min(written, now))
    _record(session, by, row, "received", now)
    return row


def answer(
    session: Session,
    by: Caller,
    *,
    id: str,
    text: str,
    etag: str,
    answering: Answering,
    now: datetime,
) -> Inquiry:
    """Answer where the resident wrote; outside the hours it goes out when they begin.

    Raises InquiryUnknown, ChangedMeanwhile, WrongState, MyNumberRefused.
    """
    refuse_my_number(text, field="text")
    row = _open(session, by, id, etag)
    contact = contact_rows.get_contact(session, by.municipality, row.contact_id, lock=True)
    if contact is None:  # The row refers to it.
        raise ContactUnknown("the contact is gone")
    _touch(row, contact)
    row.state, row.wait_time = State.ANSWERED, now
    message = _write(session, row, text, now)
    message.staff_id, message.staff_name = by.id, staff.get(session, by).display_name
    if contact.channel in answering.pushing:
        message.dispatch_id = _tell(
            session, by, row, message, contact=contact, opens=answering.opens, now=now
        )
    _record(session, by, row, "answered", now)
    return row


def _tell(
    session: Session,
    by: Caller,
    row: Inquiry,
    message: InquiryMessage,
    *,
    contact: contact_rows.Contact,
    opens: datetime,
    now: datetime,
) -> str:
    """Put an answer into the outbox, once; return the id of its dispatch."""
    city = session.get_one(Municipality, by.municipality).name
    told = dispatches.Message(
        occasion=f"inquiry:{row.id}:{message.number}",
        resident_id=row.resident_id,
        contact=Recipient(contact.id, contact.channel, contact.external_id),
        content={
            "inquiry": {
                "inquiry_id": row.id,
                "text": message.text,
                "author": city,
                "language": contact.language or MAIN_LANGUAGE,
            }
        },
        free_time=opens,
    )
    dispatches.tell_all(session, by, [told], now=now)
    return deliveries.dispatch_of(session, by.municipality, *told.key)


def assign(
    session: Session, by: Caller, *, id: str, staff_id: str, etag: str, now: datetime
) -> Inquiry:
    """Give an inquiry to somebody who answers residents, or to nobody.

    Raises InquiryUnknown, ChangedMeanwhile, WrongState, StaffUnknown.
    """
    row = _open(session, by, id, etag)
    if staff_id:
        person = session.get(staff.Staff, (by.municipality, staff_id))
        if person is None or Role.INQUIRIES not in person.roles:
            raise StaffUnknown(f"nobody who answers residents has the id {staff_id}")
    row.assignee_id = staff_id
    row.revision += 1
    _record(session, by, row, "assigned" if staff_id else "released", now)
    return row


def close(session: Session, by: Caller, *, id: str, etag: str, now: datetime) -> Inquiry:
    """End an inquiry; raise InquiryUnknown, ChangedMeanwhile, WrongState."""
    row = _open(session, by, id, etag)
    _close(session, by, row, now)
    return row


def viewed(session: Session, by: Caller, *, id: str, now: datetime) -> Inquiry:
    """Return an inquiry to a person, and write down that they looked."""
    row = rows.get(session, by.municipality, id)
    _record(session, by, row, "viewed", now)
    return row


def step(session: Session, at: At) -> Step:
    """Close what was answered, and had no word since for so long; the step of a job."""
    found = rows.silent(session, at.municipality, at.now - SILENCE, limit=PART)
    for row in found:
        _close(session, the_core(at.municipality), row, at.now)
    return Step("again" if len(found) == PART else "", {"closed": len(found)})


def end_with_contact(session: Session, municipality: str, contact_id: str, now: datetime) -> None:
    """End the inquiry of a contact that leaves its resident: what was written is the resident's."""
    contact = contact_rows.get_contact(session, municipality, contact_id)
    row = rows.open_of(session, municipality, contact_id)
    if row is not None:
        _close(session, the_core(municipality), row, now)
    if contact is not None and contact.resident_id is not None:
        rows.keep_for(session, municipality, contact_id, contact.resident_id)


def _open(session: Session, by: Caller, id: str, etag: str) -> Inquiry:
    row = rows.get(session, by.municipality, id, lock=True)
    check_etag(row.revision, etag)
    if row.state is State.CLOSED:
        raise WrongState("the inquiry is closed", state=row.state)
    return row


def _touch(row: Inquiry, contact: contact_rows.Contact) -> None:
    row.resident_id = contact.resident_id or ""
    row.revision += 1


def _write(session: Session, row: Inquiry, text: str, time: datetime) -> InquiryMessage:
    newest = rows.messages(session, row, before=None, limit=1)
    message = InquiryMessage(
        municipality=row.municipality,
        inquiry_id=row.id,
        number=newest[0].number + 1 if newest else 1,
        text=text,
        time=time,
    )
    session.add(message)
    return message


def _close(session: Session, by: Caller, row: Inquiry, now: datetime) -> None:
    row.state, row.wait_time = State.CLOSED, now
    row.revision += 1
    _record(session, by, row, "closed", now)


def _record(session: Session, by: Caller, row: Inquiry, what: str, now: datetime) -> None:
    details = {"channel": row.channel, "assignee": row.assignee_id}
    events.record(
        session, by, f"inquiry.{what}", row.id, now, details=details, on_behalf_of=row.resident_id
    )
