"""Who may do what: each RPC from the own client of each role, and what nobody may know of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message

from core.callers import Role
from core.japan import today
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
from tests.makers import a_contact, a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
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
    roles: dict[str, Speaker]
    house: pb.Household
    """Of the first group, and not the chair's."""
    resident: Neighbour
    wish: pb.JoinRequest
    office: pb.Office


async def a_scene(town: Town) -> Scene:
    staff, line = await town.staff(Role.ASSOCIATIONS), await town.channel()
    made, other = await an_association(town, staff, line), await an_association(town, staff, line)
    first, second = (group.group_id for group in made.groups)
    house = made.households[1]

    async def one(kind: pb.OfficeKind.ValueType | None, group_id: str = "") -> Neighbour:
        who = await joins(town, staff, line, made, made.households[0].household_id)
        if kind is not None:
            await appoint(town, staff, made, who, kind, group_id=group_id)
        return who

    roles = {
        "chair": made.chair,
        "vice": await one(pb.OFFICE_KIND_VICE),
        "head": await one(pb.OFFICE_KIND_GROUP_HEAD, first),
        "other_head": await one(pb.OFFICE_KIND_GROUP_HEAD, second),
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
        town, staff, line, made,
        {name: who.speaker for name, who in roles.items()}
        | {"stranger": Speaker(external_id=stranger.external_id)},
        house,
        made.members[1],
        await ask_to_join(line, asking.external_id, code),
        office,
    )  # fmt: skip


def get(scene: Scene, id: str) -> Message:
    return pb.GetAssociationRequest(association_id=id)


def offices(scene: Scene, id: str) -> Message:
    return pb.ListOfficesRequest(association_id=id)


def households(scene: Scene, id: str) -> Message:
    return pb.ListHouseholdsRequest(association_id=id)


def requests(scene: Scene, id: str) -> Message:
    return pb.ListJoinRequestsRequest(association_id=id)


def group(scene: Scene, id: str) -> Message:
    return pb.SaveGroupRequest(
        association_id=id, group=pb.Group(name=a_request_id()), request_id=a_request_id()
    )


def household(scene: Scene, id: str) -> Message:
    new = pb.Household(group_id=scene.house.group_id, name="新しい家")
    return pb.SaveHouseholdRequest(association_id=id, household=new, request_id=a_request_id())


def invitation(scene: Scene, id: str) -> Message:
    return pb.CreateInvitationRequest(
        association_id=id, household_id=scene.house.household_id, days=7,
        request_id=a_request_id(),
    )  # fmt: skip


def appointment(scene: Scene, id: str) -> Message:
    day = today(scene.town.clock()).isoformat()
    return pb.AppointOfficerRequest(
        association_id=id, begin_date=day, end_date=day, request_id=a_request_id(),
        office=pb.NewOffice(kind=pb.OFFICE_KIND_VICE, member_id=scene.resident.member_id),
    )  # fmt: skip


def handover(scene: Scene, id: str) -> Message:
    day = today(scene.town.clock()) + timedelta(days=100)
    return pb.HandOverOfficesRequest(
        association_id=id, begin_date=day.isoformat(), end_date=day.isoformat(), etag="stale",
        offices=[pb.NewOffice(kind=pb.OFFICE_KIND_CHAIR, member_id=scene.resident.member_id)],
        request_id=a_request_id(),
    )  # fmt: skip


def members(scene: Scene, id: str) -> Message:
    return pb.ListMembersRequest(household_id=id)


def all_members(scene: Scene, id: str) -> Message:
    return pb.ListMembersRequest(association_id=id)


def end_household(scene: Scene, id: str) -> Message:
    return pb.EndHouseholdRequest(
        household_id=id, reason="転居", etag="stale", request_id=a_request_id()
    )


def refuse(scene: Scene, id: str) -> Message:
    return pb.DecideJoinRequestRequest(
        join_request_id=id, confirmed=True, household_id=NOBODYS, request_id=a_request_id()
    )


