"""What an association is made of, as the section and its officers keep and see it."""

from core.callers import Role
from tests.core.associations.makers import an_association
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

    summary = shown.association
    assert (summary.groups, summary.households, summary.joined) == (2, 4, 4)
    assert not summary.leaderless
    assert list(shown.groups) == made.groups
    assert [office.member_id for office in shown.offices] == [made.chair.member_id]
    assert list(listed.associations) == [summary]
