"""Offices from day to day: given, ended, handed over, and what holds with the next request."""

from datetime import date, timedelta

import pytest

from core import events
from core.callers import Role
from core.japan import today
from tests.core.associations.makers import (
    Neighbour,
    Neighbourhood,
    an_association,
    appoint,
    end_office,
    joins,
)
from tests.core.associations.test_joining import told
from tests.makers import a_request_id
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import Core, CoreError
from todoke.v1 import circulars_pb2 as pb

CHAIR, VICE = pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_VICE
HEAD, TREASURER = pb.OFFICE_KIND_GROUP_HEAD, pb.OFFICE_KIND_TREASURER


async def etag(core: Core, made: Neighbourhood, by: Neighbour | None = None) -> str:
    request = pb.GetAssociationRequest(
        speaker=by.speaker if by else None, association_id=made.association_id
    )
    return (await core.ask(core.circulars.GetAssociation, request)).association.association.etag


async def hand_over(
    core: Core,
    made: Neighbourhood,
    offices: list[pb.NewOffice],
    begin: date,
    *,
    by: Neighbour | None = None,
    read: str = "",
) -> list[pb.Office]:
    request = pb.HandOverOfficesRequest(
        speaker=by.speaker if by else None,
        association_id=made.association_id,
        offices=offices,
        begin_date=begin.isoformat(),
        end_date=(begin + timedelta(days=364)).isoformat(),
        etag=read or await etag(core, made, by),
        request_id=a_request_id(),
    )
    return list((await core.ask(core.circulars.HandOverOffices, request)).offices)


async def leads(line: Core, made: Neighbourhood, who: Neighbour) -> bool:
    """Whether somebody may keep a household of no group now."""
    request = pb.SaveHouseholdRequest(
        speaker=who.speaker, association_id=made.association_id,
        household=pb.Household(name="家"), request_id=a_request_id(),
    )  # fmt: skip
    try:
        await line.ask(line.circulars.SaveHousehold, request)
    except CoreError as refused:
        if refused.reason != "NOT_IN_OFFICE":
            raise
        return False
    return True


async def problem(awaited) -> str:
    with pytest.raises(CoreError) as raised:
        await awaited
    return raised.value.metadata.get("problem", raised.value.reason)


