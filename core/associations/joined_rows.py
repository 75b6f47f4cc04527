"""Every query of members, their contacts, and of who asks to join."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import crypto
from core.associations.member_rows import (
    WAITS,
    Invitation,
    JoinRequest,
    Member,
    MemberContact,
    MemberLink,
    Office,
)
from core.associations.rows import Association, Household
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState

SPEAKS = (MemberContact.municipality == Contact.municipality) & (
    MemberContact.contact_id == Contact.id
)


def invitation_digest(session: Session, code: str) -> bytes:
    return crypto.vault_of(session).digest(code.encode(), "association_invitations.digest")


def find_invitation(session: Session, municipality: str, code: str) -> Invitation | None:
    """Return what is kept of a code as it was made."""
    return session.get(Invitation, (municipality, invitation_digest(session, code)))


def end_invitations(session: Session, municipality: str, household_id: str, now: datetime) -> None:
    """End the codes that were made for a household."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.municipality == municipality,
            Invitation.household_id == household_id,
            Invitation.expire_time > now,
        )
        .values(expire_time=now)
    )


def link_digest(session: Session, code: str) -> bytes:
    return crypto.vault_of(session).digest(code.encode(), "member_links.digest")


def find_link(session: Session, municipality: str, code: str) -> MemberLink | None:
    """Return what is kept of a code as it was made, locked: the first to present it wins."""
    key = (municipality, link_digest(session, code))
    return session.get(MemberLink, key, with_for_update=True, populate_existing=True)


def end_links(session: Session, municipality: str, member_id: str) -> None:
    """Delete the codes by which a member would go on in another place."""
    session.execute(
        delete(MemberLink).where(
            MemberLink.municipality == municipality, MemberLink.member_id == member_id
        )
    )


def find_request(
    session: Session, municipality: str, id: str, *, lock: bool = False
) -> JoinRequest | None:
    """Return a request to join, locked where it will change."""
    key = (municipality, id)
    return session.get(JoinRequest, key, with_for_update=lock or None, populate_existing=lock)


def waiting_of(
    session: Session, municipality: str, association_id: str, contact_id: str
) -> JoinRequest | None:
    """Return the request of a contact that waits in an association."""
    query = select(JoinRequest).where(
        JoinRequest.municipality == municipality,
        JoinRequest.association_id == association_id,
        JoinRequest.contact_id == contact_id,
        WAITS,
    )
    return session.scalars(query).one_or_none()


def waiting_in(
    session: Session,
    of: Association,
    *,
    group_ids: Collection[str] | None,
    after: str,
    limit: int,
) -> list[JoinRequest]:
    """Return the requests that wait, the longest first, after an id; None means of all groups."""
    query = select(JoinRequest).where(
        JoinRequest.municipality == of.municipality,
        JoinRequest.association_id == of.id,
        WAITS,
        JoinRequest.id > after,
    )
    if group_ids is not None:
        query = query.where(JoinRequest.group_id.in_(group_ids))
    return list(session.scalars(query.order_by(JoinRequest.id).limit(limit)))


def find_member(session: Session, municipality: str, id: str) -> Member | None:
    """Return a member who did not leave, or None."""
    row = session.get(Member, (municipality, id))
    return None if row is None or row.end_time is not None else row


def names_of(session: Session, municipality: str, ids: Collection[str]) -> dict[str, str]:
    """Return what members are called, by id; also of those who left and are not forgotten yet."""
    query = select(Member).where(Member.municipality == municipality, Member.id.in_(ids))
    return {row.id: row.display_name for row in session.scalars(query)}


def members_of_household(
    session: Session, municipality: str, household_id: str, *, after: str = "", limit: int = 0
) -> list[Member]:
    """Return who of a household joined and did not leave, by id and so by when they joined."""
    query = select(Member).where(
        Member.municipality == municipality,
        Member.household_id == household_id,
        Member.end_time.is_(None),
        Member.id > after,
    )
    return list(session.scalars(query.order_by(Member.id).limit(limit or None)))


def members_of_association(
    session: Session,
    of: Association,
    *,
    group_ids: Collection[str] | None,
    after: str,
    limit: int,
) -> list[Member]:
    """Return who joined and did not leave, by when they joined; None means of all groups."""
    query = select(Member).where(
        Member.municipality == of.municipality,
        Member.association_id == of.id,
        Member.end_time.is_(None),
        Member.id > after,
    )
    if group_ids is not None:
        homes = select(Household.id).where(
            Household.municipality == of.municipality, Household.group_id.in_(group_ids)
        )
        query = query.where(Member.household_id.in_(homes))
    return list(session.scalars(query.order_by(Member.id).limit(limit)))


def contacts_by_member(
    session: Session, municipality: str, member_ids: Collection[str]
) -> dict[str, list[Contact]]:
    """Return the contacts that speak for each of these members, newest seen first."""
    query = (
        select(MemberContact.member_id, Contact)
        .join(Contact, SPEAKS)
        .where(MemberContact.municipality == municipality, MemberContact.member_id.in_(member_ids))
        .order_by(Contact.seen_time.desc(), Contact.id.desc())
    )
    found: dict[str, list[Contact]] = {}
    for member_id, contact in session.execute(query):
        found.setdefault(member_id, []).append(contact)
    return found


def reachable_by_member(
    session: Session, municipality: str, member_ids: Collection[str]
) -> dict[str, Contact]:
    """Return the newest seen contact of each member that can be reached; none, no entry."""
    found = contacts_by_member(session, municipality, member_ids)
    reachable = {
        member_id: [one for one in contacts if one.state is ContactState.REACHABLE]
        for member_id, contacts in found.items()
    }
    return {member_id: contacts[0] for member_id, contacts in reachable.items() if contacts}


def residents_of_officers(session: Session, of: Association) -> set[str]:
    """Return the residents who have ever held an office, empty for those who are not registered."""
    query = (
        select(Contact.resident_id)
        .join(MemberContact, SPEAKS)
        .join(
            Office,
            (Office.municipality == MemberContact.municipality)
            & (Office.member_id == MemberContact.member_id),
        )
        .where(Office.municipality == of.municipality, Office.association_id == of.id)
    )
    return {id or "" for id in session.scalars(query.distinct())}


def unlink(session: Session, municipality: str, member_id: str, contact_id: str) -> None:
    """Let a contact speak for a member no more."""
    session.execute(
        delete(MemberContact).where(
            MemberContact.municipality == municipality,
            MemberContact.member_id == member_id,
            MemberContact.contact_id == contact_id,
        )
    )
