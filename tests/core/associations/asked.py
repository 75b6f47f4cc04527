"""What is asked of an association, by the id of whose it is; sound but for who asks."""

from datetime import timedelta

from google.protobuf.message import Message

from core.japan import today
from tests.core.associations.scene import NOBODYS, Scene
from tests.makers import a_request_id
from todoke.v1 import circulars_pb2 as pb


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