async def test_a_handover_is_one_step_that_holds_from_the_first_moment_of_its_day(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    old, new, group_id = made.chair, made.members[2], made.groups[0].group_id
    await appoint(a_town, line, made, made.members[1], VICE, by=old)
    first = today(a_town.clock()) + timedelta(days=1)
    to_come = [
        pb.NewOffice(kind=CHAIR, member_id=new.member_id),
        pb.NewOffice(kind=HEAD, member_id=old.member_id, group_id=group_id),
    ]

    stale = await problem(hand_over(line, made, to_come, first, by=old, read="1"))
    twice = [*to_come, pb.NewOffice(kind=CHAIR, member_id=old.member_id)]
    two_chairs = await problem(hand_over(line, made, twice, first, by=old))
    nobody = [*to_come, pb.NewOffice(kind=VICE, member_id=made.association_id)]
    unknown = await problem(hand_over(line, made, nobody, first, by=old))
    before = await etag(line, made, old)
    given = await hand_over(line, made, to_come, first, by=old)
    a_town.clock.now = a_town.clock.now.replace(hour=14, minute=59, second=59)
    the_evening = await leads(line, made, old), await leads(line, made, new)
    a_town.clock.pass_by(seconds=1)
    midnight = await leads(line, made, old), await leads(line, made, new)

    assert (stale, two_chairs, unknown) == ("CHANGED_MEANWHILE", "OVERLAPS", "MEMBER_UNKNOWN")
    assert before != await etag(line, made, new)
    assert [(one.kind, one.member_id, one.begin_date) for one in given] == [
        (CHAIR, new.member_id, first.isoformat()), (HEAD, old.member_id, first.isoformat()),
    ]  # fmt: skip
    assert (the_evening, midnight) == ((True, False), (False, True))
    assert not await leads(line, made, made.members[1])


async def test_an_office_that_is_ended_today_holds_for_no_request_after_that(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    vice = await appoint(a_town, line, made, made.plain, VICE, by=made.chair)

    before = await leads(line, made, made.plain)
    ended = await end_office(a_town, line, vice, by=made.chair)
    after = await leads(line, made, made.plain)
    again = await appoint(a_town, line, made, made.plain, VICE, by=made.chair)

    assert (before, after) == (True, False)
    assert ended.end_date == today(a_town.clock()).isoformat()
    assert again.office_id != vice.office_id
    assert await leads(line, made, made.plain)


@on_sqlite
async def test_dates_that_cannot_be_are_refused_each_by_its_name(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    day, who, group_id = today(a_town.clock()), made.plain, made.groups[0].group_id
    head = await appoint(a_town, staff, made, who, HEAD, group_id=group_id, days=30)

    async def given(kind: pb.OfficeKind.ValueType, **more) -> str:
        return await problem(appoint(a_town, staff, made, made.members[1], kind, **more))

    assert await given(CHAIR, begin=day + timedelta(days=364)) == "OVERLAPS"
    assert await given(HEAD, group_id=group_id, begin=day + timedelta(days=29)) == "OVERLAPS"
    assert await given(VICE, begin=day - timedelta(days=1)) == "PAST"
    assert await given(VICE, days=0) == "BACKWARDS"
    assert await given(VICE, days=3 * 365 + 3) == "TOO_LONG"
    assert await given(HEAD) == "FIELD_INVALID"
    assert await given(VICE, group_id=group_id) == "FIELD_INVALID"
    late = end_office(a_town, staff, head, day=day + timedelta(days=31))
    assert await problem(late) == "AFTER_END"
    past = end_office(a_town, staff, head, day=day - timedelta(days=1))
    assert await problem(past) == "PAST"
    # The day after is free, another group's head is another office, and vices may be several.
    await appoint(
        a_town, staff, made, made.members[1], HEAD, group_id=group_id,
        begin=day + timedelta(days=30), days=3 * 365,
    )  # fmt: skip
    await appoint(a_town, staff, made, who, HEAD, group_id=made.groups[1].group_id)
    for vice in made.members[:2]:
        await appoint(a_town, staff, made, vice, VICE)


@on_sqlite
async def test_a_chair_who_leaves_loses_the_office_and_is_told_and_the_section_sees_it(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    chair, name = made.chair, "花子"
    coming = await appoint(
        a_town, line, made, chair, TREASURER, by=chair,
        begin=today(a_town.clock()) + timedelta(days=5),
    )  # fmt: skip
    await told(line, 6)
    leave = pb.EndMembershipRequest(
        speaker=chair.speaker, member_id=chair.member_id, request_id=a_request_id()
    )

    left = await line.ask(line.circulars.EndMembership, leave)
    repeated = await line.ask(line.circulars.EndMembership, leave)
    listed = await staff.ask(staff.circulars.ListAssociations, pb.ListAssociationsRequest())
    request = pb.ListOfficesRequest(association_id=made.association_id)
    offices = (await staff.ask(staff.circulars.ListOffices, request)).offices
    log = await a_town.read(lambda s: events.after(s, MUNICIPALITY, 0, 1000))

    assert left == repeated
    assert [one.leaderless for one in listed.associations] == [True]
    assert [(one.kind, one.display_name) for one in offices] == [(CHAIR, name)]
    heard = [
        (to, said["event"], said["office"], "end_date" in said) for to, said in await told(line, 2)
    ]
    ended = "ASSOCIATION_EVENT_OFFICE_ENDED"
    assert heard == [
        (chair.external_id, ended, "OFFICE_KIND_CHAIR", True),
        (chair.external_id, ended, "OFFICE_KIND_TREASURER", False),
    ]
    assert [one.subject for one in log if one.kind == "office.ended"] == [
        offices[0].office_id, coming.office_id,
    ]  # fmt: skip
    assert [one.on_behalf_of for one in log if one.kind == "membership.ended"] == [chair.member_id]


@on_sqlite
async def test_a_household_that_leaves_takes_its_members_along(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    house, plain = made.households[3], made.plain
    second = await joins(a_town, staff, line, made, house.household_id)
    await told(line, 6)

    await line.ask(
        line.circulars.EndHousehold,
        pb.EndHouseholdRequest(
            speaker=made.chair.speaker, household_id=house.household_id, reason="転居",
            etag=house.etag, request_id=a_request_id(),
        ),
    )  # fmt: skip
    heard = await told(line, 2)

    for who in (plain, second):
        request = pb.ListMembershipsRequest(speaker=who.speaker)
        assert not (await line.ask(line.circulars.ListMemberships, request)).memberships
    assert {(to, said["event"], said["reason"]) for to, said in heard} == {
        (who.external_id, "ASSOCIATION_EVENT_MEMBERSHIP_ENDED", "転居") for who in (plain, second)
    }
