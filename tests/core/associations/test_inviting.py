"""An invitation's code leads to the page on which it is used, where the city has boards."""

from pathlib import Path

from core.callers import Role
from tests import town
from tests.core.associations.makers import an_association
from tests.makers import a_request_id
from todoke.v1 import circulars_pb2 as pb


async def test_the_link_of_an_invitation_is_the_boards_page_with_the_code(
    sqlite_database: str, tmp_path: Path
) -> None:
    page = "https://kairan.example.jp/"
    a_town = await town.build(sqlite_database, tmp_path, board_page=page)
    try:
        staff = await a_town.staff(Role.ASSOCIATIONS)
        of = await an_association(a_town, staff, await a_town.channel())
        request = pb.CreateInvitationRequest(
            association_id=of.association_id,
            household_id=of.households[0].household_id,
            days=7,
            request_id=a_request_id(),
        )
        made = await staff.ask(staff.circulars.CreateInvitation, request)

        assert made.link == f"https://kairan.example.jp/join/{made.code}"
    finally:
        await a_town.close()
