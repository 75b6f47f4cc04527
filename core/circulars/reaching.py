"""Where members are reached: each on the newest contact that can be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.associations import joined_rows
from core.associations.member_rows import Member, MemberContact
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import State
from core.residents import rows as residents
from core.residents.contact_rows import Contact
from core.residents.rules import ContactState

OF_CONTACT = (MemberContact.municipality == Member.municipality) & (
    MemberContact.member_id == Member.id
)


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


def still_concerned(
    session: Session, municipality: str, told: Mapping[str, str], contact_ids: Collection[str]
) -> set[str]:
    """Return the contacts that still speak for a household that got a circular.

    `told` is the contract's CircularTold. Nobody is told any more of one that was taken back, but
    that it was, and nobody who has read is reminded.
    """
    circular = session.get(Circular, (municipality, told["circular_id"]))
    occasion = told["occasion"].removeprefix("CIRCULAR_OCCASION_")
    if circular is None or (circular.state is State.WITHDRAWN and occasion != "WITHDRAWN"):
        return set()
    query = (
        select(MemberContact.contact_id)
        .join(Member, OF_CONTACT)
        .join(
            Receipt,
            (Receipt.municipality == Member.municipality)
            & (Receipt.household_id == Member.household_id),
        )
        .where(
            MemberContact.municipality == municipality,
            MemberContact.contact_id.in_(contact_ids),
            Member.end_time.is_(None),
            Receipt.circular_id == circular.id,
        )
    )
    if occasion == "REMINDER":
        query = query.where(Receipt.way.is_(None))
    return set(session.scalars(query))


def otherwise(session: Session, municipality: str, occasion: str) -> Contact | None:
    """Return where the member whom an occasion is for is reached now; None where nowhere."""
    member_id = occasion.rpartition(":")[2]
    return joined_rows.reachable_by_member(session, municipality, [member_id]).get(member_id)


def _reached(session: Session, municipality: str, theirs: ColumnElement[bool]) -> list[Reached]:
    query = (
        select(Member, Contact)
        .join(MemberContact, OF_CONTACT)
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
