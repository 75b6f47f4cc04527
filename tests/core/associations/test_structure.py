"""What an association is made of, as the section and its officers keep and see it."""

from datetime import timedelta

from core.callers import Role
from core.japan import today
from tests.core.associations.makers import an_association, appoint, ask_to_join, invite
from tests.town import Town
from todoke.v1 import circulars_pb2 as pb


async def test_the_section_keeps_an_association_and_people_join_it(a_town: Town) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()

    made = await an_association(a_town, staff, line)
    shown = await line.ask(
        line.circulars.GetAssociation,
        pb.GetAssociationRequest(speaker=made.chair.speaker, association_id=made.association_id),
    )
    listed = await staff.ask(staff.circulars.ListAssociations, pb.ListAssociationsRequest())
    everybody = await staff.ask(
        staff.circulars.ListMembers, pb.ListMembersRequest(association_id=made.association_id)
    )

    summary = shown.association
    assert (summary.groups, summary.households, summary.joined) == (2, 4, 4)
    assert not summary.leaderless
    assert list(shown.groups) == made.groups
    assert [office.member_id for office in shown.offices] == [made.chair.member_id]
    assert [one.member_id for one in everybody.members] == [one.member_id for one in made.members]
    [told] = listed.associations
    assert (told.association, told.households, told.joined) == (summary.association, 4, 4)


async def test_the_section_sees_first_who_has_no_chair_and_then_whose_chair_ends_soonest(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    long, vacant, short = [await an_association(a_town, staff, line, chair=False) for _ in "123"]
    await appoint(a_town, staff, long, long.chair, pb.OFFICE_KIND_CHAIR, days=365)
    await appoint(a_town, staff, short, short.chair, pb.OFFICE_KIND_CHAIR, days=30)
    await appoint(
        a_town, staff, short, short.plain, pb.OFFICE_KIND_GROUP_HEAD,
        group_id=short.groups[0].group_id,
    )  # fmt: skip
    code = await invite(staff, vacant.association_id)
    await ask_to_join(line, vacant.plain.external_id, code)

    found, token = [], ""
    while token or not found:
        request = pb.ListAssociationsRequest(by_term=True, page_size=1, page_token=token)
        page = await staff.ask(staff.circulars.ListAssociations, request)
        found, token = [*found, *page.associations], page.next_page_token

    ids = [one.association.association_id for one in found]
    assert ids == [vacant.association_id, short.association_id, long.association_id]
    assert (found[0].leaderless, found[0].chair_until, found[0].join_requests) == (True, "", 1)
    until = today(a_town.clock()) + timedelta(days=29)
    assert (found[1].leaderless, found[1].chair_until) == (False, until.isoformat())
    assert [(one.offices, one.headless_groups) for one in found] == [(0, 2), (2, 1), (1, 2)]
