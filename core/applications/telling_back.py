"""What the chats of a conversation are told when it went on, or was filed, somewhere else."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.applications import asking, inviting, rows, rules, saying, speakers, speech, talk_rows
from core.applications.rules import State
from core.applications.speakers import Speaking
from core.callers import Caller
from core.dispatches import actions as dispatches
from core.procedures.catalogue import Catalogue
from core.procedures.definition import Step
from core.proxies.rules import Scope
from core.residents import contact_rows as contacts
from core.residents import rows as residents
from core.residents.rules import ContactState


def tell_filed(
    session: Session,
    by: Caller,
    who: Speaking,
    row: rows.Application,
    *,
    before: State,
    known: Catalogue,
    now: datetime,
) -> None:
    """Give the receipt to every other contact that had this conversation, where it is filed now.

    These are the chats that it was asked in, and the one that a link came from.
    """
    if before not in rules.WITH_THE_RESIDENT or row.state in rules.WITH_THE_RESIDENT:
        return
    having = talk_rows.asked_about(session, row.municipality, row.id)
    link = talk_rows.page_of(session, row.municipality, who.contact.id, row.id, now)
    if link is not None:
        having.add(link.from_contact_id)
    for contact_id in sorted(having - {who.contact.id}):
        _tell(session, by, row, contact_id, known=known, now=now)


def tell_done(
    session: Session,
    by: Caller,
    who: Speaking,
    row: rows.Application,
    *,
    answered: Step,
    spoken: dict[str, Any],
    known: Catalogue,
    now: datetime,
) -> None:
    """Tell the chat that a page came from what is asked next, where the page has done its work.

    It has when a sensitive step is answered and no other follows.
    """
    was_sensitive = answered.sensitive or answered.block.is_sensitive
    if not was_sensitive or "closing" in spoken or spoken.get("prompt", {}).get("sensitive"):
        return
    link = talk_rows.page_of(session, row.municipality, who.contact.id, row.id, now)
    if link is not None:
        _tell(session, by, row, link.from_contact_id, known=known, now=now)


def _tell(
    session: Session,
    by: Caller,
    row: rows.Application,
    contact_id: str,
    *,
    known: Catalogue,
    now: datetime,
) -> None:
    """Push what stands to a contact that may still have this conversation, unless it knows."""
    contact = contacts.get_contact(session, row.municipality, contact_id)
    if contact is None or contact.state is not ContactState.REACHABLE:
        return
    if row.resident_id and residents.is_silent(
        residents.steady(session, row.municipality, row.resident_id)
    ):
        return
    who = speakers.holds(session, contact, row, scope=Scope.READ, now=now)
    if who is None:
        return
    said = saying.turn(session, row, who, known, now)
    is_end = "closing" in said
    if not is_end and asking.is_noted(session, row.municipality, contact_id=contact.id, turn=said):
        return
    asking.note(session, row, contact_id=contact.id, turn=said, now=now)
    dispatches.tell(
        session,
        by,
        occasion=f"{row.id}:{row.revision}:{contact.id}",
        resident_id=row.resident_id,
        contact=inviting.recipient(contact),
        content=speech.pushed(said),
        now=now,
    )
