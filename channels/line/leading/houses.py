"""The households of an association: found, looked at, and whether each reads on paper."""

from collections.abc import Sequence

from channels.line import asked, limits
from channels.line.leading import seats
from channels.line.leading.seats import Seat, button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press, texts, within
from channels.line.postback import Do
from channels.line.typed import plainly
from channels.line.verbs import NONE, Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8
LAST = 100_000
"""A household whose place in the round nobody chose yet is visited last."""


async def groups(visit: Visit, association_id: str, page: str) -> list[Message]:
    """Let a group be chosen, whose households are shown then; of one group, show them at once."""
    language, there = visit.language, await seats.seat(visit, association_id)
    if len(there.groups) <= 1:
        group_id = there.groups[0].group_id if there.groups else NONE
        return await listed(visit, association_id, group_id, "1")
    shown, turns = turned(
        there.groups, int(page), Verb.HOUSE_GROUPS, language, size=A_PAGE, of=(association_id,)
    )
    buttons = [
        press(Do(Verb.HOUSES, (association_id, one.group_id, "1")), one.name) for one in shown
    ]
    find = button("find_home", language, Verb.HOUSE_FIND, association_id)
    rest = button("houses_no_group", language, Verb.HOUSES, association_id, NONE, "1")
    no_group = [rest] if there.leads else []
    back = button("back", language, Verb.NEIGHBOURS, association_id)
    lines = [say("houses_which_group", language)]
    return [card(say("houses", language), lines, [find, *buttons, *turns, *no_group, back])]


async def listed(visit: Visit, association_id: str, group_id: str, page: str) -> list[Message]:
    """List the households of a group in the order of the round, with how many of each joined."""
    language, there = visit.language, await seats.seat(visit, association_id)
    found = [one for one in await of(visit, there) if (one.household.group_id or NONE) == group_id]
    shown, turns = turned(
        found, int(page), Verb.HOUSES, language, size=A_PAGE, of=(association_id, group_id)
    )
    new = [button("house_new", language, Verb.HOUSE_NEW, association_id, group_id)]
    back = button("back", language, Verb.NEIGHBOURS, association_id)
    lines = [say("houses_of", language, group=there.group(group_id, language), count=len(found))]
    ways = [*_homes(there, shown, language), *turns, *(new if there.writes else []), back]
    return [card(say("houses", language), lines, ways, stands_out=seats.NOTHING)]


def _homes(there: Seat, shown: Sequence[pb.HouseholdSummary], language: str) -> list[Action]:
    buttons = []
    for one in shown:
        name = named(one.household.name)
        if one.household.paper:
            name = say("on_paper", language, household=name)
        word = say("house_line", language, household=name, count=one.members)
        buttons.append(press(Do(Verb.HOUSE, (there.id, one.household.household_id)), word))
    return buttons


async def find(visit: Visit, association_id: str) -> list[Message]:
    """Ask for a name, by which a household is found among many."""
    await seats.seat(visit, association_id)
    await asked.keep(visit, Do(Verb.HOUSE_FIND, (association_id,)))
    return texts(say("find_which", visit.language))


async def find_words(visit: Visit, association_id: str) -> list[Message]:
    """Show the households of which the name holds the typed words."""
    language, there = visit.language, await seats.seat(visit, association_id)
    sought = plainly(visit.event.text)
    found = [one for one in await of(visit, there) if sought in plainly(one.household.name)]
    back = button("back", language, Verb.NEIGHBOURS, association_id)
    ways = [*_homes(there, found[:A_PAGE], language), back]
    lines = [say("find_found" if found else "find_none", language)]
    return [card(say("houses", language), lines, ways, stands_out=seats.NOTHING)]


