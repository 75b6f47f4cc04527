"""What somebody's offices in an association let them do, on whichever channel they lead it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from todoke.v1 import circulars_pb2 as pb

LEADERS = {pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_VICE}
SEE_ALL = LEADERS | {pb.OFFICE_KIND_TREASURER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An association in which somebody holds offices.

    It shows and hides what there is to do; what may be done the core decides each time.
    """

    association: pb.Association
    groups: Sequence[pb.Group]
    offices: Sequence[pb.Office]
    mine: Collection[pb.OfficeKind.ValueType]
    my_groups: Collection[str]

    @property
    def chairs(self) -> bool:
        return pb.OFFICE_KIND_CHAIR in self.mine

    @property
    def leads(self) -> bool:
        """Whether it is the whole association that is led."""
        return not LEADERS.isdisjoint(self.mine)

    @property
    def writes(self) -> bool:
        return self.leads or pb.OFFICE_KIND_GROUP_HEAD in self.mine

    def may_change(self, circular: pb.Circular) -> bool:
        """Whether a circular, as GetCircular shows it, may be corrected or taken back.

        Whom another's is for, the head of a group is not told.
        """
        return self.writes and circular.HasField("targets")

    @property
    def led_groups(self) -> list[pb.Group]:
        """The groups that circulars may be for."""
        return [one for one in self.groups if self.leads or one.group_id in self.my_groups]

    @property
    def seen_groups(self) -> list[pb.Group]:
        """The groups of which is seen who has read."""
        sees_all = not SEE_ALL.isdisjoint(self.mine)
        return [one for one in self.groups if sees_all or one.group_id in self.my_groups]


def held_in(association_id: str, memberships: Iterable[pb.Membership]) -> list[pb.Office]:
    """Return the offices that memberships tell of in an association."""
    return [
        office
        for one in memberships
        if one.association.association_id == association_id
        for office in one.offices
    ]