def end_membership(scene: Scene, id: str) -> Message:
    return pb.EndMembershipRequest(member_id=id, reason="転居", request_id=a_request_id())


def ending(scene: Scene, id: str) -> Message:
    yesterday = today(scene.town.clock()) - timedelta(days=1)
    return pb.EndOfficeRequest(
        office_id=id, end_date=yesterday.isoformat(), reason="辞任", request_id=a_request_id()
    )


def association_of(scene: Scene) -> str:
    return scene.made.association_id


def house_of(scene: Scene) -> str:
    return scene.house.household_id


TABLE: dict[str, tuple[Callable[[Scene, str], Message], Callable[[Scene], str], str, str]] = {
    # By RPC: the request, the id of whose it is, its reason for an id that is nobody's, and what
    # each role is told, in the order of ROLES: + may, - is told of the office, ? knows of nothing.
    "GetAssociation": (get, association_of, "ASSOCIATION_UNKNOWN", "+++++--??"),
    "ListOffices": (offices, association_of, "ASSOCIATION_UNKNOWN", "+++++--??"),
    "ListHouseholds": (households, association_of, "ASSOCIATION_UNKNOWN", "+++++--??"),
    "ListJoinRequests": (requests, association_of, "ASSOCIATION_UNKNOWN", "+++++--??"),
    "SaveGroup": (group, association_of, "ASSOCIATION_UNKNOWN", "++-----??"),
    "SaveHousehold": (household, association_of, "ASSOCIATION_UNKNOWN", "+++----??"),
    "CreateInvitation": (invitation, association_of, "ASSOCIATION_UNKNOWN", "+++----??"),
    "AppointOfficer": (appointment, association_of, "ASSOCIATION_UNKNOWN", "+------??"),
    "HandOverOffices": (handover, association_of, "ASSOCIATION_UNKNOWN", "+------??"),
    "ListMembers": (members, house_of, "HOUSEHOLD_UNKNOWN", "+++-+--??"),
    "ListMembers of all": (all_members, association_of, "ASSOCIATION_UNKNOWN", "+++++--??"),
    "EndHousehold": (end_household, house_of, "HOUSEHOLD_UNKNOWN", "+++----??"),
    "DecideJoinRequest": (
        refuse, lambda scene: scene.wish.join_request_id, "JOIN_REQUEST_UNKNOWN", "+++----??",
    ),
    "EndOffice": (ending, lambda scene: scene.office.office_id, "OFFICE_UNKNOWN", "+------??"),
    "EndMembership": (
        end_membership, lambda scene: scene.resident.member_id, "MEMBER_UNKNOWN", "-------??",
    ),
}  # fmt: skip
"""Of the treasurer's appointed here, and of the member's, only who may not is asked."""


async def told(scene: Scene, rpc: str, request: Message, speaker: Speaker) -> CoreError | None:
    """Return how a request is refused; a request that is sound but for its rights is not."""
    request.speaker.CopyFrom(speaker)  # type: ignore[attr-defined]  # Each of these has one.
    name, _, _ = rpc.partition(" ")
    ask: Callable[..., Awaitable[Any]] = getattr(scene.line.circulars, name)
    try:
        await scene.line.ask(ask, request)  # type: ignore[arg-type]  # Found by its name.
    except CoreError as refused:
        return refused
    return None


