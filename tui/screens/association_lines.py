"""An association as lines under headings: offices, who asks to join, households by group."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from todoke.v1 import circulars_pb2 as pb
from tui import formats
from tui.wording import Words

CHAIR, HEAD = pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_GROUP_HEAD


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, or one thing: which it is tells the field that is set.

    `vacant` is an office that nobody holds today; `group` alone is the heading of a group.
    """

    key: str
    label: str = ""
    is_head: bool = False
    office: pb.Office | None = None
    vacant: pb.NewOffice | None = None
    request: pb.JoinRequest | None = None
    household: pb.HouseholdSummary | None = None
    group: pb.Group | None = None


@dataclass(slots=True)
class Whole:
    """What was read of an association, but for its households."""

    told: pb.GetAssociationResponse = field(default_factory=pb.GetAssociationResponse)
    to_come: list[pb.Office] = field(default_factory=list)
    requests: list[pb.JoinRequest] = field(default_factory=list)
    shown_groups: int = 0
    """Of how many groups the heading stands already."""

    @property
    def association(self) -> pb.Association:
        return self.told.association.association

    @property
    def groups(self) -> Sequence[pb.Group]:
        return self.told.groups

    def group_named(self, group_id: str) -> str:
        return next((one.name for one in self.groups if one.group_id == group_id), "")


def beginning(words: Words, whole: Whole) -> Iterator[Line]:
    """Yield what stands before the households: what is vacant or ends soon stands first."""
    yield Line("offices", words("section.offices"), is_head=True)
    held = whole.told.offices
    chairs = [one for one in held if one.kind == CHAIR]
    if not chairs:
        yield Line("vacant:", vacant=pb.NewOffice(kind=CHAIR))
    led = {one.group_id for one in held if one.kind == HEAD}
    for group in whole.groups:
        if group.group_id not in led:
            vacant = pb.NewOffice(kind=HEAD, group_id=group.group_id)
            yield Line(f"vacant:{group.group_id}", vacant=vacant)
    for office in sorted(held, key=lambda one: (one.end_date, one.kind)):
        yield Line(office.office_id, office=office)
    for office in sorted(whole.to_come, key=lambda one: (one.begin_date, one.kind)):
        yield Line(office.office_id, office=office)
    if whole.requests:
        yield Line("requests", words("section.join_requests"), is_head=True)
        for request in whole.requests:
            yield Line(request.join_request_id, request=request)


def of_households(
    words: Words, whole: Whole, households: Iterable[pb.HouseholdSummary], *, ended: bool
) -> Iterator[Line]:
    """Yield households, in the order of the round, each group's heading before its first."""
    order = [one.group_id for one in whole.groups]
    for one in households:
        id = one.household.group_id
        reached = order.index(id) + 1 if id in order else len(order) + 1
        yield from _heads(words, whole, reached)
        yield Line(one.household.household_id, household=one)
    if ended:
        yield from _heads(words, whole, len(order))


def _heads(words: Words, whole: Whole, reached: int) -> Iterator[Line]:
    """Yield the headings up to a group, those of groups without households among them."""
    while whole.shown_groups < reached:
        at, whole.shown_groups = whole.shown_groups, whole.shown_groups + 1
        if at < len(whole.groups):
            group = whole.groups[at]
            label = words("section.group", name=formats.plain(group.name))
            yield Line(group.group_id, label, is_head=True, group=group)
        else:
            yield Line("no_group", words("section.no_group"), is_head=True)


def office_named(words: Words, whole: Whole, office: pb.Office | pb.NewOffice) -> str:
    """Name an office, with its group where it leads one."""
    name = words(f"office.{pb.OfficeKind.Name(office.kind)}")
    group = whole.group_named(office.group_id)
    return words("office_of_group", group=formats.plain(group), office=name) if group else name
