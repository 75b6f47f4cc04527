"""The commonest thing a channel says: a contact was seen again, and is as it was."""

from datetime import datetime

from sqlalchemy import String, Table, bindparam, or_, update
from sqlalchemy.orm import Session, class_mapper

from core.callers import Caller
from core.residents import contact_rows
from core.residents.rules import ContactState

_CONTACTS: Table = contact_rows.Contact.__table__  # type: ignore[assignment]  # A mapped class's table is a Table.
_MAPPER = class_mapper(contact_rows.Contact)
_SEE_AGAIN = (
    update(_CONTACTS)
    .where(
        _CONTACTS.c.municipality == bindparam("of"),
        _CONTACTS.c.channel == bindparam("on"),
        _CONTACTS.c.external_index == bindparam("index"),
        _CONTACTS.c.state == bindparam("as"),
        _CONTACTS.c.seen_time <= bindparam("seen"),
        or_(
            bindparam("in", type_=String) == "",
            _CONTACTS.c.language == bindparam("in"),
            _CONTACTS.c.language_chosen,
        ),
    )
    .values(seen_time=bindparam("seen"))
    .returning(
        _CONTACTS.c.id,
        _CONTACTS.c.language,
        _CONTACTS.c.language_chosen,
        _CONTACTS.c.resident_id,
    )
)


def see_again(
    session: Session,
    by: Caller,
    external_id: str,
    *,
    state: ContactState,
    seen_time: datetime,
    language: str,
) -> contact_rows.Contact | None:
    """Move the time of a contact that is known as it is now seen; None where anything differs.

    Returns a copy that the session does not hold. One statement, where finding, locking and writing
    would be two and a flush.
    """
    session.flush()
    index = contact_rows.external_index(session, external_id)
    key = {"of": by.municipality, "on": by.name, "index": index}
    seen = {"as": state, "seen": seen_time, "in": language}
    row = session.execute(_SEE_AGAIN, {**key, **seen}).one_or_none()
    if row is None:
        return None
    held = session.identity_map.get(
        _MAPPER.identity_key_from_primary_key((by.municipality, row.id))
    )
    if held is not None:
        session.refresh(held)
    return contact_rows.Contact(
        municipality=by.municipality,
        id=row.id,
        channel=by.name,
        external_id=external_id,
        external_index=index,
        state=state,
        seen_time=seen_time,
        language=row.language,
        language_chosen=row.language_chosen,
        resident_id=row.resident_id,
    )
