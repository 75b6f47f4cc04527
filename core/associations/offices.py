"""Offices are given, end, and are handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from core import events
from core.associations import (
    joined_rows,
    leaving,
    office_rows,
    standings,
    structure_rows,
    telling,
)
from core.associations.member_rows import Member, Office
from core.associations.rows import Association
from core.associations.rules import (
    ONE_HOLDER,
    MemberUnknown,
    OfficeDatesRefused,
    OfficeKind,
    OfficeUnknown,
    Standing,
    check_dates,
)
from core.callers import Caller
from core.etags import check_etag
from core.ids import new_id
from core.japan import today
from core.my_number import refuse_my_number


@dataclass(frozen=True, slots=True)
class NewOffice:
    """An office to be given; `group_id` is that of a group head."""

    kind: OfficeKind
    group_id: str
    member_id: str


def appoint(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    association_id: str,
    new: NewOffice,
    begin: date,
    end: date,
    now: datetime,
) -> tuple[Office, Member]:
    """Give a member an office; return it with who holds it.

    Raises AssociationUnknown, GroupUnknown, MemberUnknown, NotInOffice, OfficeDatesRefused.
    """
    association, standing = standings.of_association(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    standing.check_chair()
    check_dates(begin, end, today(now))
    association = structure_rows.get(session, by.municipality, association_id, lock=True)
    given = _give(session, by, association, standing, new=new, begin=begin, end=end, now=now)
    association.revision += 1
    return given


def end(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    office_id: str,
    last_day: date,
    reason: str,
    now: datetime,
) -> tuple[Office, Member]:
    """End an office on a day, sooner than it would; today means from the next request on.

    Raises OfficeUnknown in the same words for one that is not there and one of an association of
    which the speaker is no member; NotInOffice, OfficeDatesRefused, MyNumberRefused.
    """
    refuse_my_number(reason, field="reason")
    office = office_rows.find(session, by.municipality, office_id)
    standing = standings.standing_in(
        session,
        by,
        external_id=external_id,
        association_id=office.association_id if office else "",
        now=now,
    )
    if office is None or standing is None:
        raise OfficeUnknown("no such office")
    standing.check_chair()
    association = structure_rows.get(session, by.municipality, office.association_id, lock=True)
    session.refresh(office)
    day = today(now)
    if last_day < day or office.end_date < day or office.end_time is not None:
        raise OfficeDatesRefused("the day, or the office, is over", problem="PAST")
    if last_day > office.end_date:
        raise OfficeDatesRefused("the office ends before that day", problem="AFTER_END")
    holder = session.get_one(Member, (by.municipality, office.member_id))
    _shorten(session, office, last_day, at_once=last_day == day, now=now)
    association.revision += 1
    _record_ended(session, by, standing, office, now, reason=reason)
    leaving.tell_ended(session, by, association, office, now)
    return office, holder


def hand_over(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    association_id: str,
    new: Sequence[NewOffice],
    begin: date,
    end: date,
    etag: str,
    now: datetime,
) -> list[tuple[Office, Member]]:
    """Pass all offices on from a first day; those held before end the day before. All, or none.

    Raises AssociationUnknown, GroupUnknown, MemberUnknown, NotInOffice, OfficeDatesRefused,
    ChangedMeanwhile.
    """
    association, standing = standings.of_association(
        session, by, external_id=external_id, association_id=association_id, now=now
    )
    standing.check_chair()
    check_dates(begin, end, today(now))
    association = structure_rows.get(session, by.municipality, association_id, lock=True)
    check_etag(association.revision, etag)
    _end_before(session, by, association, standing, new=new, begin=begin, now=now)
    given = [
        _give(session, by, association, standing, new=one, begin=begin, end=end, now=now)
        for one in new
    ]
    association.revision += 1
    events.record(
        session, by, "offices.handed_over", association.id, now,
        details={"begin": begin.isoformat(), "offices": str(len(given))},
        on_behalf_of=standing.member_id,
    )  # fmt: skip
    return given


def _end_before(
    session: Session,
    by: Caller,
    association: Association,
    standing: Standing,
    *,
    new: Sequence[NewOffice],
    begin: date,
    now: datetime,
) -> None:
    """End the offices that go on beyond a day; who stays in theirs is told nothing."""
    staying = {(one.kind, one.group_id, one.member_id) for one in new}
    last_day, at_once = begin - timedelta(days=1), begin == today(now)
    for office in office_rows.going_on(session, association, begin):
        _shorten(session, office, last_day, at_once=at_once, now=now)
        _record_ended(session, by, standing, office, now)
        if (office.kind, office.group_id, office.member_id) not in staying:
            leaving.tell_ended(session, by, association, office, now)
    session.flush()


def _give(
    session: Session,
    by: Caller,
    association: Association,
    standing: Standing,
    *,
    new: NewOffice,
    begin: date,
    end: date,
    now: datetime,
) -> tuple[Office, Member]:
    member = _holder(session, association, new, begin, end)
    office = Office(
        municipality=by.municipality,
        id=new_id(),
        association_id=association.id,
        kind=new.kind,
        group_id=new.group_id,
        member_id=member.id,
        begin_date=begin,
        end_date=end,
    )
    session.add(office)
    session.flush()
    events.record(
        session, by, "office.given", office.id, now,
        details={
            "association": association.id, "kind": office.kind, "member": member.id,
            "begin": begin.isoformat(), "end": end.isoformat(),
        },
        on_behalf_of=standing.member_id,
    )  # fmt: skip
    _tell_given(session, by, association, office, now)
    return office, member


def _holder(
    session: Session, association: Association, new: NewOffice, begin: date, end: date
) -> Member:
    """Return whom an office is given to, where it is free on these days."""
    if new.group_id:
        structure_rows.get_group(session, association, new.group_id)
    member = joined_rows.find_member(session, association.municipality, new.member_id)
    if member is None or member.association_id != association.id:
        raise MemberUnknown("no such member")
    # Several may be vice or treasurer, but nobody the same twice.
    of_member = "" if new.kind in ONE_HOLDER else member.id
    if office_rows.overlapping(
        session, association, new.kind, new.group_id, begin=begin, end=end, member_id=of_member
    ):
        raise OfficeDatesRefused("the office is held on some of these days", problem="OVERLAPS")
    return member


def _tell_given(
    session: Session, by: Caller, association: Association, office: Office, now: datetime
) -> None:
    telling.tell_members(
        session,
        by,
        [office.member_id],
        occasion=f"office.given:{office.id}",
        event="OFFICE_GIVEN",
        now=now,
        association=association.name,
        office=f"OFFICE_KIND_{office.kind.name}",
        begin_date=office.begin_date.isoformat(),
        end_date=office.end_date.isoformat(),
    )


def _shorten(
    session: Session, office: Office, last_day: date, *, at_once: bool, now: datetime
) -> None:
    """Let an office end on a day, or with the next request; one that never begins is taken away."""
    if last_day < office.begin_date or (at_once and last_day == today(now)):
        leaving.end_office(session, office, now)
        return
    office.end_date = last_day
    if at_once:
        office.end_time = now


def _record_ended(
    session: Session,
    by: Caller,
    standing: Standing,
    office: Office,
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    events.record(
        session, by, "office.ended", office.id, now,
        details={
            "association": office.association_id, "kind": office.kind,
            "member": office.member_id, "end": office.end_date.isoformat(),
        },
        reason=reason, on_behalf_of=standing.member_id,
    )  # fmt: skip
