"""A household comes to the association, agrees to be looked after, or moves away."""

from channels.line import asked
from channels.line.leading import houses, seats
from channels.line.leading.seats import NotYours, Seat, button, say
from channels.line.messages import Message, card, texts, within
from channels.line.postback import Do
from channels.line.verbs import NONE, Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

REASONS = ("moved", "left", "mistake")


async def new(visit: Visit, association_id: str, group_id: str) -> list[Message]:
    """Ask for the name of a household that came."""
    there = await seats.writing(visit, association_id)
    _check_leads(there, group_id)
    await asked.keep(visit, Do(Verb.HOUSE_NEW, (association_id, group_id)))
    return texts(say("house_new_name", visit.language, limit=houses.MOST_NAME))


async def new_words(visit: Visit, association_id: str, group_id: str) -> list[Message]:
    """Make a household of the typed name, last in the round of its group."""
    there = await seats.writing(visit, association_id)
    _check_leads(there, group_id)
    name = houses.name_in(visit.event.text)
    if not name:
        return texts(say("house_name", visit.language, limit=houses.MOST_NAME))
    group = "" if group_id == NONE else group_id
    household = pb.Household(group_id=group, name=name, round_order=houses.LAST)
    made = await houses.keep(visit, there, household)
    await asked.nothing(visit)
    said = texts(
        say("house_made", visit.language, household=name, group=there.group(group, visit.language))
    )
    return within([*said, *await houses.one(visit, association_id, made.household_id)])


def _check_leads(there: Seat, group_id: str) -> None:
    """Raise NotYours where it is another's group."""
    led = {one.group_id for one in there.led_groups}
    if not there.leads and group_id not in led:
        raise NotYours(there.id, there.chair)


async def care(visit: Visit, association_id: str, household_id: str, wanted: str) -> list[Message]:
    """Ask before it is written down that a household agreed to be looked after, or no more."""
    language, there = visit.language, await seats.writing(visit, association_id)
    home = await houses.at(visit, there, household_id)
    if home is None:
        return await houses.one(visit, association_id, household_id)
    of_home = (association_id, household_id)
    line = say(f"house_care_{wanted}_which", language, household=home.household.name)
    yes = button(
        f"house_care_{wanted}_yes", language, Verb.HOUSE_CARE_SURE, *of_home, wanted, visit.asked
    )
    back = button("back", language, Verb.HOUSE, *of_home)
    return [card(home.household.name, [line], [back, yes])]


async def care_surely(
    visit: Visit, association_id: str, household_id: str, wanted: str, asked: str
) -> list[Message]:
    if not visit.is_sure(asked):
        return await care(visit, association_id, household_id, wanted)
    request = pb.SetCareRequest(
        speaker=visit.speaker,
        household_id=household_id,
        consented=wanted == "on",
        request_id=visit.event.id,
    )
    await visit.core.ask(visit.core.circulars.SetCare, request)
    said = texts(say("house_kept", visit.language))
    return within([*said, *await houses.one(visit, association_id, household_id)])


async def gone(visit: Visit, association_id: str, household_id: str) -> list[Message]:
    """Ask why a household is taken out, one of a few reasons; none is typed."""
    language, there = visit.language, await seats.writing(visit, association_id)
    home = await houses.at(visit, there, household_id)
    if home is None:
        return await houses.one(visit, association_id, household_id)
    of_home = (association_id, household_id)
    reasons = [
        button(f"house_{why}", language, Verb.HOUSE_GONE_FOR, *of_home, why) for why in REASONS
    ]
    back = button("back", language, Verb.HOUSE, *of_home)
    lines = [say("house_gone_why", language)]
    return [card(home.household.name, lines, [*reasons, back], stands_out=seats.NOTHING)]


async def gone_for(visit: Visit, association_id: str, household_id: str, why: str) -> list[Message]:
    """Ask before it is taken out, with its members; the safe answer stands out."""
    language, there = visit.language, await seats.writing(visit, association_id)
    home = await houses.at(visit, there, household_id)
    if home is None:
        return await houses.one(visit, association_id, household_id)
    household, of_home = home.household, (association_id, household_id)
    reason = say(f"house_{why}", language)
    name = "house_gone_members" if home.members else "house_gone_which"
    lines = [say(name, language, household=household.name, reason=reason, count=home.members)]
    arguments = (*of_home, household.etag, f"{why}.{visit.asked}")
    yes = button("house_gone", language, Verb.HOUSE_GONE_SURE, *arguments)
    back = button("back", language, Verb.HOUSE, *of_home)
    return [card(household.name, lines, [back, yes])]


async def gone_surely(
    visit: Visit, association_id: str, household_id: str, etag: str, why_asked: str
) -> list[Message]:
    """Take it out of the association."""
    why, _, asked_at = why_asked.partition(".")
    if not visit.is_sure(asked_at):
        return await gone_for(visit, association_id, household_id, why)
    language = visit.language
    request = pb.EndHouseholdRequest(
        speaker=visit.speaker,
        household_id=household_id,
        reason=say(f"house_{why}", language),
        etag=etag,
        request_id=visit.event.id,
    )
    ended = (await visit.core.ask(visit.core.circulars.EndHousehold, request)).household
    back = button("houses", language, Verb.HOUSE_GROUPS, association_id, "1")
    return seats.said(say("house_ended", language, household=ended.name), language, back)
