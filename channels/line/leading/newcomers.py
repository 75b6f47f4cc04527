"""Who asks to join: confirmed as one of a household, old or new, or refused, in two taps."""

from channels import wording
from channels.line import messages
from channels.line.leading import houses, seats
from channels.line.leading.seats import Seat, button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Message, card, press
from channels.line.postback import Do
from channels.line.verbs import NONE, Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8


async def listed(visit: Visit, association_id: str, page: str) -> list[Message]:
    """Show who waits to be confirmed, a button each, in pages."""
    language = visit.language
    waiting = await seats.joining(visit, association_id)
    back = button("back", language, Verb.LEAD_AT, association_id)
    title = say("newcomers", language)
    if not waiting:
        return [card(title, [say("newcomers_none", language)], [back])]
    verb = Verb.NEWCOMERS
    shown, turns = turned(waiting, int(page), verb, language, size=A_PAGE, of=(association_id,))
    buttons = [
        button(
            "newcomer_named", language, Verb.NEWCOMER, association_id, one.join_request_id,
            person=named(one.display_name),
        )
        for one in shown
    ]  # fmt: skip
    lines = [say("newcomers_lead", language, count=len(waiting))]
    return [card(title, lines, [*buttons, *turns, back])]


async def one(visit: Visit, association_id: str, id: str) -> list[Message]:
    """Show who asks, and of which household the code was."""
    language = visit.language
    asking = await _asking(visit, association_id, id)
    if asking is None:
        return _decided(visit, association_id)
    there = await seats.seat(visit, association_id)
    homes = {one.household.household_id: one.household for one in await _homes(visit, there)}
    title = say("newcomer_named", language, person=asking.display_name)
    home = homes.get(asking.household_id)
    buttons = []
    if home is not None:
        lines = [say("newcomer_of_home", language, household=home.name)]
        buttons.append(
            button("admit_as", language, Verb.ADMIT, association_id, id, home.household_id,
                   household=named(home.name))
        )  # fmt: skip
        other = "other_home"
    else:
        group = there.group(asking.group_id, language)
        name = "newcomer_of_group" if asking.group_id else "newcomer_of_any"
        lines, other = [say(name, language, group=group)], "choose_home"
    where = asking.group_id or (_only_group(there) if not asking.household_id else NONE)
    buttons += [
        button(other, language, Verb.HOMES, association_id, id, where, "1"),
        button("turn_away", language, Verb.TURN_AWAY, association_id, id),
        button("back", language, Verb.NEWCOMERS, association_id, "1"),
    ]
    return [card(title, lines, buttons)]


async def homes(
    visit: Visit, association_id: str, id: str, group_id: str, page: str
) -> list[Message]:
    """Let a group be chosen, and then a household of it."""
    language = visit.language
    asking = await _asking(visit, association_id, id)
    if asking is None:
        return _decided(visit, association_id)
    there = await seats.seat(visit, association_id)
    back = button("back", language, Verb.NEWCOMER, association_id, id)
    title = say("choose_home", language)
    if group_id == NONE and there.led_groups:
        lines = [say("choose_group", language, person=asking.display_name)]
        groups = _groups(there, association_id, id, int(page), language)
        return [card(title, lines, [*groups, back])]
    found = await _homes(visit, there, "" if group_id == NONE else group_id)
    shown, turns = turned(
        found, int(page), Verb.HOMES, language, size=A_PAGE,
        of=(association_id, id, group_id),
    )  # fmt: skip
    buttons = [
        press(Do(Verb.ADMIT, (association_id, id, one.household.household_id)), one.household.name)
        for one in shown
    ]
    new = button("new_home", language, Verb.NEW_HOME, association_id, id, group_id)
    lines = [say("choose_home_lead", language, person=asking.display_name)]
    return [card(title, lines, [*buttons, *turns, new, back])]


def _groups(
    there: Seat, association_id: str, id: str, page: int, language: str
) -> list[messages.Action]:
    """Offer the groups that the officer leads, and the ways to more of them."""
    groups, turns = turned(
        there.led_groups, page, Verb.HOMES, language, size=A_PAGE, of=(association_id, id, NONE)
    )
    buttons = [
        press(Do(Verb.HOMES, (association_id, id, one.group_id, "1")), one.name) for one in groups
    ]
    return [*buttons, *turns]


async def admit(visit: Visit, association_id: str, id: str, household_id: str) -> list[Message]:
    """Ask before somebody is confirmed as one of a household."""
    language = visit.language
    asking = await _asking(visit, association_id, id)
    if asking is None:
        return _decided(visit, association_id)
    there = await seats.seat(visit, association_id)
    homes = {one.household.household_id: one.household for one in await _homes(visit, there)}
    if household_id not in homes:
        return messages.refusal("HOUSEHOLD_UNKNOWN", language)
    line = say(
        "admit_which", language, person=asking.display_name, household=homes[household_id].name
    )
    arguments = (association_id, id, household_id, visit.asked)
    yes = button("admit", language, Verb.ADMIT_SURE, *arguments)
    back = button("back", language, Verb.NEWCOMER, association_id, id)
    return [card(say("admit", language), [line], [yes, back])]


