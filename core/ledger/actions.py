"""What people do with the ledger, each in the caller's transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import contacted_rows, entitlement_rows
from core.eligibility import rows as eligibility
from core.eligibility.rules import EntitlementUnknown, Way
from core.ids import new_id
from core.ledger import lines
from core.my_number import refuse_my_number


def record_contact(
    session: Session,
    by: Caller,
    *,
    entitlement_id: str,
    way: Way,
    reached: bool,
    declined: bool,
    note: str,
    contact_time: datetime,
    now: datetime,
) -> lines.Line:
    """Write down a contact, and return the line; raise EntitlementUnknown, MyNumberRefused."""
    refuse_my_number(note, field="note")
    entitlement = entitlement_rows.get(session, by.municipality, entitlement_id)
    roster = roster_of(session, by.municipality, entitlement.program_id)
    if roster is None:
        raise EntitlementUnknown(f"no roster in force has {entitlement_id}")
    record = contacted_rows.ContactRecord(
        municipality=by.municipality,
        id=new_id(),
        program_id=entitlement.program_id,
        entitlement_id=entitlement.id,
        way=way,
        reached=reached,
        declined=declined,
        note=note or None,
        actor=by.actor,
        contact_time=contact_time,
        create_time=now,
    )
    session.add(record)
    session.flush()
    line = lines.line(session, roster, entitlement.id, now)
    _record(session, by, record, line.resident_id)
    return line


def _record(
    session: Session, by: Caller, contact: contacted_rows.ContactRecord, resident_id: str
) -> None:
    details = {
        "program": contact.program_id,
        "way": contact.way.value,
        "reached": "declined" if contact.declined else "yes" if contact.reached else "no",
    }
    events.record(
        session, by, "ledger.contacted", contact.entitlement_id, contact.create_time,
        details=details, on_behalf_of=resident_id,
    )  # fmt: skip


def look(
    session: Session, by: Caller, *, kind: str, program_id: str, shown: int, now: datetime
) -> None:
    """Write down that somebody looked at so many people."""
    events.record(session, by, kind, program_id, now, details={"count": str(shown)})


def roster_of(session: Session, municipality: str, program_id: str) -> eligibility.Roster | None:
    """Return the roster in force of a program; raise ProgramUnknown."""
    eligibility.get_program(session, municipality, program_id)
    return eligibility.find_roster(session, municipality, program_id)
