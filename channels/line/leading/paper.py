"""What came back on paper: an officer comes home from the round, and enters it house by house."""

from collections.abc import Sequence

from channels.line import asked, limits, respondents
from channels.line.circular_answers import COMING, MOST_COMING, OPTIONS, number_in
from channels.line.leading import drafts, seats
from channels.line.leading.seats import Seat, button, named, say
from channels.line.menu_messages import turned
from channels.line.messages import Action, Message, card, press, texts, within
from channels.line.postback import Do
from channels.line.respondents import HOME, Respondent
from channels.line.typed import plainly
from channels.line.verbs import Verb
from channels.line.visits import Visit
from todoke.v1 import circulars_pb2 as pb

A_PAGE = 8


async def unread(visit: Visit, circular_id: str) -> list[pb.Receipt]:
    """List the households that have not read, in the order of the round."""
    return await respondents.receipts(visit, circular_id, unread=True)


def takes_answers(circular: pb.Circular) -> bool:
    """Whether the round sheet asks for more than that it was read, and it is not over."""
    rules = circular.content.vote
    is_open_vote = not rules.secret and rules.electorate == pb.ELECTORATE_HOUSEHOLDS
    asks = {
        pb.CIRCULAR_KIND_ATTENDANCE: True,
        pb.CIRCULAR_KIND_SURVEY: True,
        pb.CIRCULAR_KIND_VOTE: is_open_vote,
    }
    return circular.state == pb.CIRCULAR_STATE_PUBLISHED and asks.get(circular.kind, False)


async def _open(visit: Visit, circular: pb.Circular) -> list[pb.Receipt]:
    """List the households whose line can be entered: those that did not answer themselves."""
    if not takes_answers(circular):
        return await unread(visit, circular.circular_id)
    found = await respondents.receipts(visit, circular.circular_id)
    waiting = [one for one in found if one.way != pb.RECEIPT_WAY_TAPPED]
    return sorted(waiting, key=lambda one: one.way == pb.RECEIPT_WAY_PAPER)


async def listed(visit: Visit, circular_id: str, page: str) -> list[Message]:
    """Let a household be chosen, of those whose line can be entered."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, circular.association_id)
    found = await _open(visit, circular)
    mend = button("paper_mend", language, Verb.OFF_PAPER, circular_id, "1")
    back = button("back", language, Verb.UNREAD, circular_id)
    if not found:
        return [card(titled(circular), [say("unread_none", language)], [mend, back])]
    shown, turns = turned(found, int(page), Verb.ON_PAPER, language, size=A_PAGE, of=(circular_id,))
    find = [button("find_home", language, Verb.ON_PAPER_FIND, circular_id)] if turns else []
    ways = [*_homes(circular_id, shown, there, page, language), *turns, *find, mend, back]
    asking = "paper_whose" if takes_answers(circular) else "paper_who"
    return [card(titled(circular), [say(asking, language)], ways, stands_out=seats.NOTHING)]


def _homes(
    circular_id: str, shown: Sequence[pb.Receipt], there: Seat, page: str, language: str
) -> list[Action]:
    buttons = []
    for one in shown:
        name = home_named(one.household, there, language)
        if one.way == pb.RECEIPT_WAY_PAPER:
            name = say("paper_entered", language, household=name)
        do = Do(Verb.ON_PAPER_HOME, (circular_id, one.household.household_id, page))
        buttons.append(press(do, name))
    return buttons


async def find(visit: Visit, circular_id: str) -> list[Message]:
    """Ask for a name, by which a household is found among many."""
    await asked.keep(visit, Do(Verb.ON_PAPER_FIND, (circular_id,)))
    return texts(say("find_which", visit.language))


async def find_words(visit: Visit, circular_id: str) -> list[Message]:
    """Show the households of which the name holds the typed words."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    there = await seats.seat(visit, circular.association_id)
    sought = plainly(visit.event.text)
    found = [one for one in await _open(visit, circular) if sought in plainly(one.household.name)]
    back = button("back", language, Verb.ON_PAPER, circular_id, "1")
    said = say("find_found" if found else "find_none", language)
    ways = [*_homes(circular_id, found[:A_PAGE], there, "1", language), back]
    return [card(titled(circular), [said], ways, stands_out=seats.NOTHING)]


