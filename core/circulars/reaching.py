"""Where members are reached: each on the newest contact that can be."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
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


class Reached(NamedTuple):
    """A member, and the contact to push to; of a whole town, so nothing of it is unsealed."""

    member_id: str
    association_id: str
    household_id: str
    contact_id: str
    channel: str
    language: str
    resident_id: str | None
    seen_time: datetime


class Spoken(NamedTuple):
    """A member, and a contact that speaks for them."""

    contact_id: str
    member_id: str
    association_id: str
    household_id: str


def spoken_for(session: Session, circular: Circular, contact_ids: Collection[str]) -> list[Spoken]:
    """Return all for whom contacts speak of those whose households got a circular."""
    spoken = _spoken(session, circular.municipality, contact_ids)
    got = select(Receipt.household_id).where(
        Receipt.municipality == circular.municipality,
        Receipt.circular_id == circular.id,
        Receipt.household_id.in_({one.household_id for one in spoken}),
    )
    households = set(session.scalars(got))
    return [one for one in spoken if one.household_id in households]


def _spoken(session: Session, municipality: str, contact_ids: Collection[str]) -> list[Spoken]:
    links = select(MemberContact.contact_id, MemberContact.member_id).where(
        MemberContact.municipality == municipality, MemberContact.contact_id.in_(contact_ids)
    )
    spoken = [(row[0], row[1]) for row in session.execute(links)]
    query = select(Member.id, Member.association_id, Member.household_id).where(
        Member.municipality == municipality,
        Member.id.in_({member_id for _, member_id in spoken}),
        Member.end_time.is_(None),
    )
    members = {row[0]: row for row in session.execute(query)}
    return [Spoken(id, *members[member_id]) for id, member_id in spoken if member_id in members]


def reach_households(
    session: Session, municipality: str, household_ids: Collection[str]
) -> dict[str, list[Reached]]:
    """Return where the members of households are reached, those whom nothing reaches left out."""
    found: dict[str, list[Reached]] = {}
    for one in _reached(session, municipality, household_ids):
        found.setdefault(one.household_id, []).append(one)
    return found


def still_concerned(
    session: Session, municipality: str, told: Mapping[str, str], contact_ids: Collection[str]
) -> set[str]:
    """Return the contacts that still speak for a household that got a circular.

    `told` is the contract's CircularTold. Nobody is told any more of one that was taken back, but
    that it was, and nobody who has read is reminded.
    """
    circular = session.get(Circular, (municipality, told["circular_id"]))
    if circular is None or not is_told_of(circular, told):
        return set()
    spoken = _spoken(session, municipality, contact_ids)
    got = select(Receipt.household_id).where(
        Receipt.municipality == municipality,
        Receipt.circular_id == circular.id,
        Receipt.household_id.in_({one.household_id for one in spoken}),
    )
    if told["occasion"] == "CIRCULAR_OCCASION_REMINDER":
        got = got.where(Receipt.way.is_(None))
    concerned = set(session.scalars(got))
    return {one.contact_id for one in spoken if one.household_id in concerned}


def is_told_of(circular: Circular, told: Mapping[str, str]) -> bool:
    """Whether a circular is still told of so: of what was taken back, only that it was."""
    return circular.state is not State.WITHDRAWN or told["occasion"].endswith("_WITHDRAWN")


def otherwise(session: Session, municipality: str, occasion: str) -> Contact | None:
    """Return where the member whom an occasion is for is reached now; None where nowhere."""
    member_id = occasion.rpartition(":")[2]
    return joined_rows.reachable_by_member(session, municipality, [member_id]).get(member_id)


def _reached(session: Session, municipality: str, household_ids: Collection[str]) -> list[Reached]:
    """Return members with the newest contact of each.

    A table at a time, by ids: of what was laid in just now PostgreSQL does not know how many there
    are, and would look at each contact for each member.
    """
    query = select(Member.id, Member.association_id, Member.household_id).where(
        Member.municipality == municipality,
        Member.household_id.in_(household_ids),
        Member.end_time.is_(None),
    )
    members = {row[0]: row for row in session.execute(query)}
    spoken_by = _spoken_by(session, municipality, members)
    contacts = select(
        Contact.id, Contact.channel, Contact.language, Contact.resident_id, Contact.seen_time
    ).where(
        Contact.municipality == municipality,
        Contact.id.in_(spoken_by),
        Contact.state == ContactState.REACHABLE,
    )
    newest: dict[str, Reached] = {}
    newest_last = session.execute(contacts.order_by(Contact.seen_time, Contact.id))
    for id, channel, language, resident_id, seen_time in newest_last:
        for one in spoken_by[id]:
            newest[one] = Reached(*members[one], id, channel, language, resident_id, seen_time)
    return _heard(session, municipality, newest.values())


def _spoken_by(
    session: Session, municipality: str, member_ids: Collection[str]
) -> dict[str, list[str]]:
    """Return the members that each contact speaks for, of these."""
    query = select(MemberContact.contact_id, MemberContact.member_id).where(
        MemberContact.municipality == municipality, MemberContact.member_id.in_(member_ids)
    )
    found: dict[str, list[str]] = {}
    for contact_id, member_id in session.execute(query):
        found.setdefault(contact_id, []).append(member_id)
    return found


def _heard(session: Session, municipality: str, newest: Collection[Reached]) -> list[Reached]:
    """Return those to whom the city may push, by the ids of members."""
    known = {one.resident_id for one in newest if one.resident_id}
    steady = residents.all_steady(session, municipality, known)
    silent = {id for id, resident in steady.items() if residents.is_silent(resident)}
    heard = [one for one in newest if one.resident_id not in silent]
    return sorted(heard, key=lambda one: one.member_id)
