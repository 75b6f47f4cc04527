"""An association with somebody in each role, and what others may ask of it."""

from dataclasses import dataclass, field

from core.callers import Role
from tests.core.associations.makers import (
    Neighbour,
    Neighbourhood,
    an_association,
    appoint,
    ask_to_join,
    end_office,
    invite,
    joins,
)
from tests.makers import a_contact
from tests.town import Town
from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

NOBODYS = "01900000-0000-7000-8000-000000000000"
ROLES = (
    "chair", "vice", "head", "other_head", "treasurer", "plain", "stale", "foreign", "stranger",
)  # fmt: skip


@dataclass
class Scene:
    """An association with somebody in each role, and another one."""

    town: Town
    staff: Core
    line: Core
    made: Neighbourhood
    other: Neighbourhood
    roles: dict[str, Speaker]
    house: pb.Household
    """Of the first group, and not the chair's."""
    resident: Neighbour
    wish: pb.JoinRequest
    office: pb.Office
    stale: Neighbour
    """Held an office until today."""
    ids: dict[str, str] = field(default_factory=dict)
    """Further things of the association, by name."""


async def a_scene(town: Town) -> Scene:
    staff, line = await town.staff(Role.ASSOCIATIONS), await town.channel()
    made, other = await an_association(town, staff, line), await an_association(town, staff, line)
    first, second = (group.group_id for group in made.groups)
    house = made.households[1]

    async def one(
        kind: pb.OfficeKind.ValueType | None, group_id: str = "", home: int = 0
    ) -> Neighbour:
        who = await joins(town, staff, line, made, made.households[home].household_id)
        if kind is not None:
            await appoint(town, staff, made, who, kind, group_id=group_id)
        return who

    roles = {
        "chair": made.chair,
        "vice": await one(pb.OFFICE_KIND_VICE),
        "head": await one(pb.OFFICE_KIND_GROUP_HEAD, first),
        "other_head": await one(pb.OFFICE_KIND_GROUP_HEAD, second, home=2),
        "treasurer": await one(pb.OFFICE_KIND_TREASURER),
        "plain": await one(None),
        "stale": await one(None),
        "foreign": other.chair,
    }
    stale = await appoint(town, staff, made, roles["stale"], pb.OFFICE_KIND_VICE)
    await end_office(town, staff, stale)
    office = await appoint(town, staff, made, made.members[3], pb.OFFICE_KIND_TREASURER)
    code = await invite(staff, made.association_id, household_id=house.household_id)
    asking, stranger = await a_contact(town, line), await a_contact(town, line)
    return Scene(
        town, staff, line, made, other,
        {name: who.speaker for name, who in roles.items()}
        | {"stranger": Speaker(external_id=stranger.external_id)},
        house,
        made.members[1],
        await ask_to_join(line, asking.external_id, code),
        office,
        roles["stale"],
    )  # fmt: skip
