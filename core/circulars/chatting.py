"""What somebody was asked in a chat last, for a draft or not, which the next words there answer."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.associations import standings
from core.associations.member_rows import AskedInChat
from core.callers import Caller
from core.circulars import answering, queries
from core.circulars.rows import Circular
from core.circulars.rules import State
from core.residents import contact_rows
from core.residents.contact_rows import Contact

ASKED_FOR = timedelta(hours=1)
"""How long what is sent in a chat answers what was asked there."""


def draft(session: Session, by: Caller, *, external_id: str, now: datetime) -> Circular | None:
    """Return the draft for which a contact was asked something lately, the one kept last.

    Only who may still write it is asked for more. Raises ContactUnknown.
    """
    contact = contact_rows.contact_of(session, by, external_id)
    members = {one.id: one for one in standings.members_of(session, contact)}
    if not members:
        return None
    circular = queries.asked(session, by.municipality, members, since=now - ASKED_FOR)
    if circular is None:
        return None
    standing = standings.standing_of(session, members[circular.author_id], now)
    return circular if standing.leads_all or standing.groups else None


def other(session: Session, by: Caller, *, external_id: str, now: datetime) -> AskedInChat | None:
    """Return what a contact was asked lately other than for a draft. Raises ContactUnknown."""
    contact = contact_rows.contact_of(session, by, external_id)
    asked = session.get(AskedInChat, (by.municipality, contact.id))
    return asked if asked is not None and asked.ask_time > now - ASKED_FOR else None


def keep(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    what: str,
    so_far: Sequence[Mapping[str, Any]] = (),
    now: datetime,
) -> None:
    """Note what a contact is asked now, in place of what was asked before; nothing, where empty.

    Raises ContactUnknown, MyNumberRefused.
    """
    contact = contact_rows.contact_of(session, by, external_id)
    asked = session.get(AskedInChat, (by.municipality, contact.id), with_for_update=True)
    if not what:
        if asked is not None:
            session.delete(asked)
        return
    given = {"answers": list(so_far)}
    answering.refuse_numbers({"survey": given})
    so_far_json = json.dumps(given, ensure_ascii=False)
    if asked is None:
        session.add(
            AskedInChat(
                municipality=by.municipality,
                contact_id=contact.id,
                what=what,
                so_far_json=so_far_json,
                ask_time=now,
            )
        )
    else:
        asked.what, asked.so_far_json, asked.ask_time = what, so_far_json, now
    _put_drafts_down(session, contact)


def _put_drafts_down(session: Session, contact: Contact) -> None:
    """Ask nothing for a contact's drafts any more."""
    members = [one.id for one in standings.members_of(session, contact)]
    session.execute(
        update(Circular)
        .where(
            Circular.municipality == contact.municipality,
            Circular.author_id.in_(members),
            Circular.state == State.DRAFT,
            Circular.asked != "",
        )
        .values(asked="")
        .execution_options(synchronize_session="fetch")
    )
