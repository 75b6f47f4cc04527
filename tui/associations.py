"""What dialogs choose from, read of the core to its end: members, households, associations."""

from contextlib import aclosing
from datetime import datetime

from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from tui import formats


async def members(
    core: Core, *, association_id: str = "", household_id: str = ""
) -> list[pb.Member]:
    """Return the members of an association, or of one household. Raises CoreError."""
    request = pb.ListMembersRequest(association_id=association_id, household_id=household_id)
    pages = core.pages(core.circulars.ListMembers, request)
    return [one async for page in pages for one in page.members]


async def households(core: Core, association_id: str) -> list[pb.Household]:
    """Return an association's households in the order of the round. Raises CoreError."""
    request = pb.ListHouseholdsRequest(association_id=association_id)
    pages = core.pages(core.circulars.ListHouseholds, request)
    return [one.household async for page in pages for one in page.households]


async def associations(core: Core) -> list[pb.Association]:
    """Return the city's associations by name. Raises CoreError."""
    pages = core.pages(core.circulars.ListAssociations, pb.ListAssociationsRequest())
    return [one.association async for page in pages for one in page.associations]


async def offices_to_come(core: Core, association_id: str) -> list[pb.Office]:
    """Return the offices that begin after today; newest first, they stand on the first pages.

    Raises CoreError.
    """
    today = datetime.now(formats.TOKYO).date().isoformat()
    found = list[pb.Office]()
    request = pb.ListOfficesRequest(association_id=association_id)
    async with aclosing(core.pages(core.circulars.ListOffices, request)) as pages:
        async for page in pages:
            later = [one for one in page.offices if one.begin_date > today]
            found += [one for one in later if one.end_date >= one.begin_date]
            if len(later) < len(page.offices):
                break
    return found
