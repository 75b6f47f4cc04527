"""Codes to join are made and presented; a leader confirms or refuses who asks."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, events
from core.access.codes import Made
from core.access.rules import folded, new_code
from core.associations import (
    joined_rows,
    leading,
    leaving,
    standings,
    structure_rows,
    telling,
)
from core.associations.member_rows import Invitation, JoinRequest, Member, MemberContact
from core.associations.rows import Association
from core.associations.rules import (
    HouseholdUnknown,
    InvitationRefused,
    JoinRequestDecided,
    JoinRequestUnknown,
    JoinState,
)
from core.attempts import Bound
from core.callers import Caller
from core.ids import new_id
from core.my_number import refuse_my_number
from core.residents import contact_rows
from core.residents.contact_rows import Contact
from core.residents.rules import ContactUnknown

OF_A_CONTACT = Bound("associations.contact", 5, timedelta(minutes=15))
OF_A_CHANNEL = Bound("associations.channel", 200, timedelta(hours=1))


def invite(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    association_id: str,
    household_id: str,
    group_id: str,
    days: int,
    now: datetime,
) -> Made:
    """Make a code for a household, for all of a group, or for all of the association.

    Raises AssociationUnknown, HouseholdUnknown, GroupUnknown, NotInOffice.
    """
    association, standing = standings.of_association(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    standing.check_leads_some()
    if group_id:
        structure_rows.get_group(session, association, group_id)
    if household_id:
        household = structure_rows.get_household(session, association, household_id)
        if group_id and household.group_id != group_id:
            raise HouseholdUnknown("no such household")
        group_id = household.group_id
    standing.check_leads(group_id)
    made = Made(new_code(), now + timedelta(days=days))
    session.add(
        Invitation(
            municipality=by.municipality,
            digest=joined_rows.invitation_digest(session, made.code),
            association_id=association.id,
            household_id=household_id,
            group_id="" if household_id else group_id,
            by_member_id=standing.member_id,
            expire_time=made.expire_time,
        )
    )
    details = {"household": household_id, "group": group_id, "days": str(days)}
    events.record(
        session, by, "invitation.made", association.id, now,
        details=details, on_behalf_of=standing.member_id,
    )  # fmt: skip
    return made


def request(
    session: Session, by: Caller, *, external_id: str, code: str, display_name: str, now: datetime
) -> JoinRequest:
    """Ask to join by a code; whoever asks again while the first request waits changes that one.

    Raises ContactUnknown, MyNumberRefused; InvitationRefused before anything is changed; and
    TooManyAttempts where this contact, or its channel, guessed too often.
    """
    contact = contact_rows.find_contact(session, by, external_id, lock=True)
    if contact is None:
        raise ContactUnknown("the channel has no such contact: tell with SeeContact first")
    refuse_my_number(display_name, field="display_name")
    check_guesses(session, by, contact, now)
    invitation = joined_rows.find_invitation(session, by.municipality, folded(code))
    if invitation is None or now >= invitation.expire_time:
        raise refused()
    group_id = invitation.group_id
    if invitation.household_id:
        household = structure_rows.look_for_household(
            session, by.municipality, invitation.household_id
        )
        if household is None:
            raise refused()
        group_id = household.group_id
    association = structure_rows.get(session, by.municipality, invitation.association_id)
    waiting = joined_rows.waiting_of(session, by.municipality, association.id, contact.id)
    wish = waiting or JoinRequest(
        municipality=by.municipality,
        id=new_id(),
        association_id=association.id,
        household_id="",
        group_id="",
        display_name="",
        contact_id=contact.id,
        state=JoinState.WAITING,
        create_time=now,
    )
    wish.household_id, wish.group_id = invitation.household_id, group_id
    wish.display_name = display_name
    session.add(wish)
    session.flush()
    events.record(
        session, by, "join.requested", wish.id, now,
        details={"association": association.id}, on_behalf_of=contact.id,
    )  # fmt: skip
    telling.tell_members(
        session,
        by,
        leading.members_leading(session, association, group_id, now),
        occasion=asked(wish),
        event="JOIN_REQUESTED",
        now=now,
        association=association.name,
        person=display_name,
    )
    return wish


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
    return wish, member


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

    Who is a member already goes over to it; an office does not go along.
    """
    member = standings.member_of(session, contact, association.id)
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
    session.add(
        MemberContact(
            municipality=by.municipality,
            member_id=member.id,
            contact_id=contact.id,
            link_time=now,
        )
    )
    return member


def asked(wish: JoinRequest) -> str:
    """Return the occasion on which leaders are told that somebody asks to join."""
    return f"join.requested:{wish.id}"


def _contact(session: Session, wish: JoinRequest) -> Contact:
    return session.get_one(Contact, (wish.municipality, wish.contact_id))


def check_guesses(session: Session, by: Caller, contact: Contact, now: datetime) -> None:
    """Raise TooManyAttempts where the contact, or its channel, guessed at codes too often."""
    attempts.check(session, OF_A_CONTACT, by.municipality, contact.id, now)
    attempts.check(session, OF_A_CHANNEL, by.municipality, by.name, now)


def count_guess(session: Session, by: Caller, *, external_id: str, now: datetime) -> None:
    """Count a code that was refused; in a transaction that commits."""
    contact = contact_rows.contact_of(session, by, external_id)
    attempts.count(session, OF_A_CONTACT, by.municipality, contact.id, now)
    attempts.count(session, OF_A_CHANNEL, by.municipality, by.name, now)
    events.record(session, by, "invitation.refused", contact.id, now)


def refused() -> InvitationRefused:
    return InvitationRefused("no such code that could be used now: have a new one made")