async def admit_surely(
    visit: Visit, association_id: str, id: str, household_id: str, asked: str
) -> list[Message]:
    if not visit.is_sure(asked):
        return await admit(visit, association_id, id, household_id)
    return await _decide(visit, association_id, id, household_id)


async def new_home(visit: Visit, association_id: str, id: str, group_id: str) -> list[Message]:
    """Ask before a household is made for somebody, with the name by which they asked."""
    language = visit.language
    asking = await _asking(visit, association_id, id)
    if asking is None:
        return _decided(visit, association_id)
    there = await seats.seat(visit, association_id)
    group = there.group(group_id, language)
    line = say("new_home_which", language, person=asking.display_name, group=group)
    arguments = (association_id, id, group_id, visit.asked)
    yes = button("admit", language, Verb.NEW_HOME_SURE, *arguments)
    back = button("back", language, Verb.NEWCOMER, association_id, id)
    return [card(say("new_home", language), [line], [yes, back])]


async def new_home_surely(
    visit: Visit, association_id: str, id: str, group_id: str, asked: str
) -> list[Message]:
    """Make the household, last in the round of its group, and confirm."""
    if not visit.is_sure(asked):
        return await new_home(visit, association_id, id, group_id)
    asking = await _asking(visit, association_id, id)
    if asking is None:
        return _decided(visit, association_id)
    group = "" if group_id == NONE else group_id
    household = pb.Household(group_id=group, name=asking.display_name, round_order=houses.LAST)
    request = pb.SaveHouseholdRequest(
        speaker=visit.speaker,
        association_id=association_id,
        household=household,
        request_id=f"{visit.event.id}:home",
    )
    made = (await visit.core.ask(visit.core.circulars.SaveHousehold, request)).household
    return await _decide(visit, association_id, id, made.household_id)


async def turn_away(visit: Visit, association_id: str, id: str) -> list[Message]:
    """Ask before somebody is refused."""
    language = visit.language
    asking = await _asking(visit, association_id, id)
    if asking is None:
        return _decided(visit, association_id)
    line = say("turn_away_which", language, person=asking.display_name)
    yes = button("turn_away", language, Verb.TURN_AWAY_SURE, association_id, id, visit.asked)
    back = button("back", language, Verb.NEWCOMER, association_id, id)
    return [card(say("turn_away", language), [line], [back, yes])]


async def turn_away_surely(visit: Visit, association_id: str, id: str, asked: str) -> list[Message]:
    if not visit.is_sure(asked):
        return await turn_away(visit, association_id, id)
    return await _decide(visit, association_id, id)


async def _decide(
    visit: Visit, association_id: str, id: str, household_id: str = ""
) -> list[Message]:
    """Confirm for a household, or refuse where none is named."""
    request = pb.DecideJoinRequestRequest(
        speaker=visit.speaker,
        join_request_id=id,
        confirmed=bool(household_id),
        household_id=household_id,
        request_id=visit.event.id,
    )
    decided = await visit.core.ask(visit.core.circulars.DecideJoinRequest, request)
    name = "admitted" if household_id else "turned_away"
    text = say(name, visit.language, person=decided.join_request.display_name)
    return seats.said(text, visit.language, *_ways_on(visit, association_id))


def _decided(visit: Visit, association_id: str) -> list[Message]:
    text = wording.refusal("JOIN_REQUEST_DECIDED", visit.language)
    return seats.said(text, visit.language, *_ways_on(visit, association_id))


def _ways_on(visit: Visit, association_id: str) -> list[messages.Action]:
    return [
        button("newcomers", visit.language, Verb.NEWCOMERS, association_id, "1"),
        button("title", visit.language, Verb.LEAD_AT, association_id),
    ]


async def _asking(visit: Visit, association_id: str, id: str) -> pb.JoinRequest | None:
    """Find the request while it waits."""
    waiting = await seats.joining(visit, association_id)
    return next((one for one in waiting if one.join_request_id == id), None)


async def _homes(visit: Visit, there: Seat, group_id: str = "") -> list[pb.HouseholdSummary]:
    request = pb.ListHouseholdsRequest(
        speaker=visit.speaker, association_id=there.id, group_id=group_id
    )
    return await seats.everything(visit, visit.core.circulars.ListHouseholds, request, "households")


def _only_group(there: Seat) -> str:
    return there.led_groups[0].group_id if len(there.led_groups) == 1 else NONE
