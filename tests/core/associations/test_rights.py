"""Who may do what: each RPC from the own client of each role, and what nobody may know of."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from google.protobuf.message import Message

from core.callers import Role
from tests.core.associations.asked import (
    all_members,
    appointment,
    association_of,
    end_household,
    end_membership,
    ending,
    get,
    group,
    handover,
    house_of,
    household,
    households,
    invitation,
    members,
    offices,
    refuse,
    requests,
)
from tests.core.associations.makers import an_association
from tests.core.associations.scene import NOBODYS, ROLES, Scene, a_scene
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

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
async def test_an_officer_is_told_what_their_offices_let_them_do(a_town: Town) -> None:
    scene = await a_scene(a_town)
    first, second = (group.group_id for group in scene.made.groups)
    found = {}

    for role in ("chair", "vice", "head", "treasurer"):
        asked = get(scene, scene.made.association_id)
        asked.speaker.CopyFrom(scene.roles[role])
        answer = await scene.line.ask(scene.line.circulars.GetAssociation, asked)
        rights = answer.rights
        found[role] = (rights.write_offices, rights.lead_all, set(rights.led_group_ids))

    assert found == {
        "chair": (True, True, {first, second}),
        "vice": (False, True, {first, second}),
        "head": (False, False, {first}),
        "treasurer": (False, False, set()),
    }


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
