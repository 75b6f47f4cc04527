"""Who somebody is in an association, looked up anew for every request."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.associations import structure_rows
from core.associations.member_rows import Member, MemberContact, Office
from core.associations.office_rows import holds
from core.associations.rows import Association, Household
from core.associations.rules import AssociationUnknown, Held, Standing
from core.callers import Caller, Role
from core.residents import contact_rows
from core.residents.contact_rows import Contact


def of_association(
    session: Session, by: Caller, *, external_id: str, association_id: str, now: datetime
) -> tuple[Association, Standing]:
    """Return an association and who the caller is in it.

    Raises AssociationUnknown, in the same words, where there is none and where the speaker is no
    member of it; and ContactUnknown.
    """
    standing = standing_in(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    if standing is None:
        raise AssociationUnknown("no such association")
    return structure_rows.get(session, by.municipality, association_id), standing


def standing_in(
    session: Session, by: Caller, *, external_id: str, association_id: str, now: datetime
) -> Standing | None:
    """Return who the caller is in an association; None for a speaker who is no member of it.

    Where a row decides of which association it is about, its caller looks the row up first and
    passes an empty id where there is none: what the caller may not know of is then answered, with
    the same work, as what is not there. Raises ContactUnknown.
    """
    if not by.is_channel:
        return Standing(association_id, is_staff=Role.ASSOCIATIONS in by.roles)
    contact = contact_rows.contact_of(session, by, external_id)
    member = member_of(session, contact, association_id)
    return None if member is None else standing_of(session, member, now)


def standing_of(session: Session, member: Member, now: datetime) -> Standing:
    """Return who a member is in the association today."""
    held = offices_today(session, member.municipality, [member.id], now)
    return Standing(
        member.association_id,
        member.id,
        member.household_id,
        frozenset(Held(office.kind, office.group_id) for office in held),
    )


def member_of(session: Session, contact: Contact, association_id: str) -> Member | None:
    """Return the member that a contact speaks for in an association."""
    found = [
        member for member in members_of(session, contact) if member.association_id == association_id
    ]
    return found[0] if found else None


def members_of(session: Session, contact: Contact) -> list[Member]:
    """Return the members that a contact speaks for, one an association, by when they joined."""
    return _spoken_for(session, contact.municipality, MemberContact.contact_id == contact.id)


def members_of_resident(session: Session, municipality: str, resident_id: str) -> list[Member]:
    """Return the members that a resident's contacts speak for, one an association."""
    theirs = select(Contact.id).where(
        Contact.municipality == municipality, Contact.resident_id == resident_id
    )
    found: dict[str, Member] = {}
    for member in _spoken_for(session, municipality, MemberContact.contact_id.in_(theirs)):
        found.setdefault(member.association_id, member)
    return list(found.values())


def _spoken_for(session: Session, municipality: str, by: ColumnElement[bool]) -> list[Member]:
    query = (
        select(Member)
        .join(
            MemberContact,
            (MemberContact.municipality == Member.municipality)
            & (MemberContact.member_id == Member.id),
        )
        .join(
            Household,
            (Household.municipality == Member.municipality) & (Household.id == Member.household_id),
        )
        .where(
            MemberContact.municipality == municipality,
            by,
            Member.end_time.is_(None),
            structure_rows.LIVES,
        )
        .order_by(Member.join_time, Member.id)
    )
    return list(session.scalars(query).unique())


def offices_today(
    session: Session, municipality: str, member_ids: Collection[str], now: datetime
) -> list[Office]:
    """Return the offices that members hold at this moment, by the day in Japan."""
    query = select(Office).where(
        Office.municipality == municipality, Office.member_id.in_(member_ids), *holds(now)
    )
    return list(session.scalars(query.order_by(Office.begin_date, Office.id)))
