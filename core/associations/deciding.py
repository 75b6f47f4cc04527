"""A leader confirms or refuses who asks to join."""

from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.associations import joined_rows, leaving, standings, structure_rows, telling
from core.associations.joining import asked
from core.associations.member_rows import JoinRequest, Member, MemberContact
from core.associations.rows import Association
from core.associations.rules import JoinRequestDecided, JoinRequestUnknown, JoinState, Standing
from core.callers import Caller
from core.ids import new_id
from core.residents.contact_rows import Contact


def decide(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    join_request_id: str,
    confirmed: bool,
    household_id: str,
    now: datetime,
) -> tuple[JoinRequest, Member | None]:
    """Confirm or refuse who asks to join; return the request and the member it made.

    Raises JoinRequestUnknown in the same words for one that is not there and one of an association
    of which the speaker is no member; JoinRequestDecided, HouseholdUnknown, NotInOffice.
    """
    wish, association, standing = _to_decide(
        session, by, external_id=external_id, join_request_id=join_request_id, now=now
    )
    member = None
    if confirmed:
        household = structure_rows.get_household(session, association, household_id, lock=True)
        standing.check_leads(household.group_id)
        contact = _contact(session, wish)
        wish.household_id = household.id
        member = _join(session, by, association, wish, contact=contact, now=now)
    wish.state = JoinState.CONFIRMED if confirmed else JoinState.REFUSED
    wish.decided_by = standing.member_id
    session.flush()
    events.record(
        session, by, f"join.{wish.state}", wish.id, now,
        details={"association": association.id, "member": member.id if member else ""},
        on_behalf_of=standing.member_id,
    )  # fmt: skip
    _tell_decided(session, by, association, wish, now)
    return wish, member


def _to_decide(
    session: Session, by: Caller, *, external_id: str, join_request_id: str, now: datetime
) -> tuple[JoinRequest, Association, Standing]:
    """Return a request that waits, locked with its association, and who decides about it."""
    found = joined_rows.find_request(session, by.municipality, join_request_id)
    standing = standings.standing_in(
        session,
        by,
        external_id=external_id,
        association_id=found.association_id if found else "",
        now=now,
    )
    if found is None or standing is None:
        raise JoinRequestUnknown("no such request to join")
    standing.check_leads(found.group_id)
    association = structure_rows.get(session, by.municipality, found.association_id, lock=True)
    wish = joined_rows.find_request(session, by.municipality, join_request_id, lock=True)
    if wish is None:
        raise JoinRequestUnknown("no such request to join")
    if wish.state is not JoinState.WAITING:
        raise JoinRequestDecided(f"the request was {wish.state} before", state=wish.state)
    return wish, association, standing


def _tell_decided(
    session: Session, by: Caller, association: Association, wish: JoinRequest, now: datetime
) -> None:
    telling.take_back(session, association, occasion=asked(wish), now=now)
    telling.tell_contact(
        session,
        by,
        _contact(session, wish),
        occasion=f"join.{wish.state}:{wish.id}",
        event=f"JOIN_{wish.state.name}",
        now=now,
        association=association.name,
    )


def _join(
    session: Session,
    by: Caller,
    association: Association,
    wish: JoinRequest,
    *,
    contact: Contact,
    now: datetime,
) -> Member:
    """Make who asks a member of the household that the request names now.

    Who is a member already, on this contact or on another of theirs, goes over to it; an office
    does not go along.
    """
    member = standings.member_of(session, contact, association.id)
    if member is None and (member := _on_another_contact(session, contact, association)):
        session.add(_link(member, contact, now))
    if member is not None:
        if member.household_id != wish.household_id:
            leaving.end_offices(session, by, association, [member], now)
            member.household_id = wish.household_id
        member.display_name = wish.display_name
        return member
    member = Member(
        municipality=by.municipality,
        id=new_id(),
        association_id=association.id,
        household_id=wish.household_id,
        display_name=wish.display_name,
        join_time=now,
    )
    session.add(member)
    session.flush()
    session.add(_link(member, contact, now))
    return member


def _on_another_contact(
    session: Session, contact: Contact, association: Association
) -> Member | None:
    """Return the member that the contact's resident is already: one person has one vote."""
    if contact.resident_id is None:
        return None
    theirs = standings.members_of_resident(session, contact.municipality, contact.resident_id)
    return next((one for one in theirs if one.association_id == association.id), None)


def _link(member: Member, contact: Contact, now: datetime) -> MemberContact:
    return MemberContact(
        municipality=member.municipality,
        member_id=member.id,
        contact_id=contact.id,
        link_time=now,
    )


def _contact(session: Session, wish: JoinRequest) -> Contact:
    return session.get_one(Contact, (wish.municipality, wish.contact_id))
