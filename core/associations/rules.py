"""Who may do what in an association: offices, and what each may."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import AlreadyThere, BadRequest, NotAllowed, NotFound, NotNow


class OfficeKind(StrEnum):
    """An office of an association."""

    CHAIR = "chair"
    VICE = "vice"
    GROUP_HEAD = "group_head"
    TREASURER = "treasurer"


class JoinState(StrEnum):
    """Where a request to join is."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class AssociationUnknown(NotFound):
    reason = "ASSOCIATION_UNKNOWN"


class AssociationExists(AlreadyThere):
    reason = "ASSOCIATION_EXISTS"


class GroupUnknown(NotFound):
    reason = "GROUP_UNKNOWN"


class HouseholdUnknown(NotFound):
    reason = "HOUSEHOLD_UNKNOWN"


class MemberUnknown(NotFound):
    reason = "MEMBER_UNKNOWN"


class OfficeUnknown(NotFound):
    reason = "OFFICE_UNKNOWN"


class JoinRequestUnknown(NotFound):
    reason = "JOIN_REQUEST_UNKNOWN"


class JoinRequestDecided(NotNow):
    reason = "JOIN_REQUEST_DECIDED"


class InvitationRefused(NotNow):
    """Unknown, past its end, or for what has left; which of them is not told."""

    reason = "INVITATION_REFUSED"


class OfficeDatesRefused(NotNow):
    reason = "OFFICE_DATES_REFUSED"


class FieldRefused(BadRequest):
    reason = "FIELD_INVALID"


class NotInOffice(NotAllowed):
    reason = "NOT_IN_OFFICE"


LEADERS = frozenset({OfficeKind.CHAIR, OfficeKind.VICE})
ONE_HOLDER = frozenset({OfficeKind.CHAIR, OfficeKind.GROUP_HEAD})
"""Offices that one person holds at a time: of the association, or of a group."""

OFFICE_YEARS = 3
SEE_ALL = LEADERS | {OfficeKind.TREASURER}


@dataclass(frozen=True, slots=True)
class Held:
    """An office that is held today; `group_id` is that of a group head."""

    kind: OfficeKind
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is in an association now: one of its members, or staff of the city's section.

    It is asked anew in every request; nothing of it is kept.
    """

    association_id: str
    member_id: str = ""
    household_id: str = ""
    offices: frozenset[Held] = frozenset()
    is_staff: bool = False

    @property
    def kinds(self) -> frozenset[OfficeKind]:
        return frozenset(held.kind for held in self.offices)

    @property
    def leads_all(self) -> bool:
        """Whether the whole association is led: by its chair or vice."""
        return bool(self.kinds & LEADERS)

    @property
    def groups(self) -> frozenset[str]:
        """The groups that are led as their head."""
        return frozenset(
            held.group_id for held in self.offices if held.kind is OfficeKind.GROUP_HEAD
        )

    def check_sees(self) -> None:
        """Raise NotInOffice unless something of the structure may be seen."""
        if not (self.is_staff or self.offices):
            raise NotInOffice("the association's officers see this", needed="officer")

    def sees(self, group_id: str) -> bool:
        """Whether a group's households may be seen; an empty id is that of those in no group."""
        return self.is_staff or bool(self.kinds & SEE_ALL) or group_id in self.groups

    @property
    def seen_groups(self) -> frozenset[str] | None:
        """The groups of which the households may be seen; None for all of the association."""
        return None if self.is_staff or self.kinds & SEE_ALL else self.groups

    def check_sees_group(self, group_id: str) -> None:
        """Raise NotInOffice unless a group's households may be seen."""
        if not self.sees(group_id):
            raise NotInOffice("the officers of the group see this", needed="group_head")

    @property
    def writes_offices(self) -> bool:
        """Whether offices may be given, ended and handed over."""
        return self.is_staff or OfficeKind.CHAIR in self.kinds

    def check_chair(self) -> None:
        """Raise NotInOffice unless by the chair or staff."""
        if not self.writes_offices:
            raise NotInOffice("the association's chair does this", needed="chair")

    def check_leads_all(self) -> None:
        """Raise NotInOffice unless by chair, vice or staff."""
        if not (self.is_staff or self.leads_all):
            raise NotInOffice("the association's chair or vice does this", needed="chair")

    def leads(self, group_id: str) -> bool:
        """Whether a group is led: by chair, vice, staff or its head."""
        return self.is_staff or self.leads_all or (bool(group_id) and group_id in self.groups)

    def check_leads_some(self) -> None:
        """Raise NotInOffice unless the association or one of its groups is led."""
        if not (self.is_staff or self.leads_all or self.groups):
            raise NotInOffice("who leads the group does this", needed="group_head")

    def check_leads(self, group_id: str) -> None:
        """Raise NotInOffice unless the group is led."""
        if not self.leads(group_id):
            raise NotInOffice("who leads the group does this", needed="group_head")


def check_dates(begin: date, end: date, today: date) -> None:
    """Raise OfficeDatesRefused unless an office may be given from day to day."""
    if begin < today:
        raise OfficeDatesRefused("the first day is over", problem="PAST")
    if end < begin:
        raise OfficeDatesRefused("the last day is before the first", problem="BACKWARDS")
    if end > _years_after(begin, OFFICE_YEARS):
        raise OfficeDatesRefused(
            f"an office is given for {OFFICE_YEARS} years at most", problem="TOO_LONG"
        )


def _years_after(day: date, years: int) -> date:
    """Return the same day years later, or the day before 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
