"""Who is meant by the contract's `NamedResident` and `Speaker`, where only oneself may be."""

from sqlalchemy.orm import Session

from core.callers import Caller
from core.residents import contact_rows, rows
from core.residents.rules import ProxyNotGranted, ResidentUnknown


def named(
    session: Session,
    by: Caller,
    *,
    external_id: str = "",
    for_resident_id: str = "",
    resident_id: str = "",
    lock: bool = False,
) -> rows.Resident:
    """Return the resident that a channel names by who is speaking, or staff by the id.

    Raises ContactUnknown, ContactNotRegistered, ResidentUnknown (also where a channel names an id,
    or staff a contact), and ProxyNotGranted: what comes here nobody may do for another.
    """
    if by.is_channel != bool(external_id):
        raise ResidentUnknown("channels name who is speaking, staff the resident")
    if for_resident_id:
        raise ProxyNotGranted("nobody may do this for another")
    if external_id:
        resident_id = contact_rows.resident_of(contact_rows.contact_of(session, by, external_id))
    resident = rows.get(session, by.municipality, resident_id, lock=lock)
    if resident.delete_time is not None:
        raise ResidentUnknown("no such resident")
    return resident
