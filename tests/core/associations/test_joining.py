"""Codes, who asks by them, who joins, and where else a member goes on."""

import pytest
from google.protobuf.json_format import MessageToDict

from core.callers import Role
from tests.adapter import an_adapter
from tests.core.associations.makers import (
    Neighbour,
    an_association,
    ask_to_join,
    decide,
    invite,
    joins,
)
from tests.core.records.makers import traces
from tests.makers import a_contact, a_request_id
from tests.town import Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.dispatches_pb2 import OUTCOME_RESULT_ACCEPTED
from todoke.v1.residents_pb2 import Speaker

A_MY_NUMBER = "1234-5678-9018"


async def refused(line: Core, external_id: str, code: str, name: str = "花子") -> CoreError:
    with pytest.raises(CoreError) as raised:
        await ask_to_join(line, external_id, code, name)
    return raised.value


async def told(line: Core, number: int) -> list[tuple[str, dict[str, str]]]:
    """Return what is sent next: to whom, and what."""
    heard = []
    async with an_adapter(line) as adapter:
        for _ in range(number):
            adapter.ready(1)
            sent = await adapter.dispatch()
            adapter.report(sent, OUTCOME_RESULT_ACCEPTED)
            assert await adapter.taken()
            said = MessageToDict(sent.association, preserving_proto_field_name=True)
            heard.append((sent.recipients[0], said))
    return heard


async def memberships(line: Core, external_id: str) -> list[pb.Membership]:
    request = pb.ListMembershipsRequest(speaker=Speaker(external_id=external_id))
    answer = await line.ask(line.circulars.ListMemberships, request)
    return list(answer.memberships)


async def begin_link(line: Core, who: Neighbour) -> str:
    request = pb.BeginMemberLinkRequest(
        speaker=who.speaker, member_id=who.member_id, request_id=a_request_id()
    )
    return (await line.ask(line.circulars.BeginMemberLink, request)).code


async def complete_link(core: Core, external_id: str, code: str) -> pb.Membership:
    request = pb.CompleteMemberLinkRequest(
        speaker=Speaker(external_id=external_id), code=code, request_id=a_request_id()
    )
    return (await core.ask(core.circulars.CompleteMemberLink, request)).membership


