"""Members and requests to join, deleted with the contact that spoke for them, or when over.

Households and members that left lose their names when the city's term for it is over.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from core.associations import joining, leaving, structure_rows, telling
from core.associations.member_rows import (
    WAITS,
    AskedInChat,
    Invitation,
    JoinRequest,
    Member,
    MemberContact,
    MemberLink,
)
from core.associations.rows import Household
from core.callers import Caller, the_core
from core.proxies import rows as proxy_rows
from core.proxies.rows import ProxyContact
from core.residents.contact_rows import Contact

DECIDED_KEPT = timedelta(days=30)
"""How long a decided request is kept, from when it was made."""

CODE_KEPT = timedelta(days=1)
ASKED_KEPT = timedelta(hours=1)


def forget_contacts(
    session: Session, by: Caller, contact_ids: Collection[str], now: datetime
) -> list[str]:
    """Let contacts speak for nobody more; return the members that they spoke for.

    A member for whom nobody speaks then has left, as of now, and has no name any more.
    """
    of_contacts = (
        MemberContact.municipality == by.municipality,
        MemberContact.contact_id.in_(contact_ids),
    )
    members = _spoken_for(session, of_contacts)
    session.execute(
        delete(MemberContact).where(*of_contacts).execution_options(synchronize_session="fetch")
    )
    session.execute(
        delete(AskedInChat)
        .where(AskedInChat.municipality == by.municipality, AskedInChat.contact_id.in_(contact_ids))
        .execution_options(synchronize_session="fetch")
    )
    _forget_requests(session, by, contact_ids, now)
    proxy_rows.leave(session, by.municipality, contact_ids)
    session.execute(
        delete(MemberLink)
        .where(
            MemberLink.municipality == by.municipality,
            MemberLink.member_id.in_([member.id for member in members]),
        )
        .execution_options(synchronize_session="fetch")
    )
    for member in members:
        if not _is_spoken_for(session, member):
            if member.end_time is None:
                leaving.end_alone(session, by, member, now)
            member.display_name = ""
    session.flush()
    return [member.id for member in members]


def _spoken_for(session: Session, of_contacts: Iterable[ColumnElement[bool]]) -> list[Member]:
    query = (
        select(Member)
        .join(
            MemberContact,
            (MemberContact.municipality == Member.municipality)
            & (MemberContact.member_id == Member.id),
        )
        .where(*of_contacts)
        .order_by(Member.id)
        .distinct()
    )
    return list(session.scalars(query))


def end_with_contact(session: Session, municipality: str, contact_id: str, now: datetime) -> None:
    """Let a contact that leaves its resident speak for nobody more: it may be another's phone."""
    forget_contacts(session, the_core(municipality), [contact_id], now)


def speaks_for_somebody() -> ColumnElement[bool]:
    """Match the contacts that speak for a member who did not leave, or at which a proxy goes on."""
    for_oneself = exists().where(
        MemberContact.municipality == Contact.municipality,
        MemberContact.contact_id == Contact.id,
        Member.municipality == MemberContact.municipality,
        Member.id == MemberContact.member_id,
        Member.end_time.is_(None),
    )
    for_another = exists().where(
        ProxyContact.municipality == Contact.municipality, ProxyContact.contact_id == Contact.id
    )
    return or_(for_oneself, for_another)


def forget(session: Session, now: datetime) -> None:
    """Delete what ended long enough ago: codes, decided requests, what was asked in chats."""
    session.execute(delete(AskedInChat).where(AskedInChat.ask_time < now - ASKED_KEPT))
    for kind in (Invitation, MemberLink):
        session.execute(delete(kind).where(kind.expire_time < now - CODE_KEPT))
    decided = JoinRequest.create_time < now - DECIDED_KEPT, ~WAITS
    session.execute(delete(JoinRequest).where(*decided))


def forget_households(
    session: Session, municipality: str, before: datetime, *, after: str, limit: int
) -> tuple[list[str], str]:
    """Erase names and addresses of households that left so long ago; what they read stays, by ids.

    Returns which were erased of those looked at after an id, and where to go on, empty at the end.
    """
    query = select(Household).where(
        Household.municipality == municipality,
        Household.end_time <= before,
        Household.id > after,
    )
    found = session.scalars(query.order_by(Household.id).limit(limit)).all()
    due = [one for one in found if one.name or one.address or one.number]
    for household in due:
        household.name, household.address, household.number = "", "", ""
        household.revision += 1
    session.flush()
    return [one.id for one in due], found[-1].id if len(found) == limit else ""


def forget_members(
    session: Session, municipality: str, before: datetime, *, after: str, limit: int
) -> tuple[list[str], str]:
    """Erase the names of members who left so long ago, and which contacts spoke for them.

    Returns which were erased of those looked at after an id, and where to go on, empty at the end.
    """
    query = select(Member).where(
        Member.municipality == municipality, Member.end_time <= before, Member.id > after
    )
    found = session.scalars(query.order_by(Member.id).limit(limit)).all()
    due = [one for one in found if one.display_name]
    for member in due:
        member.display_name = ""
    session.execute(
        delete(MemberContact).where(
            MemberContact.municipality == municipality,
            MemberContact.member_id.in_([one.id for one in found]),
        )
    )
    session.flush()
    return [one.id for one in due], found[-1].id if len(found) == limit else ""


def _forget_requests(
    session: Session, by: Caller, contact_ids: Collection[str], now: datetime
) -> None:
    """Delete the requests of contacts, and what leaders were told of those that wait."""
    query = select(JoinRequest).where(
        JoinRequest.municipality == by.municipality, JoinRequest.contact_id.in_(contact_ids)
    )
    for wish in session.scalars(query).all():
        association = structure_rows.get(session, by.municipality, wish.association_id)
        telling.take_back(session, association, occasion=joining.asked(wish), now=now)
        session.delete(wish)
    session.flush()


def _is_spoken_for(session: Session, member: Member) -> bool:
    query = select(MemberContact.contact_id).where(
        MemberContact.municipality == member.municipality, MemberContact.member_id == member.id
    )
    return session.scalars(query.limit(1)).first() is not None
