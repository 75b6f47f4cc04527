"""A neighbourhood association as it comes to be: the section keeps it, people join, one leads."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from core.japan import today
from tests.makers import a_contact, a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

NUMBERS = count(1)


@dataclass(frozen=True)
class Neighbour:
    """A member, and the contact that speaks for them."""

    external_id: str
    contact_id: str
    member_id: str
    household_id: str

    @property
    def speaker(self) -> Speaker:
        return Speaker(external_id=self.external_id)


@dataclass
class Neighbourhood:
    """An association with two groups, each of two households of which one person joined."""

    association_id: str
    groups: list[pb.Group] = field(default_factory=list)
    households: list[pb.Household] = field(default_factory=list)
    members: list[Neighbour] = field(default_factory=list)
    """One of each household, in their order; the first is chair."""

    @property
    def chair(self) -> Neighbour:
        return self.members[0]

    @property
    def plain(self) -> Neighbour:
        """Who holds no office."""
        return self.members[-1]


async def an_association(
    town: Town, staff: Core, line: Core, *, chair: bool = True
) -> Neighbourhood:
    """Let the section keep an association, people join it, and the first become its chair."""
    number = next(NUMBERS)
    kept = await save_association(staff, number=f"{number:04d}", name=f"第{number:04d}自治会")
    made = Neighbourhood(kept.association_id)
    for at in range(2):
        group = await save_group(staff, made.association_id, name=f"{at + 1}班", round_order=at)
        made.groups.append(group)
        for place in range(2):
            household = await save_household(
                staff,
                made.association_id,
                pb.Household(
                    group_id=group.group_id,
                    name=f"家{at + 1}{place + 1}",
                    address=f"中央{at + 1}丁目{place + 1}",
                    round_order=place,
                ),
            )
            made.households.append(household)
            made.members.append(await joins(town, staff, line, made, household.household_id))
    if chair:
        await appoint(town, staff, made, made.chair, pb.OFFICE_KIND_CHAIR)
    return made


async def save_association(staff: Core, **fields: str) -> pb.Association:
    request = pb.SaveAssociationRequest(
        association=pb.Association(**fields), request_id=a_request_id()
    )
    return (await staff.ask(staff.circulars.SaveAssociation, request)).association


async def save_group(
    core: Core, association_id: str, by: Neighbour | None = None, **fields
) -> pb.Group:
    request = pb.SaveGroupRequest(
        speaker=by.speaker if by else None,
        association_id=association_id,
        group=pb.Group(**fields),
        request_id=a_request_id(),
    )
    return (await core.ask(core.circulars.SaveGroup, request)).group


async def save_household(
    core: Core, association_id: str, household: pb.Household, by: Neighbour | None = None
) -> pb.Household:
    request = pb.SaveHouseholdRequest(
        speaker=by.speaker if by else None,
        association_id=association_id,
        household=household,
        request_id=a_request_id(),
    )
    return (await core.ask(core.circulars.SaveHousehold, request)).household


async def invite(
    core: Core, association_id: str, by: Neighbour | None = None, *, days: int = 14, **what: str
) -> str:
    """Return a code for `household_id`, `group_id` or anybody of the association."""
    request = pb.CreateInvitationRequest(
        speaker=by.speaker if by else None,
        association_id=association_id,
        days=days,
        request_id=a_request_id(),
        **what,
    )
    return (await core.ask(core.circulars.CreateInvitation, request)).code


async def ask_to_join(
    line: Core, external_id: str, code: str, name: str = "花子"
) -> pb.JoinRequest:
    request = pb.RequestToJoinRequest(
        speaker=Speaker(external_id=external_id),
        code=code,
        display_name=name,
        request_id=a_request_id(),
    )
    return (await line.ask(line.circulars.RequestToJoin, request)).join_request


async def decide(
    core: Core, join_request_id: str, household_id: str = "", by: Neighbour | None = None
) -> pb.DecideJoinRequestResponse:
    """Confirm a request for a household, or refuse it where none is named."""
    request = pb.DecideJoinRequestRequest(
        speaker=by.speaker if by else None,
        join_request_id=join_request_id,
        confirmed=bool(household_id),
        household_id=household_id,
        request_id=a_request_id(),
    )
    return await core.ask(core.circulars.DecideJoinRequest, request)


async def joins(
    town: Town,
    staff: Core,
    line: Core,
    of: Neighbourhood,
    household_id: str,
    *,
    name: str = "花子",
    external_id: str = "",
) -> Neighbour:
    """Let a new contact, or the one named, join a household by its code; the section confirms."""
    contact = await a_contact(town, line, external_id)
    code = await invite(staff, of.association_id, household_id=household_id)
    wish = await ask_to_join(line, contact.external_id, code, name)
    joined = await decide(staff, wish.join_request_id, household_id)
    return Neighbour(contact.external_id, contact.contact_id, joined.member.member_id, household_id)


async def appoint(
    town: Town,
    core: Core,
    of: Neighbourhood,
    who: Neighbour,
    kind: pb.OfficeKind.ValueType,
    *,
    by: Neighbour | None = None,
    group_id: str = "",
    begin: date | None = None,
    days: int = 365,
) -> pb.Office:
    """Give a member an office from today, or from `begin`, by the section or by the chair."""
    first = begin or today(town.clock())
    request = pb.AppointOfficerRequest(
        speaker=by.speaker if by else None,
        association_id=of.association_id,
        office=pb.NewOffice(kind=kind, group_id=group_id, member_id=who.member_id),
        begin_date=first.isoformat(),
        end_date=(first + timedelta(days=days - 1)).isoformat(),
        request_id=a_request_id(),
    )
    return (await core.ask(core.circulars.AppointOfficer, request)).office


async def end_office(
    town: Town,
    core: Core,
    office: pb.Office,
    *,
    by: Neighbour | None = None,
    day: date | None = None,
) -> pb.Office:
    """End an office today, or on `day`."""
    request = pb.EndOfficeRequest(
        speaker=by.speaker if by else None,
        office_id=office.office_id,
        end_date=(day or today(town.clock())).isoformat(),
        reason="辞任",
        request_id=a_request_id(),
    )
    return (await core.ask(core.circulars.EndOffice, request)).office