async def test_a_code_is_good_for_a_family_and_a_leader_confirms_each(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    chair, house = made.chair, made.households[2].household_id
    await told(line, 5)
    mother, son = await a_contact(a_town, line), await a_contact(a_town, line)

    code = await invite(line, made.association_id, chair, household_id=house)
    first = await ask_to_join(line, mother.external_id, code.lower(), "母")
    second = await ask_to_join(line, son.external_id, code, "息子")
    again = await ask_to_join(line, son.external_id, code, "太郎")
    joined = await decide(line, first.join_request_id, house, chair)
    refusal = await decide(line, second.join_request_id, "", chair)
    with pytest.raises(CoreError) as decided:
        await decide(line, second.join_request_id, house, chair)

    assert (again.join_request_id, again.display_name) == (second.join_request_id, "太郎")
    assert (joined.member.display_name, joined.member.household_id) == ("母", house)
    assert joined.member.channel == "line"
    assert not refusal.HasField("member")
    assert (decided.value.reason, decided.value.metadata["state"]) == (
        "JOIN_REQUEST_DECIDED", "refused",
    )  # fmt: skip
    assert [one.household.household_id for one in await memberships(line, mother.external_id)] == [
        house
    ]
    assert await memberships(line, son.external_id) == []
    name = {
        "association": first_name(await memberships(line, chair.external_id)),
        "language": "ja",
    }
    # What leaders were asked is taken back once it is decided; each answer is told once.
    assert await told(line, 2) == [
        (mother.external_id, {"event": "ASSOCIATION_EVENT_JOIN_CONFIRMED", **name}),
        (son.external_id, {"event": "ASSOCIATION_EVENT_JOIN_REFUSED", **name}),
    ]
    assert await a_town.read(lambda s: traces(s, code, "太郎")) <= {
        "answers.response", "join_requests.display_name",
    }  # fmt: skip


def first_name(found: list[pb.Membership]) -> str:
    return found[0].association.name


@on_sqlite
async def test_leaders_are_told_once_who_asks_to_join(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    await told(line, 5)
    asking = await a_contact(a_town, line)

    code = await invite(staff, made.association_id, group_id=made.groups[0].group_id)
    await ask_to_join(line, asking.external_id, code, "花子")
    await ask_to_join(line, asking.external_id, code, "花子")
    code = await invite(staff, made.association_id)
    other = await a_contact(a_town, line)
    await ask_to_join(line, other.external_id, code, "次郎")

    heard = await told(line, 2)
    assert [(to, said["event"], said["person"]) for to, said in heard] == [
        (made.chair.external_id, "ASSOCIATION_EVENT_JOIN_REQUESTED", "花子"),
        (made.chair.external_id, "ASSOCIATION_EVENT_JOIN_REQUESTED", "次郎"),
    ]


@on_sqlite
async def test_whatever_is_wrong_with_a_code_the_answer_is_the_same_and_guessing_ends(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    asking = (await a_contact(a_town, line)).external_id
    gone = made.households[3]
    late = await invite(staff, made.association_id, days=1)
    of_gone = await invite(staff, made.association_id, household_id=gone.household_id, days=9)
    end = pb.EndHouseholdRequest(
        household_id=gone.household_id, reason="転居", etag=gone.etag, request_id=a_request_id()
    )
    await staff.ask(staff.circulars.EndHousehold, end)
    link = await begin_link(line, made.chair)
    sound = await invite(staff, made.association_id)
    a_town.clock.pass_by(days=1)

    found = [await refused(line, asking, code) for code in (late, of_gone, link, "34679", "x")]
    too_many = await refused(line, asking, sound)

    assert {(one.reason, str(one)) for one in found} == {("INVITATION_REFUSED", str(found[0]))}
    assert too_many.reason == "TOO_MANY_ATTEMPTS"


@on_sqlite
async def test_a_my_number_is_refused_in_every_name_and_remark(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    asking = await a_contact(a_town, line)
    id, house = made.association_id, made.households[3]
    code = await invite(staff, id)
    office = pb.EndOfficeRequest(
        office_id=(await _held(line, made.chair)).office_id, end_date="2026-11-24",
        reason=A_MY_NUMBER, request_id=a_request_id(),
    )  # fmt: skip
    wrong = pb.Household(name="家", address=A_MY_NUMBER)
    asked = [
        (staff.circulars.SaveAssociation, pb.SaveAssociationRequest(
            association=pb.Association(number="99", name=A_MY_NUMBER), request_id=a_request_id())),
        (staff.circulars.SaveGroup, pb.SaveGroupRequest(
            association_id=id, group=pb.Group(name=A_MY_NUMBER), request_id=a_request_id())),
        (staff.circulars.SaveHousehold, pb.SaveHouseholdRequest(
            association_id=id, household=wrong, request_id=a_request_id())),
        (staff.circulars.EndHousehold, pb.EndHouseholdRequest(
            household_id=house.household_id, reason=A_MY_NUMBER, etag=house.etag,
            request_id=a_request_id())),
        (staff.circulars.EndOffice, office),
    ]  # fmt: skip

    reasons = []
    for method, request in asked:
        with pytest.raises(CoreError) as raised:
            await staff.ask(method, request)
        reasons.append(raised.value.reason)
    reasons.append((await refused(line, asking.external_id, code, A_MY_NUMBER)).reason)

    assert set(reasons) == {"MY_NUMBER_REFUSED"}


async def _held(line: Core, who: Neighbour) -> pb.Office:
    return (await memberships(line, who.external_id))[0].offices[0]


@on_sqlite
async def test_a_member_goes_on_in_another_place_by_a_code_that_is_used_once(
    a_town: Town,
) -> None:
    staff, line, web = (
        await a_town.staff(Role.ASSOCIATIONS), await a_town.channel(), await a_town.channel("web"),
    )  # fmt: skip
    made = await an_association(a_town, staff, line)
    desk, other = await a_contact(a_town, web), await a_contact(a_town, web)

    old = await begin_link(line, made.chair)
    code = await begin_link(line, made.chair)
    membership = await complete_link(web, desk.external_id, code)
    for stale in (old, code):
        with pytest.raises(CoreError) as raised:
            await complete_link(web, other.external_id, stale)
        assert raised.value.reason == "INVITATION_REFUSED"
    late = await begin_link(line, made.chair)
    a_town.clock.pass_by(minutes=10)
    with pytest.raises(CoreError):
        await complete_link(web, other.external_id, late)

    assert membership.member_id == made.chair.member_id
    assert [office.kind for office in membership.offices] == [pb.OFFICE_KIND_CHAIR]
    shown = await web.ask(
        web.circulars.GetAssociation,
        pb.GetAssociationRequest(
            speaker=Speaker(external_id=desk.external_id), association_id=made.association_id
        ),
    )
    assert shown.association.households == 4


@on_sqlite
async def test_who_is_a_member_already_goes_over_and_the_office_does_not(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    house = made.households[3].household_id

    moved = await joins(
        a_town, staff, line, made, house, external_id=made.chair.external_id, name="花子"
    )

    [membership] = await memberships(line, made.chair.external_id)
    assert moved.member_id == made.chair.member_id
    assert membership.household.household_id == house
    assert list(membership.offices) == []


@on_sqlite
async def test_a_household_consents_to_be_looked_after_for_itself_alone(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)

    def wish(household_id: str, *, consented: bool) -> pb.SetCareRequest:
        return pb.SetCareRequest(
            speaker=made.plain.speaker, household_id=household_id, consented=consented,
            request_id=a_request_id(),
        )  # fmt: skip

    own = made.plain.household_id
    given = await line.ask(line.circulars.SetCare, wish(own, consented=True))
    ended = await line.ask(line.circulars.SetCare, wish(own, consented=False))
    with pytest.raises(CoreError) as raised:
        await line.ask(line.circulars.SetCare, wish(made.chair.household_id, consented=True))

    assert (given.membership.care_consent, ended.membership.care_consent) == (True, False)
    assert raised.value.reason == "MEMBER_UNKNOWN"
