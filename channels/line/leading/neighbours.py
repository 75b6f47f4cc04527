"""Households and offices: who needs a visit, and where households and offices are changed."""

from channels.line.leading import seats
from channels.line.leading.seats import button, named, say
from channels.line.messages import Message, card
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

MOST_NAMES = 120


async def show(visit: Visit, association_id: str) -> list[Message]:
    """Show what there is to do for households and single offices."""
    language, there = visit.language, await seats.seat(visit, association_id)
    buttons = [
        button("houses", language, Verb.HOUSE_GROUPS, association_id, "1"),
        button("care", language, Verb.CARE, association_id),
    ]
    if there.chairs:
        buttons.append(button("single_offices", language, Verb.OFFICES, association_id, "1"))
    if visit.account.board_url:
        buttons.append(button("households", language, Verb.DESK, association_id, "households"))
        if there.chairs:
            buttons.append(button("offices", language, Verb.DESK, association_id, "offices"))
    buttons.append(button("back", language, Verb.LEAD_AT, association_id))
    lines = [say("neighbours_lead", language)]
    return [card(say("neighbours", language), lines, buttons, stands_out=seats.NOTHING)]


async def care(visit: Visit, association_id: str) -> list[Message]:
    """Name the households that asked to be looked after, and have stopped reading."""
    language, there = visit.language, await seats.seat(visit, association_id)
    request = pb.ListHouseholdsRequest(speaker=visit.speaker, association_id=association_id)
    homes = await seats.everything(
        visit, visit.core.circulars.ListHouseholds, request, "households"
    )
    marked = [one.household for one in homes if one.care]
    lines = [
        say(
            "group_names", language,
            group=there.group(one.group_id, language), names=named(one.name),
        )
        for one in marked[:MOST_NAMES]
    ]  # fmt: skip
    if len(marked) > MOST_NAMES:
        lines.append(say("more", language, count=len(marked) - MOST_NAMES))
    lines = [say("care_lead" if marked else "care_none", language), *lines]
    back = button("back", language, Verb.NEIGHBOURS, association_id)
    return [card(say("care", language), lines, [back])]
