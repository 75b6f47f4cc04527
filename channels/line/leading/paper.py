"""Who read on paper: an officer comes home from the round, and writes it down house by house."""

from channels.line import limits
from channels.line.leading import drafts, seats
from channels.line.leading.seats import Seat, button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Message, card, press, texts, within
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8


async def unread(visit: Visit, circular_id: str) -> list[pb.Receipt]:
    """List the households that have not read, in the order of the round."""
    request = pb.ListReceiptsRequest(speaker=visit.speaker, circular_id=circular_id, unread=True)
    return await seats.everything(visit, visit.core.circulars.ListReceipts, request, "receipts")


async def listed(visit: Visit, circular_id: str, page: str) -> list[Message]:
    """Let a household be chosen, of those that have not read."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, circular.association_id)
    found = await unread(visit, circular_id)
    mend = button("paper_mend", language, Verb.OFF_PAPER, circular_id, "1")
    back = button("back", language, Verb.UNREAD, circular_id)
    title = titled(circular)
    if not found:
        return [card(title, [say("unread_none", language)], [mend, back])]
    shown, turns = turned(found, int(page), Verb.ON_PAPER, language, size=A_PAGE, of=(circular_id,))
    buttons = [
        press(
            Do(Verb.ON_PAPER_HOME, (circular_id, one.household.household_id, page)),
            home_named(one.household, there, language),
        )
        for one in shown
    ]
    lines, choices = [say("paper_who", language)], [*buttons, *turns, mend, back]
    return [card(title, lines, choices, stands_out=seats.NOTHING)]


async def home(visit: Visit, circular_id: str, household_id: str, page: str) -> list[Message]:
    """Ask before it is written down of a household; of one that has read by now, list the rest."""
    language = visit.language
    waiting = {
        one.household.household_id: one.household for one in await unread(visit, circular_id)
    }
    if household_id not in waiting:
        return await listed(visit, circular_id, page)
    circular = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, circular.association_id)
    line = say(
        "paper_which", language, household=home_named(waiting[household_id], there, language)
    )
    arguments = (circular_id, household_id, page, visit.asked)
    yes = button("paper_read", language, Verb.ON_PAPER_SURE, *arguments)
    back = button("back", language, Verb.ON_PAPER, circular_id, page)
    return [card(circular.content.title, [line], [yes, back])]


async def surely(
    visit: Visit, circular_id: str, household_id: str, page: str, asked: str
) -> list[Message]:
    """Write it down, and go on with the next household."""
    if not visit.is_sure(asked):
        return await home(visit, circular_id, household_id, page)
    await record(visit, circular_id, household_id, read=True)
    done = texts(say("paper_recorded", visit.language))
    return within([*done, *await listed(visit, circular_id, page)])


async def record(visit: Visit, circular_id: str, household_id: str, *, read: bool) -> None:
    """Write down of a household that it read on paper, or take that back."""
    request = pb.RecordPaperReceiptRequest(
        speaker=visit.speaker,
        circular_id=circular_id,
        lines=[pb.PaperLine(household_id=household_id, read=read)],
        request_id=visit.event.id,
    )
    await visit.core.ask(visit.core.circulars.RecordPaperReceipt, request)


def titled(circular: pb.Circular) -> str:
    return limits.clip(circular.content.title, limits.BUTTON_LABEL * 2)


def home_named(household: pb.Household, there: Seat, language: str) -> str:
    name = named(household.name)
    group = there.group(household.group_id, language)
    if household.paper:
        name = say("on_paper", language, household=name)
    return say("group_names", language, group=limits.clip(group, seats.NAME // 2), names=name)
