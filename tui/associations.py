"""What dialogs choose from, read of the core to its end: members, households, associations."""

from datetime import datetime

from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from tui import formats

PAGE = 200


async def members(
    core: Core, *, association_id: str = "", household_id: str = ""
) -> list[pb.Member]:
    """Return the members of an association, or of one household. Raises CoreError."""
    found, token = list[pb.Member](), ""
    while True:
        request = pb.ListMembersRequest(
            association_id=association_id,
            household_id=household_id,
            page_size=PAGE,
            page_token=token,
        )
        answer = await core.ask(core.circulars.ListMembers, request)
        found += answer.members
        token = answer.next_page_token
        if not token:
            return found


async def households(core: Core, association_id: str) -> list[pb.Household]:
    """Return an association's households in the order of the round. Raises CoreError."""
    found, token = list[pb.Household](), ""
    while True:
        request = pb.ListHouseholdsRequest(
            association_id=association_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.circulars.ListHouseholds, request)
        found += [one.household for one in answer.households]
        token = answer.next_page_token
        if not token:
            return found


async def associations(core: Core) -> list[pb.Association]:
    """Return the city's associations by name. Raises CoreError."""
    found, token = list[pb.Association](), ""
    while True:
        request = pb.ListAssociationsRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.circulars.ListAssociations, request)
        found += [one.association for one in answer.associations]
        token = answer.next_page_token
        if not token:
            return found


async def offices_to_come(core: Core, association_id: str) -> list[pb.Office]:
    """Return the offices that begin after today; newest first, they stand on the first pages.

    Raises CoreError.
    """
    today = datetime.now(formats.TOKYO).date().isoformat()
    found, token = list[pb.Office](), ""
    while True:
        request = pb.ListOfficesRequest(
            association_id=association_id, page_size=PAGE, page_token=token
        )
        answer = await core.ask(core.circulars.ListOffices, request)
        later = [one for one in answer.offices if one.begin_date > today]
        found += [one for one in later if one.end_date >= one.begin_date]
        token = answer.next_page_token
        if not token or len(later) < len(answer.offices):
            return found
