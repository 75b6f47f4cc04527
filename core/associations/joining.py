"""Codes to join are made and presented; `deciding` is how a leader answers who asks."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import attempts, events
from core.access.codes import Made
from core.access.rules import folded, new_code
from core.associations import (
    joined_rows,
    leading,
    standings,
    structure_rows,
    telling,
)
from core.associations.member_rows import Invitation, JoinRequest
from core.associations.rows import Association
from core.associations.rules import (
    HouseholdUnknown,
    InvitationRefused,
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
    group_id = _invited_to(session, association, household_id=household_id, group_id=group_id)
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


def _invited_to(
    session: Session, association: Association, *, household_id: str, group_id: str
) -> str:
    """Return the group of what a code is for; empty for all of the association."""
    if group_id:
        structure_rows.get_group(session, association, group_id)
    if not household_id:
        return group_id
    household = structure_rows.get_household(session, association, household_id)
    if group_id and household.group_id != group_id:
        raise HouseholdUnknown("no such household")
    return household.group_id


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
    invitation, group_id = _presented(session, by, code, now)
    association = structure_rows.get(session, by.municipality, invitation.association_id)
    wish = _wish_of(session, contact, association, now)
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


def _presented(session: Session, by: Caller, code: str, now: datetime) -> tuple[Invitation, str]:
    """Return what a code invites to, and the group that this is in now."""
    invitation = joined_rows.find_invitation(session, by.municipality, folded(code))
    if invitation is None or now >= invitation.expire_time:
        raise refused()
    if not invitation.household_id:
        return invitation, invitation.group_id
    household = structure_rows.look_for_household(session, by.municipality, invitation.household_id)
    if household is None:
        raise refused()
    return invitation, household.group_id


def _wish_of(
    session: Session, contact: Contact, association: Association, now: datetime
) -> JoinRequest:
    """Return the request that waits, or one that is still to be filled in."""
    waiting = joined_rows.waiting_of(session, contact.municipality, association.id, contact.id)
    return waiting or JoinRequest(
        municipality=contact.municipality,
        id=new_id(),
        association_id=association.id,
        household_id="",
        group_id="",
        display_name="",
        contact_id=contact.id,
        state=JoinState.WAITING,
        create_time=now,
    )


def asked(wish: JoinRequest) -> str:
    """Return the occasion on which leaders are told that somebody asks to join."""
    return f"join.requested:{wish.id}"


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
