"""Where members are reached: each on the newest contact that can be."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

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


def reach_households(
    session: Session, municipality: str, household_ids: Collection[str]
) -> dict[str, list[Reached]]:
    """Return where the members of households are reached, those whom nothing reaches left out."""
    found: dict[str, list[Reached]] = {}
    theirs = Member.household_id.in_(household_ids)
    for one in _reached(session, municipality, theirs):
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
    # In two steps: of receipts that were made just now, PostgreSQL does not know yet how many.
    speak = (
        select(MemberContact.contact_id, Member.household_id)
        .join(Member, OF_CONTACT)
        .where(
            MemberContact.municipality == municipality,
            MemberContact.contact_id.in_(contact_ids),
            Member.end_time.is_(None),
        )
    )
    spoken_for = [(row[0], row[1]) for row in session.execute(speak)]
    got = select(Receipt.household_id).where(
        Receipt.municipality == municipality,
        Receipt.circular_id == circular.id,
        Receipt.household_id.in_({household_id for _, household_id in spoken_for}),
    )
    if told["occasion"] == "CIRCULAR_OCCASION_REMINDER":
        got = got.where(Receipt.way.is_(None))
    concerned = set(session.scalars(got))
    return {id for id, household_id in spoken_for if household_id in concerned}


def is_told_of(circular: Circular, told: Mapping[str, str]) -> bool:
    """Whether a circular is still told of so: of what was taken back, only that it was."""
    return circular.state is not State.WITHDRAWN or told["occasion"].endswith("_WITHDRAWN")


def otherwise(session: Session, municipality: str, occasion: str) -> Contact | None:
    """Return where the member whom an occasion is for is reached now; None where nowhere."""
    member_id = occasion.rpartition(":")[2]
    return joined_rows.reachable_by_member(session, municipality, [member_id]).get(member_id)


def _reached(session: Session, municipality: str, theirs: ColumnElement[bool]) -> list[Reached]:
    query = (
        select(
            Member.id,
            Member.association_id,
            Member.household_id,
            Contact.id,
            Contact.channel,
            Contact.language,
            Contact.resident_id,
            Contact.seen_time,
        )
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
    newest = {row[0]: Reached(*row) for row in session.execute(newest_last)}
    known = {one.resident_id for one in newest.values() if one.resident_id}
    steady = residents.all_steady(session, municipality, known)
    silent = {id for id, resident in steady.items() if residents.is_silent(resident)}
    heard = [one for one in newest.values() if one.resident_id not in silent]
    return sorted(heard, key=lambda one: one.member_id)
