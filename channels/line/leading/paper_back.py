"""What was written down of a household that read on paper is taken back, where it was a mistake."""

from channels.line.leading import drafts, paper, seats
from channels.line.leading.seats import button, say
from channels.line.menu_messages import turned
from channels.line.messages import Message, card, press, texts, within
from channels.line.postback import Do
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb


async def _written_down(visit: Visit, circular_id: str) -> list[pb.Receipt]:
    """List the households that read on paper, in the order of the round."""
    request = pb.ListReceiptsRequest(speaker=visit.speaker, circular_id=circular_id)
    found = await seats.everything(visit, visit.core.circulars.ListReceipts, request, "receipts")
    return [one for one in found if one.way == pb.RECEIPT_WAY_PAPER]


async def listed(visit: Visit, circular_id: str, page: str) -> list[Message]:
    """Let a household be chosen, of those that are written down."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, circular.association_id)
    found = await _written_down(visit, circular_id)
    back = button("back", language, Verb.ON_PAPER, circular_id, "1")
    title = paper.titled(circular)
    if not found:
        return [card(title, [say("paper_none", language)], [back])]
    shown, turns = turned(
        found, int(page), Verb.OFF_PAPER, language, size=paper.A_PAGE, of=(circular_id,)
    )
    buttons = [
        press(
            Do(Verb.OFF_PAPER_HOME, (circular_id, one.household.household_id, page)),
            paper.home_named(one.household, there, language),
        )
        for one in shown
    ]
    lines, choices = [say("paper_back_who", language)], [*buttons, *turns, back]
    return [card(title, lines, choices, stands_out=seats.NOTHING)]


async def home(visit: Visit, circular_id: str, household_id: str, page: str) -> list[Message]:
    """Ask before it is taken back; where there is nothing to take back any more, list the rest."""
    language = visit.language
    kept = {one.household.household_id: one for one in await _written_down(visit, circular_id)}
    if household_id not in kept:
        return await listed(visit, circular_id, page)
    circular, receipt = await drafts.get(visit, circular_id), kept[household_id]
    there = await seats.seat(visit, circular.association_id)
    lines = [
        say(
            "paper_back_answer" if receipt.HasField("answer") else "paper_back_which",
            language,
            household=paper.home_named(receipt.household, there, language),
        )
    ]
    if receipt.entered_by:
        lines.insert(0, say("paper_by", language, person=receipt.entered_by))
    arguments = (circular_id, household_id, page, visit.asked)
    yes = button("paper_back", language, Verb.OFF_PAPER_SURE, *arguments)
    back = button("back", language, Verb.OFF_PAPER, circular_id, page)
    return [card(circular.content.title, lines, [back, yes])]


async def surely(
    visit: Visit, circular_id: str, household_id: str, page: str, asked: str
) -> list[Message]:
    """Take it back: the household is waited for again."""
    if not visit.is_sure(asked):
        return await home(visit, circular_id, household_id, page)
    await paper.record(visit, circular_id, household_id, read=False)
    done = texts(say("paper_taken_back", visit.language))
    return within([*done, *await listed(visit, circular_id, page)])
