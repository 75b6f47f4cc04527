"""What somebody's offices in an association let them do, on whichever channel they lead it."""

from collections.abc import Sequence
from dataclasses import dataclass

from todoke.v1 import circulars_pb2 as pb


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An association in which somebody holds offices, with what the core says they may do there.

    It shows and hides what there is to do; what may be done the core decides each time.
    """

    association: pb.Association
    groups: Sequence[pb.Group]
    """Those of which is seen who has read."""
    offices: Sequence[pb.Office]
    rights: pb.OfficerRights

    @property
    def chairs(self) -> bool:
        """Whether offices are theirs to give, to end and to hand over."""
        return self.rights.write_offices

    @property
    def leads(self) -> bool:
        """Whether it is the whole association that is led."""
        return self.rights.lead_all

    @property
    def writes(self) -> bool:
        """Whether the association is led, or a group of it."""
        return self.leads or bool(self.rights.led_group_ids)

    @property
    def chair(self) -> str:
        """What whoever is chair today is called, or nothing."""
        held = (one.display_name for one in self.offices if one.kind == pb.OFFICE_KIND_CHAIR)
        return next(held, "")

    @property
    def led_groups(self) -> list[pb.Group]:
        """The groups that circulars may be for."""
        return [one for one in self.groups if one.group_id in self.rights.led_group_ids]
