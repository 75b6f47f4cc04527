"""A household that nobody joined of agrees in person to be looked after."""

from core.callers import Role
from tests.core.associations.makers import Neighbour, an_association, save_household
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb


@on_sqlite
async def test_who_leads_a_household_nobody_joined_of_writes_down_what_it_agreed_to(
    a_town: Town,
) -> None:
    staff, line = await a_town.staff(Role.ASSOCIATIONS), await a_town.channel()
    made = await an_association(a_town, staff, line)
    group = made.groups[0].group_id
    alone = await save_household(
        staff, made.association_id, pb.Household(group_id=group, name="ひとり")
    )

    async def agree(by: Neighbour, household_id: str, *, consented: bool = True) -> str:
        request = pb.SetCareRequest(
            speaker=by.speaker, household_id=household_id, consented=consented,
            request_id=a_request_id(),
        )  # fmt: skip
        try:
            answer = await line.ask(line.circulars.SetCare, request)
        except CoreError as refused:
            return refused.reason
        assert not answer.HasField("membership")
        return ""

    async def consents() -> bool:
        request = pb.ListHouseholdsRequest(
            speaker=made.chair.speaker, association_id=made.association_id
        )
        found = await line.ask(line.circulars.ListHouseholds, request)
        [one] = [home for home in found.households if home.household.name == "ひとり"]
        return one.care_consent

    assert await agree(made.plain, alone.household_id) == "MEMBER_UNKNOWN"
    assert await agree(made.chair, made.plain.household_id) == "MEMBER_UNKNOWN"
    assert not await consents()
    assert await agree(made.chair, alone.household_id) == ""
    assert await consents()
    assert await agree(made.chair, alone.household_id, consented=False) == ""
    assert not await consents()
