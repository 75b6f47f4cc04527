"""Links by which a conversation goes on, on a page."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.applications import rows, rules, saying, speakers
from core.applications.history import record
from core.applications.speakers import Speaking
from core.applications.talk_rows import Handover
from core.callers import Caller
from core.errors import NotNow
from core.procedures.catalogue import Catalogue
from core.proxies.rules import Scope
from core.residents import contact_rows as contacts

LINK = timedelta(minutes=30)
"""How long a link can be taken."""

SESSION = timedelta(hours=2)
"""How long whoever took it may go on."""


class HandoverRefused(NotNow):
    """Unknown, used or past its end; which of them is not told."""

    reason = "HANDOVER_REFUSED"


def begin(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    for_resident_id: str,
    id: str,
    now: datetime,
) -> tuple[str, datetime]:
    """Return a new link's secret, and its end. What a page was handed, it does not hand on."""
    who, row = speakers.of_contact(
        session,
        by,
        external_id,
        id,
        scope=Scope.APPLY,
        now=now,
        lock=False,
        for_resident_id=for_resident_id,
    )
    if who.page is not None:
        raise rules.ApplicationUnknown(f"there is no application {id} of this contact")
    token = secrets.token_urlsafe(32)
    session.add(
        Handover(
            municipality=by.municipality,
            digest=digest(token),
            application_id=row.id,
            from_contact_id=who.contact.id,
            expire_time=now + LINK,
        )
    )
    record(session, by, row, "handed_over", now, proxy=who.proxy)
    return token, now + LINK


def take(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    token: str,
    known: Catalogue,
    now: datetime,
) -> tuple[dict[str, Any], datetime]:
    """Let a contact go on with the conversation of a link; return its turn and the session's end.

    Raises HandoverRefused, also where whoever made the link may not go on any more.
    """
    contact = contacts.contact_of(session, by, external_id)
    key = (by.municipality, digest(token))
    link = session.get(Handover, key, with_for_update=True, populate_existing=True)
    if link is None or link.taken_by or now >= link.expire_time:
        raise _refused()
    first = contacts.get_contact(session, by.municipality, link.from_contact_id)
    row = rows.get(session, by.municipality, link.application_id)
    behind = speakers.holds(session, first, row, scope=Scope.APPLY, now=now) if first else None
    if behind is None:
        raise _refused()
    ends = now + SESSION
    link.taken_by, link.take_time, link.session_expire_time = contact.id, now, ends
    record(session, by, row, "taken_over", now, proxy=behind.proxy)
    who = Speaking(contact, behind.on_behalf_of, behind.proxy, link, behind.contact.language)
    return saying.said_to(session, row, who, known, now), ends


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _refused() -> HandoverRefused:
    return HandoverRefused("the link is unknown, used or past its end: make a new one")
