"""Notices to residents about their own registration, on each contact that can be reached."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from core.callers import Caller
from core.dispatches import actions as dispatches
from core.dispatches.rules import Recipient
from core.residents import contact_rows, rows
from core.residents.rules import ContactState


def tell(
    session: Session,
    by: Caller,
    *,
    resident: rows.Resident,
    contacts: Iterable[contact_rows.Contact],
    occasion: str,
    kind: str,
    now: datetime,
    **places: str,
) -> int:
    """Queue a notice of this `kind` (NoticeKind without prefix) for each contact; return how many.

    Nothing is told on a contact that is lost, nor to whom nothing may be pushed. An `occasion` is
    told once on each contact. `places` are further fields of the contract's Notice.
    """
    if rows.is_silent(rows.steady(session, resident.municipality, resident.id)):
        return 0
    told = 0
    for contact in contacts:
        if contact.state is not ContactState.REACHABLE:
            continue
        notice = {
            "kind": f"NOTICE_KIND_{kind}",
            "language": contact.language,
            "time": now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            **places,
        }
        told += dispatches.tell(
            session,
            by,
            occasion=f"{occasion}:{contact.id}",
            resident_id=resident.id,
            contact=Recipient(contact.id, contact.channel, contact.external_id),
            content={"notice": notice},
            now=now,
        )
    return told
