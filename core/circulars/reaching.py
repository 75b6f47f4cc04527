"""Where members are reached: each on the newest contact that can be."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.associations.member_rows import Member, MemberContact
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState


@dataclass(frozen=True, slots=True)
class Reached:
    """A member, and the contact to push to."""

    member: Member
    contact: Contact


def reach_households(
    session: Session, municipality: str, household_ids: Collection[str]
) -> dict[str, list[Reached]]:
    """Return where the members of households are reached, those whom nothing reaches left out."""
    found: dict[str, list[Reached]] = {}
    theirs = Member.household_id.in_(household_ids)
    for one in _reached(session, municipality, theirs):
        found.setdefault(one.member.household_id, []).append(one)
    return found


def reach_members(
    session: Session, municipality: str, member_ids: Collection[str]
) -> list[Reached]:
    """Return where members are reached, those whom nothing reaches left out."""
    return _reached(session, municipality, Member.id.in_(member_ids))


def _reached(session: Session, municipality: str, theirs: ColumnElement[bool]) -> list[Reached]:
    query = (
        select(Member, Contact)
        .join(
            MemberContact,
            (MemberContact.municipality == Member.municipality)
            & (MemberContact.member_id == Member.id),
        )
        .join(
            Contact,
            (Contact.municipality == MemberContact.municipality)
            & (Contact.id == MemberContact.contact_id),
        )
        .where(
            Member.municipality == municipality,
            theirs,
            Member.end_time.is_(None),
            Contact.state == ContactState.REACHABLE,
        )
    )
    newest_last = query.order_by(Contact.seen_time, Contact.id)
    found = session.execute(newest_last)
    newest = {member.id: Reached(member, contact) for member, contact in found}
    known = {one.contact.resident_id for one in newest.values() if one.contact.resident_id}
    steady = residents.all_steady(session, municipality, known)
    silent = {id for id, resident in steady.items() if residents.is_silent(resident)}
    heard = [one for one in newest.values() if one.contact.resident_id not in silent]
    return sorted(heard, key=lambda one: one.member.id)