async def one(visit: Visit, association_id: str, household_id: str) -> list[Message]:
    """Show a household: who joined, how it reads, and what can be changed of it."""
    language, there = visit.language, await seats.seat(visit, association_id)
    home = await at(visit, there, household_id)
    if home is None:
        return _gone(there, language)
    request = pb.ListMembersRequest(speaker=visit.speaker, household_id=household_id)
    method = visit.core.circulars.ListMembers
    members = await seats.everything(visit, method, request, "members")
    names = say("comma", language).join(named(one.display_name) for one in members)
    who = limits.clip(names, limits.DISPLAY_TEXT)
    household = home.household
    lines = [
        say("house_group", language, group=there.group(household.group_id, language)),
        *([household.address] if household.address else []),
        say("house_members", language, names=who) if members else say("house_nobody", language),
        say("house_paper_is" if household.paper else "house_paper_is_not", language),
        say("house_care_is" if home.care_consent else "house_care_is_not", language),
    ]
    back = button("back", language, Verb.HOUSES, there.id, household.group_id or NONE, "1")
    ways = _changes(there, home, language) if there.writes else []
    return [card(household.name, lines, [*ways, back], stands_out=seats.NOTHING)]


def _changes(there: Seat, home: pb.HouseholdSummary, language: str) -> list[Action]:
    of_home = (there.id, home.household.household_id)
    paper = "off" if home.household.paper else "on"
    buttons = [
        button(f"house_paper_{paper}", language, Verb.HOUSE_PAPER, *of_home, paper),
        button("house_rename", language, Verb.HOUSE_RENAME, *of_home),
    ]
    if not home.members:
        # Of a household that joined, its members say so themselves.
        care = "off" if home.care_consent else "on"
        buttons.append(button(f"house_care_{care}", language, Verb.HOUSE_CARE, *of_home, care))
    return [*buttons, button("house_gone", language, Verb.HOUSE_GONE, *of_home)]


async def paper(visit: Visit, association_id: str, household_id: str, wanted: str) -> list[Message]:
    """Let a household read on paper, or not."""
    there = await seats.writing(visit, association_id)
    home = await at(visit, there, household_id)
    if home is None:
        return _gone(there, visit.language)
    home.household.paper = wanted == "on"
    await keep(visit, there, home.household)
    return await _changed(visit, there, household_id)


async def _changed(visit: Visit, there: Seat, household_id: str) -> list[Message]:
    said = texts(say("house_kept", visit.language))
    return within([*said, *await one(visit, there.id, household_id)])


async def rename(visit: Visit, association_id: str, household_id: str) -> list[Message]:
    """Ask for another name."""
    await seats.writing(visit, association_id)
    await asked.keep(visit, Do(Verb.HOUSE_RENAME, (association_id, household_id)))
    return texts(say("house_name", visit.language, limit=MOST_NAME))


async def rename_words(visit: Visit, association_id: str, household_id: str) -> list[Message]:
    """Take typed words for the name."""
    there = await seats.writing(visit, association_id)
    home, name = await at(visit, there, household_id), name_in(visit.event.text)
    if home is None:
        return _gone(there, visit.language)
    if not name:
        return texts(say("house_name", visit.language, limit=MOST_NAME))
    home.household.name = name
    await keep(visit, there, home.household)
    await asked.nothing(visit)
    return await _changed(visit, there, household_id)


MOST_NAME = 64


def name_in(text: str) -> str:
    """Return the name that somebody typed, on one line; nothing where it is too long for one."""
    name = " ".join(text.split())
    return name if len(name) <= MOST_NAME else ""


async def keep(visit: Visit, there: Seat, household: pb.Household) -> pb.Household:
    request = pb.SaveHouseholdRequest(
        speaker=visit.speaker,
        association_id=there.id,
        household=household,
        request_id=visit.event.id,
    )
    return (await visit.core.ask(visit.core.circulars.SaveHousehold, request)).household


async def of(visit: Visit, there: Seat) -> list[pb.HouseholdSummary]:
    """List the households that the officer sees."""
    request = pb.ListHouseholdsRequest(speaker=visit.speaker, association_id=there.id)
    return await seats.everything(visit, visit.core.circulars.ListHouseholds, request, "households")


async def at(visit: Visit, there: Seat, household_id: str) -> pb.HouseholdSummary | None:
    """Return a household; None where it is gone, or the officer does not see it."""
    found = await of(visit, there)
    return next((one for one in found if one.household.household_id == household_id), None)


def _gone(there: Seat, language: str) -> list[Message]:
    """Say that a household is there no more, such as to a second tap of its end."""
    back = button("houses", language, Verb.HOUSE_GROUPS, there.id, "1")
    return seats.said(say("house_is_gone", language), language, back)
