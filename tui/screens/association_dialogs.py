"""What is asked of an association, its groups and households, and of who wants to join."""

from todoke.client import Core
from todoke.v1 import circulars_pb2 as pb
from tui import associations, formats
from tui.dates import Mistyped
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.association_lines import Whole
from tui.wording import Words

REASON = 500
NO_GROUP = "none"
LAST_PLACE = 100_000
DAYS, MOST_DAYS = "14", 90


async def read_whole(core: Core, association_id: str) -> Whole:
    """Read an association but for its households. Raises CoreError."""
    get = pb.GetAssociationRequest(association_id=association_id)
    whole = Whole(await core.ask(core.circulars.GetAssociation, get))
    whole.to_come = await associations.offices_to_come(core, association_id)
    asked = pb.ListJoinRequestsRequest(association_id=association_id)
    pages = core.pages(core.circulars.ListJoinRequests, asked)
    whole.requests = [one async for page in pages for one in page.join_requests]
    return whole


def ask_association(desk: Desk, before: pb.Association | None) -> Ask:
    words, core = desk.words, desk.core
    given = before or pb.Association()

    async def save(answers: Answers, request_id: str) -> None:
        association = pb.Association(
            association_id=given.association_id,
            number=filled(answers, "association_number"),
            name=filled(answers, "association_name"),
            area=str(answers["district"]),
            etag=given.etag,
        )
        request = pb.SaveAssociationRequest(association=association, request_id=request_id)
        await core.ask(core.circulars.SaveAssociation, request)

    fields = (
        Field("association_number", given.number, part="number", limit=20),
        Field("association_name", given.name, part="name", limit=100),
        Field("district", given.area, part="area", limit=200),
    )
    about = words("ask.save_association.about")
    return Ask(words, "save_association", save, about=about, fields=fields)


async def ask_group(desk: Desk, whole: Whole, before: pb.Group) -> Ask:
    words, core = desk.words, desk.core

    async def save(answers: Answers, request_id: str) -> None:
        group = pb.Group(
            group_id=before.group_id,
            name=filled(answers, "group_name"),
            round_order=_place(answers),
            etag=before.etag,
        )
        request = pb.SaveGroupRequest(
            association_id=whole.association.association_id, group=group, request_id=request_id
        )
        await core.ask(core.circulars.SaveGroup, request)

    place = str(before.round_order) if before.group_id else str(len(whole.groups) + 1)
    fields = (
        Field("group_name", before.name, part="name", limit=64),
        Field("round_order", place, limit=6),
    )
    about = words("ask.save_group.about", name=formats.plain(whole.association.name))
    return Ask(words, "save_group", save, about=about, fields=fields)


async def ask_household(desk: Desk, whole: Whole, before: pb.Household) -> Ask:
    words, core = desk.words, desk.core

    async def save(answers: Answers, request_id: str) -> None:
        group = str(answers["group"])
        household = pb.Household(
            household_id=before.household_id,
            group_id="" if group == NO_GROUP else group,
            name=filled(answers, "household_name"),
            address=str(answers["household_address"]),
            round_order=_place(answers),
            paper=bool(answers["paper"]),
            etag=before.etag,
        )
        request = pb.SaveHouseholdRequest(
            association_id=whole.association.association_id,
            household=household,
            request_id=request_id,
        )
        await core.ask(core.circulars.SaveHousehold, request)

    groups = [(formats.plain(one.name), one.group_id) for one in whole.groups]
    groups.append((words("section.no_group"), NO_GROUP))
    fields = (
        Field("group", before.group_id or NO_GROUP, groups, part="group_id"),
        Field("household_name", before.name, part="name", limit=64),
        Field("household_address", before.address, part="address", limit=200),
        Field("round_order", str(before.round_order), limit=6),
        Field("paper", before.paper),
    )
    about = words("ask.save_household.about", name=formats.plain(whole.association.name))
    return Ask(words, "save_household", save, about=about, fields=fields)


