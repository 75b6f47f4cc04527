"""Who may do what in an association: offices, and what each may."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import AlreadyThere, NotAllowed, NotFound


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


class NotInOffice(NotAllowed):
    reason = "NOT_IN_OFFICE"


LEADERS = frozenset({OfficeKind.CHAIR, OfficeKind.VICE})
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

    def check_chair(self) -> None:
        """Raise NotInOffice unless by the chair or staff."""
        if not (self.is_staff or OfficeKind.CHAIR in self.kinds):
            raise NotInOffice("the association's chair does this", needed="chair")

    def check_leads_all(self) -> None:
        """Raise NotInOffice unless by chair, vice or staff."""
        if not (self.is_staff or self.leads_all):
            raise NotInOffice("the association's chair or vice does this", needed="chair")

    def leads(self, group_id: str) -> bool:
        """Whether a group is led: by chair, vice, staff or its head."""
        return self.is_staff or self.leads_all or (bool(group_id) and group_id in self.groups)

    def check_leads(self, group_id: str) -> None:
        """Raise NotInOffice unless the group is led."""
        if not self.leads(group_id):
            raise NotInOffice("who leads the group does this", needed="group_head")