async def home(visit: Visit, circular_id: str, household_id: str, page: str) -> list[Message]:
    """Ask what a household's line says; of one that has answered by now, list the rest."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    homes = {one.household.household_id: one for one in await _open(visit, circular)}
    if household_id not in homes:
        return await listed(visit, circular_id, page)
    there = await seats.seat(visit, circular.association_id)
    name = home_named(homes[household_id].household, there, language)
    of = (circular_id, household_id, page)
    read = button("paper_read", language, Verb.ON_PAPER_SURE, *of, visit.asked)
    back = button("back", language, Verb.ON_PAPER, circular_id, page)
    if not takes_answers(circular):
        line = say("paper_which", language, household=name)
        return [card(circular.content.title, [line], [read, back])]
    if circular.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        await asked.keep(visit, Do(Verb.ON_PAPER_HOME, of))
    only_read = button("paper_only_read", language, Verb.ON_PAPER_SURE, *of, visit.asked)
    lines = [say(_asking(circular), language, household=name)]
    ways = [*_answers(circular, of, language, page=1), only_read, back]
    return [card(circular.content.title, lines, ways, stands_out=seats.NOTHING)]


def _asking(circular: pb.Circular) -> str:
    name = pb.CircularKind.Name(circular.kind).removeprefix("CIRCULAR_KIND_").lower()
    return f"paper_line_{name}"


def _answers(
    circular: pb.Circular, of: tuple[str, str, str], language: str, *, page: int
) -> list[Action]:
    """Return the buttons that enter an answer, or lead to a survey's questions."""
    if circular.kind == pb.CIRCULAR_KIND_SURVEY:
        by = str(Respondent(HOME, of[1]))
        return [button("paper_survey", language, Verb.SURVEY, of[0], by)]
    if circular.kind == pb.CIRCULAR_KIND_ATTENDANCE:
        return [
            button(
                "paper_people" if count else "paper_nobody", language, Verb.ON_PAPER_COMING, *of,
                str(count), count=count,
            )
            for count in COMING
        ]  # fmt: skip
    options, turns = turned(
        circular.content.vote.options, page, Verb.ON_PAPER_VOTES, language, size=OPTIONS, of=of[:2]
    )
    buttons = [press(Do(Verb.ON_PAPER_VOTE, (*of, one.value)), one.label) for one in options]
    return [*buttons, *turns]


async def votes(visit: Visit, circular_id: str, household_id: str, page: str) -> list[Message]:
    """Show another page of the choices of a vote."""
    language = visit.language
    circular = await drafts.get(visit, circular_id)
    of = (circular_id, household_id, "1")
    back = button("back", language, Verb.ON_PAPER_HOME, *of)
    ways = [*_answers(circular, of, language, page=int(page)), back]
    household = (await Respondent(HOME, household_id).look(visit, circular_id)).household
    lines = [say("paper_line_vote", language, household=named(household))]
    return [card(circular.content.title, lines, ways, stands_out=seats.NOTHING)]


async def coming(
    visit: Visit, circular_id: str, household_id: str, page: str, count: str
) -> list[Message]:
    """Enter how many of a household come, and go on with the next one."""
    attendance = pb.Attendance(coming=min(int(count), MOST_COMING))
    return await _give(
        visit, circular_id, household_id, page, pb.HouseholdAnswer(attendance=attendance)
    )


async def coming_words(
    visit: Visit, circular_id: str, household_id: str, page: str
) -> list[Message]:
    """Take how many come from typed words."""
    count = number_in(visit.event.text)
    if count < 0:
        return texts(say("paper_number", visit.language, most=MOST_COMING))
    return await coming(visit, circular_id, household_id, page, str(count))


async def vote(
    visit: Visit, circular_id: str, household_id: str, page: str, value: str
) -> list[Message]:
    """Enter the vote of a household, and go on with the next one."""
    return await _give(visit, circular_id, household_id, page, pb.HouseholdAnswer(vote=value))


async def _give(
    visit: Visit, circular_id: str, household_id: str, page: str, answer: pb.HouseholdAnswer
) -> list[Message]:
    taken = await Respondent(HOME, household_id).give(visit, circular_id, answer)
    await asked.nothing(visit)
    name = "paper_answer_recorded" if taken else "paper_answered_themselves"
    found = await respondents.receipts(visit, circular_id)
    names = [one.household.name for one in found if one.household.household_id == household_id]
    done = texts(
        say(name, visit.language, household=named("".join(names)), count=answer.attendance.coming)
    )
    return within([*done, *await listed(visit, circular_id, page)])


async def surely(
    visit: Visit, circular_id: str, household_id: str, page: str, asked: str
) -> list[Message]:
    """Write down that it was read, and go on with the next household."""
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