async def ask_end(desk: Desk, whole: Whole, household: pb.Household) -> Ask:
    words, core = desk.words, desk.core

    async def end(answers: Answers, request_id: str) -> None:
        request = pb.EndHouseholdRequest(
            household_id=household.household_id,
            reason=str(answers["reason"]),
            etag=household.etag,
            request_id=request_id,
        )
        await core.ask(core.circulars.EndHousehold, request)

    name = formats.plain(whole.association.name)
    about = words("ask.end_household.about", name=name, household=formats.plain(household.name))
    fields = (Field("reason", limit=REASON),)
    return Ask(words, "end_household", end, about=about, fields=fields, grave=True)


async def ask_confirm(desk: Desk, whole: Whole, wish: pb.JoinRequest) -> Ask | str:
    """Ask of which household somebody is who wants to join. Raises CoreError."""
    words, core = desk.words, desk.core
    found = await associations.households(core, whole.association.association_id)
    if not found:
        return words("why.no_household")

    async def confirm(answers: Answers, request_id: str) -> None:
        request = pb.DecideJoinRequestRequest(
            join_request_id=wish.join_request_id,
            confirmed=True,
            household_id=str(answers["household"]),
            request_id=request_id,
        )
        await core.ask(core.circulars.DecideJoinRequest, request)

    choices = [(household_named(words, whole, one), one.household_id) for one in found]
    known = {one.household_id for one in found}
    chosen = wish.household_id if wish.household_id in known else ""
    about = words("ask.confirm_join.about", person=formats.plain(wish.display_name))
    fields = (Field("household", chosen, choices, part="household_id"),)
    return Ask(words, "confirm_join", confirm, about=about, fields=fields)


async def ask_refuse(desk: Desk, whole: Whole, wish: pb.JoinRequest) -> Ask:
    words, core = desk.words, desk.core

    async def refuse(_: Answers, request_id: str) -> None:
        request = pb.DecideJoinRequestRequest(
            join_request_id=wish.join_request_id, confirmed=False, request_id=request_id
        )
        await core.ask(core.circulars.DecideJoinRequest, request)

    name = formats.plain(whole.association.name)
    about = words("ask.refuse_join.about", person=formats.plain(wish.display_name), name=name)
    return Ask(words, "refuse_join", refuse, about=about, grave=True)


def ask_invitation(desk: Desk, whom: str, asked: pb.CreateInvitationRequest) -> Ask:
    words, core = desk.words, desk.core

    async def invite(answers: Answers, request_id: str) -> pb.CreateInvitationResponse:
        days = str(answers["code_days"])
        if not days.isdecimal() or not 1 <= int(days) <= MOST_DAYS:
            raise Mistyped("code_days")
        request = pb.CreateInvitationRequest(days=int(days), request_id=request_id)
        request.MergeFrom(asked)
        return await core.ask(core.circulars.CreateInvitation, request)

    about = words("ask.invitation.about", whom=whom)
    fields = (Field("code_days", DAYS, part="days", limit=2),)
    return Ask(words, "invitation", invite, about=about, fields=fields)


def household_named(words: Words, whole: Whole, one: pb.Household) -> str:
    """Name a household so that it is told from others of its name."""
    group = whole.group_named(one.group_id) or words("section.no_group")
    return words(
        "household_named",
        name=formats.plain(one.name),
        group=formats.plain(group),
        address=formats.plain(one.address),
    )


def filled(answers: Answers, name: str) -> str:
    """Return what was typed into a field that must not be empty; raise Mistyped."""
    text = str(answers[name])
    if not text:
        raise Mistyped(name)
    return text


def _place(answers: Answers) -> int:
    text = str(answers["round_order"]) or "0"
    if not text.isdecimal() or int(text) > LAST_PLACE:
        raise Mistyped("round_order")
    return int(text)