@on_sqlite
async def test_each_role_may_what_the_table_says_and_nobody_else_knows_of_it(
    a_town: Town,
) -> None:
    scene = await a_scene(a_town)
    found: dict[str, str] = {}
    differing = []

    for rpc, (make, id_of, unknown, _) in TABLE.items():
        answers = ""
        for role in ROLES:
            if rpc == "EndMembership" and role in {"chair", "vice", "head"}:
                answers += "-"  # They may: asked below, since it ends.
                continue
            speaker = scene.roles[role]
            refused = await told(scene, rpc, make(scene, id_of(scene)), speaker)
            nobodys = await told(scene, rpc, make(scene, NOBODYS), speaker)
            if nobodys is None or nobodys.reason not in {unknown, "NOT_IN_OFFICE"}:
                differing.append((rpc, role))
            if refused is None or refused.reason not in {unknown, "NOT_IN_OFFICE"}:
                answers += "+"
            elif refused.reason == "NOT_IN_OFFICE":
                answers += "-"
            else:
                answers += "?"
                if (refused.code, str(refused), refused.metadata) != (
                    nobodys.code, str(nobodys), nobodys.metadata,
                ):  # fmt: skip
                    differing.append((rpc, role))
        found[rpc] = answers

    assert found == {rpc: expected for rpc, (*_, expected) in TABLE.items()}
    assert differing == []


@on_sqlite
async def test_a_group_head_sees_the_own_group_alone_and_counts_of_it_alone(a_town: Town) -> None:
    scene = await a_scene(a_town)
    head = scene.roles["head"]
    id = scene.made.association_id
    get = pb.GetAssociationRequest(speaker=head, association_id=id)
    shown = await scene.line.ask(scene.line.circulars.GetAssociation, get)
    listed = await scene.line.ask(
        scene.line.circulars.ListHouseholds,
        pb.ListHouseholdsRequest(speaker=head, association_id=id),
    )
    people = await scene.line.ask(
        scene.line.circulars.ListMembers, pb.ListMembersRequest(speaker=head, association_id=id)
    )
    own = {one.household.household_id for one in listed.households}
    assert {one.household_id for one in people.members} == own
    with pytest.raises(CoreError) as refused:
        await scene.line.ask(
            scene.line.circulars.ListHouseholds,
            pb.ListHouseholdsRequest(
                speaker=head, association_id=id, group_id=scene.made.groups[1].group_id
            ),
        )

    assert [group.name for group in shown.groups] == ["1班"]
    summary = shown.association
    assert (summary.groups, summary.households, summary.joined) == (1, 2, 2)
    assert [one.household.name for one in listed.households] == ["家11", "家12"]
    assert refused.value.reason == "NOT_IN_OFFICE"


@on_sqlite
async def test_a_membership_is_ended_by_its_leaders_an_officers_by_the_chair_alone(
    a_town: Town,
) -> None:
    scene = await a_scene(a_town)
    treasurer = (
        await scene.line.ask(
            scene.line.circulars.ListMemberships,
            pb.ListMembershipsRequest(speaker=scene.roles["treasurer"]),
        )
    ).memberships[0]

    by_vice = await told(
        scene, "EndMembership", end_membership(scene, treasurer.member_id), scene.roles["vice"]
    )
    by_chair = await told(
        scene, "EndMembership", end_membership(scene, treasurer.member_id), scene.roles["chair"]
    )
    by_head = await told(
        scene, "EndMembership", end_membership(scene, scene.resident.member_id),
        scene.roles["head"],
    )  # fmt: skip
    again = await told(
        scene, "EndMembership", end_membership(scene, scene.resident.member_id),
        scene.roles["head"],
    )  # fmt: skip

    assert by_vice is not None
    assert (by_vice.reason, by_vice.metadata["needed"]) == ("NOT_IN_OFFICE", "chair")
    assert (by_chair, by_head) == (None, None)
    assert again is not None
    assert again.reason == "MEMBER_UNKNOWN"


@on_sqlite
async def test_staff_without_the_section_reach_nothing_of_it(a_town: Town) -> None:
    made = await an_association(
        a_town, await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    )
    others = await a_town.staff(*(set(Role) - {Role.ASSOCIATIONS, Role.CHANNEL}))

    with pytest.raises(CoreError) as refused:
        await others.ask(
            others.circulars.GetAssociation,
            pb.GetAssociationRequest(association_id=made.association_id),
        )

    assert refused.value.reason == "CALLER_NOT_ALLOWED"
