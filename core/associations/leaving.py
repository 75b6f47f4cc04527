"""A member or a household leaves: what they held ends with the next request."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.associations import (
    joined_rows,
    office_rows,
    standings,
    structure,
    structure_rows,
    telling,
)
from core.associations.member_rows import Member, Office
from core.associations.rows import Association, Household
from core.associations.rules import MemberUnknown, Standing
from core.callers import Caller
from core.etags import check_etag
from core.japan import today
from core.my_number import refuse_my_number


def end_membership(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    member_id: str,
    reason: str,
    now: datetime,
) -> Member:
    """End a membership, by the member or by who leads the group; only the chair ends an officer's.

    Raises MemberUnknown in the same words for one that is not there and one of an association of
    which the speaker is no member; NotInOffice, MyNumberRefused.
    """
    refuse_my_number(reason, field="reason")
    member = joined_rows.find_member(session, by.municipality, member_id)
    standing = standings.standing_in(
        session,
        by,
        external_id=external_id,
        association_id=member.association_id if member else "",
        now=now,
    )
    if member is None or standing is None:
        raise MemberUnknown("no such member")
    association = structure_rows.get(session, by.municipality, member.association_id, lock=True)
    session.refresh(member)
    if member.end_time is not None:
        raise MemberUnknown("no such member")
    own = standing.member_id == member.id
    if not own:
        household = structure_rows.find_household(session, by.municipality, member.household_id)
        standing.check_leads(household.group_id)
        _check_may_end(session, standing, [member], now)
    _end(session, by, association, [member], now, standing=standing, reason=reason, tell=not own)
    return member


def end_household(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    household_id: str,
    reason: str,
    etag: str,
    now: datetime,
) -> Household:
    """Take a household out of the association, with its members; only the chair ends an officer's.

    Raises HouseholdUnknown, NotInOffice, ChangedMeanwhile, MyNumberRefused.
    """
    refuse_my_number(reason, field="reason")
    household, standing = structure.household_known(
        session, by, external_id=external_id, household_id=household_id, now=now
    )
    standing.check_leads(household.group_id)
    association = structure_rows.get(session, by.municipality, household.association_id, lock=True)
    household = structure_rows.find_household(session, by.municipality, household_id, lock=True)
    check_etag(household.revision, etag)
    members = joined_rows.members_of_household(session, by.municipality, household.id)
    _check_may_end(session, standing, members, now)
    _end(session, by, association, members, now, standing=standing, reason=reason, tell=True)
    household.end_time = now
    household.care_time = None
    household.revision += 1
    joined_rows.end_invitations(session, by.municipality, household.id, now)
    events.record(
        session, by, "household.ended", household.id, now,
        details={"association": association.id, "members": str(len(members))},
        reason=reason, on_behalf_of=standing.member_id,
    )  # fmt: skip
    return household


def end_alone(session: Session, by: Caller, member: Member, now: datetime) -> None:
    """End a membership for which nobody speaks any more."""
    association = structure_rows.get(session, by.municipality, member.association_id, lock=True)
    standing = Standing(association.id, member.id, member.household_id)
    _end(session, by, association, [member], now, standing=standing, reason="", tell=False)


def end_offices(
    session: Session, by: Caller, association: Association, members: Sequence[Member], now: datetime
) -> None:
    """End what members hold, or would hold, with the next request, and tell them."""
    held = office_rows.going_on_of(
        session, by.municipality, [member.id for member in members], today(now)
    )
    for office in held:
        end_office(session, office, now)
        association.revision += 1
        events.record(
            session, by, "office.ended", office.id, now,
            details={
                "association": association.id, "kind": office.kind, "member": office.member_id,
            },
        )  # fmt: skip
        tell_ended(session, by, association, office, now)


def end_office(session: Session, office: Office, now: datetime) -> None:
    """End an office now; one that has not begun was never held, and is taken away."""
    office.end_date, office.end_time = today(now), now
    if office.never_began:
        session.delete(office)


def tell_ended(
    session: Session, by: Caller, association: Association, office: Office, now: datetime
) -> None:
    """Tell a member that an office ends; once for each last day."""
    telling.tell_members(
        session,
        by,
        [office.member_id],
        occasion=f"office.ended:{office.id}:{office.end_date.isoformat()}",
        event="OFFICE_ENDED",
        now=now,
        association=association.name,
        office=f"OFFICE_KIND_{office.kind.name}",
        begin_date=office.begin_date.isoformat(),
        end_date="" if office.never_began else office.end_date.isoformat(),
    )


def _check_may_end(
    session: Session, standing: Standing, members: Sequence[Member], now: datetime
) -> None:
    """Raise NotInOffice where members hold an office and neither chair nor staff ends it."""
    ids = [member.id for member in members]
    if ids and office_rows.going_on_of(session, members[0].municipality, ids, today(now)):
        standing.check_chair()


def _end(
    session: Session,
    by: Caller,
    association: Association,
    members: Sequence[Member],
    now: datetime,
    *,
    standing: Standing,
    reason: str,
    tell: bool,
) -> None:
    end_offices(session, by, association, members, now)
    for member in members:
        member.end_time = now
        joined_rows.end_links(session, by.municipality, member.id)
        events.record(
            session, by, "membership.ended", member.id, now,
            details={"association": association.id, "household": member.household_id},
            reason=reason or None, on_behalf_of=standing.member_id,
        )  # fmt: skip
        if tell:
            telling.tell_members(
                session,
                by,
                [member.id],
                occasion=f"membership.ended:{member.id}",
                event="MEMBERSHIP_ENDED",
                now=now,
                association=association.name,
                reason=reason,
            )
